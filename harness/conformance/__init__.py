"""Holds any server against what the harness expects of it: the mod, its tools, time, states, and the documented API.

The checks go over RCON like everything else, so the same ones run against the embedded server, a container and the
real game. They use the agent's own tools on small scenes and compare what is seen with what the rules of the game say.
"""

from harness.conformance.check import Check, Outcome, Scene
from harness.conformance.run import CHECKS, conform
from harness.conformance.table import as_json, plain_lines, rich_table

__all__ = ["CHECKS", "Check", "Outcome", "Scene", "as_json", "conform", "plain_lines", "rich_table"]
