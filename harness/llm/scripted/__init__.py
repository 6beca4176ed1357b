"""Models that need no network: `scripted/builder`, an honest stand-in for a weak model."""

from harness.llm.scripted.builder import ScriptedBuilder

__all__ = ["ScriptedBuilder"]
