"""The command line: arguments, progress, exit codes. Everything it does is done by the packages below it."""

import sys
from importlib import import_module

__all__ = ["main"]


def main() -> None:
    """Runs the command line and exits.

    Loading takes about a second, in which a user may change their mind; so it happens here and not on import.
    """
    try:
        import_module("harness.cli.app").main()
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        sys.exit(130)
