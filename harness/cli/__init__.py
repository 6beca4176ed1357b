"""The command line: arguments, progress, exit codes. Everything it does is done by the packages below it."""

from harness.cli.app import main

__all__ = ["main"]
