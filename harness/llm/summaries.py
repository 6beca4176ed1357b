"""A past turn of a dialogue in one line: what the program set out to do, how it ended and what it earned.

Read off the dialogue's own text, the program's docstrings and the observation after it; no model is asked.
"""

from __future__ import annotations

import ast
import re
from typing import Final

from harness.llm.extract import extract_code

MAX_AIM_CHARS: Final = 240
MAX_STEP_CHARS: Final = 90
MAX_FAULT_CHARS: Final = 160

_ERROR = re.compile(r"^Error(?P<place> at line \d+)?: (?P<message>.*)$")
_CHANGE = re.compile(r"^Score: \S+ \(change (?P<change>[+-][\d.]+)\)$")


def summarise_turn(reply: str, told_after: str) -> str:
    """One line about a program.

    Args:
        reply: the model's, with the program in it.
        told_after: what the world said next.
    """
    return f"{_aim(reply)}: {_outcome(told_after)}"


def _aim(reply: str) -> str:
    code = extract_code(reply)
    if code is None:
        return f"no program ({_cut(reply, MAX_STEP_CHARS)})" if reply.strip() else "no program"
    steps = _docstrings(code) or [next((line for line in code.splitlines() if line.strip()), "")]
    return _cut("; ".join(_cut(step, MAX_STEP_CHARS).rstrip(".:") for step in steps), MAX_AIM_CHARS)


def _docstrings(code: str) -> list[str]:
    """The top-level docstrings; of a program that does not parse, none."""
    try:
        body = ast.parse(code).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    bare = (node.value for node in body if isinstance(node, ast.Expr))
    texts = (node.value for node in bare if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return [text for text in texts if text.strip()]


def _outcome(told: str) -> str:
    fault, change = "", ""
    for line in told.split("\n"):
        error, score = _ERROR.match(line), _CHANGE.match(line)
        if error is not None and not fault:
            fault = f"failed{error['place'] or ''}, {_cut(error['message'], MAX_FAULT_CHARS)}"
        if score is not None:
            change = f", score {score['change']}"
            break
    return (fault or "worked") + change


def _cut(text: str, limit: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 3].rstrip()}..."
