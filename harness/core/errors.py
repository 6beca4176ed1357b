"""Every error the harness raises on purpose.

    HarnessError
    ├── ConfigError          a file, option or argument is not usable as given
    ├── ServerError          a headless server broke; the program it was playing is not to blame
    │   ├── ServerStartError     it never became ready
    │   └── ServerLostError      it stopped answering, or answered nonsense
    ├── ProgramError         a program could not be run at all (its own faults are results, not errors)
    ├── ModelError           a language model call failed; `retryable` says whether asking again can help
    ├── RecordError          a results folder cannot be read or written
    ├── BudgetExceededError  the next step would overrun a budget
    └── SimError             the embedded server was asked for something the game would refuse

A message says what was expected, what came, and what to do.
"""

from __future__ import annotations


class HarnessError(Exception):
    """Base of all errors meant for a reader; the command line prints it as one line and no traceback."""


class ConfigError(HarnessError):
    """A configuration file, option or argument is not usable as given."""


class ServerError(HarnessError):
    """A headless server broke; the program it was playing is not to blame."""


class ServerStartError(ServerError):
    """A server did not become ready."""


class ServerLostError(ServerError):
    """A server stopped answering, or answered what it never should."""


class ProgramError(HarnessError):
    """A program could not be run at all. A program's own faults are results, not errors."""


class ModelError(HarnessError):
    """A language model call failed.

    Attributes:
        retryable: whether the same call may succeed later (rate limit, time-out, overload).
    """

    def __init__(self, message: str, *, retryable: bool = False) -> None:
        super().__init__(message)
        self.retryable = retryable


class RecordError(HarnessError):
    """A results folder cannot be read or written."""


class BudgetExceededError(HarnessError):
    """The next step would overrun a budget.

    Attributes:
        budget: which one, by its name in the configuration.
    """

    def __init__(self, message: str, *, budget: str) -> None:
        super().__init__(message)
        self.budget = budget


class SimError(HarnessError):
    """The embedded server was asked for something the game would refuse too."""
