"""Finds the program in a model's reply.

Owns the reading of fences only; whether the text is valid Python is for `harness.programs` to say.
"""

from __future__ import annotations

import re

_FENCE = re.compile(r"^[ \t]*(?P<marks>`{3,}|~{3,})[ \t]*(?P<tag>[\w+#.-]*)[^\n`]*$")
_LINE_END = re.compile(r"\r\n|\r|\n")
"""Where Python ends lines: not at form feeds and separators, which may stand in a program's strings."""
_PYTHON_TAGS = frozenset({"python", "python3", "py", "py3"})


def extract_code(reply: str) -> str | None:
    """The program in `reply`, or None if it holds none.

    Python-tagged blocks win over untagged ones; several of the same kind are joined with an empty line, in order. A
    block whose fence never closes runs to the end (a reply cut at its token limit). A reply without any fence is a
    program only if it compiles as one and does more than name things.
    """
    blocks = _blocks(reply)
    tagged = [code for tag, code in blocks if tag in _PYTHON_TAGS and code.strip()]
    chosen = tagged or [code for tag, code in blocks if not tag and code.strip()]
    if chosen:
        return "\n\n".join(code.strip("\n") for code in chosen) + "\n"
    return None if blocks else _bare_program(reply)


def _blocks(reply: str) -> list[tuple[str, str]]:
    """(tag, content) of every fenced block, the last one perhaps unclosed."""
    blocks: list[tuple[str, str]] = []
    marks, tag, content = "", "", list[str]()
    for line in _LINE_END.split(reply):
        fence = _FENCE.match(line)
        if not marks and fence is not None:
            marks, tag, content = fence["marks"], fence["tag"].lower(), []
        elif marks and fence is not None and not fence["tag"] and fence["marks"].startswith(marks):
            blocks.append((tag, "\n".join(content)))
            marks = ""
        elif marks:
            content.append(line)
    if marks:
        blocks.append((tag, "\n".join(content)))
    return blocks


def _bare_program(reply: str) -> str | None:
    if "(" not in reply and "=" not in reply:
        return None
    try:
        compile(reply, "<reply>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return reply.strip("\n") + "\n"
