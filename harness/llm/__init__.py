"""Language models behind one Protocol: providers, an offline stand-in, recording, dialogue and prompts."""

from harness.core.text import estimate_tokens
from harness.llm.dialogue import (
    EntityGroup,
    EntityNote,
    ErrorNote,
    Observation,
    build_conversation,
    format_observation,
)
from harness.llm.extract import extract_code
from harness.llm.factory import LLMFactory
from harness.llm.fitting import fit_conversation
from harness.llm.model import Model, ModelReply, ModelRequest, Purpose

__all__ = [
    "EntityGroup",
    "EntityNote",
    "ErrorNote",
    "LLMFactory",
    "Model",
    "ModelReply",
    "ModelRequest",
    "Observation",
    "Purpose",
    "build_conversation",
    "estimate_tokens",
    "extract_code",
    "fit_conversation",
    "format_observation",
]
