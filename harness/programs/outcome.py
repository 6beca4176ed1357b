"""What came of running one program: its output, its fault if it had one, and what the next program may build on."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from harness.core.text import printable
from harness.programs.namespace import Namespace

MAX_OUTPUT_CHARACTERS = 256 * 1024
"""Characters of output kept, all lines together; of later lines the beginnings."""

Status = Literal["ok", "error", "timeout", "crashed"]

NOT_KEPT = "Not kept for the next program"
"""What the line begins with that names what was not, after all output and the fault."""

MAX_NOTES = 20
"""Names shown of those that were not kept."""

MAX_LINES_OF_KILLED = 64
"""Lines of output shown of a program that was killed: the last ones say where it was."""

MAX_OUTPUT_LINES = 512
"""Lines of output kept; what a program prints beyond them is counted, not kept."""


_NUMBER = re.compile(r"^\d+(?=: \()", re.MULTILINE)
"""Before the values of each print, which are shown as a tuple; entities have more lines, indented ones."""


def renumbered(output: str, number: Callable[[int], int]) -> str:
    """Output as a model is shown it, with another line number before each print.

    Args:
        output: of a program.
        number: what a line of that program is to be called.
    """
    return _NUMBER.sub(lambda found: str(number(int(found[0]))), output)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputLine:
    """One `print` of a program.

    Attributes:
        line: the source line (from 1) of the program's own statement that led to it.
        text: the printed values as a tuple's text, or a note of the runner's.
    """

    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.line}: {self.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramFault:
    """Why a program stopped before its end.

    Attributes:
        type: the exception's class name, or `Timeout`, `Crash`, `Flood`.
        message: its text.
        line: the source line (from 1) of the statement that failed; 0 if there is none.
        code: for a tool's error its code, for others a stable word (`syntax`, `timeout`, `crashed`, `exception`).
        trace: source lines from the outermost in, as `(line, text)`.
    """

    type: str
    message: str
    line: int = 0
    code: str = "exception"
    trace: tuple[tuple[int, str], ...] = ()

    @property
    def text(self) -> str:
        """The fault as a model is shown it: the lines that led to it, then type and message."""
        frames = "".join(f"  Line {line}: {source}\n" for line, source in self.trace)
        return f"{'Error occurred:' if frames else ''}\n{frames}\n{self.type}: {self.message}".replace("\n\n\n", "\n\n")

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "type": self.type,
            "message": self.message,
            "line": self.line,
            "code": self.code,
            "trace": [list(frame) for frame in self.trace],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ProgramFault:
        """The inverse of `to_json`.

        Raises:
            KeyError, TypeError, ValueError, OverflowError: `data` is not one.
        """
        return cls(
            type=printable(str(data["type"])),
            message=printable(str(data["message"])),
            line=int(data["line"]),
            code=printable(str(data["code"])),
            trace=tuple((int(line), printable(str(source))) for line, source in data["trace"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramOutcome:
    """What came of running one program. Every way a program can fail is an outcome, never an exception.

    Attributes:
        status: `ok`, `error` (it raised), `timeout` (it was killed at the deadline) or `crashed` (its process died, was
            killed for flooding, or broke the protocol).
        lines: its output, oldest first.
        error: why it did not end well; `None` exactly when `status` is `ok`.
        namespace: what the next program starts from; after a time-out or a crash what this one started from.
        num_calls: tool calls that were served.
        wall_s: seconds it took, waiting for the server included.
        left: whether it ended itself well by `return` or `exit()`, so that nothing of it is to follow.
    """

    status: Status
    lines: tuple[OutputLine, ...]
    error: ProgramFault | None
    namespace: Namespace
    num_calls: int
    wall_s: float
    left: bool = False

    @property
    def failed(self) -> bool:
        """Whether it did not run to its end."""
        return self.status != "ok"

    @property
    def text(self) -> str:
        """All output, the fault and what was not kept, one `line: text` each, as a model is shown it."""
        shown = [str(line) for line in self.lines]
        if self.status in ("timeout", "crashed") and self.error is not None:
            if len(shown) > MAX_LINES_OF_KILLED:
                cut = len(shown) - MAX_LINES_OF_KILLED
                shown = [f"({cut} earlier lines of output were cut off)", *shown[cut:]]
            return "\n".join([*shown, "", f"Error: {self.error.message}"])
        if self.error is not None:
            shown.append(f"{self.error.line}: {(self.error.text,)!r}")
        return "\n".join([*shown, *self._notes()])

    def _notes(self) -> list[str]:
        """What the next program will not find, and why."""
        lost = [f"{name} ({reason})" for name, reason in sorted(self.namespace.lost.items())]
        if len(lost) > MAX_NOTES:
            lost[MAX_NOTES:] = [f"and {len(lost) - MAX_NOTES} more"]
        return [f"{NOT_KEPT}: {'; '.join(lost)}"] if lost else []
