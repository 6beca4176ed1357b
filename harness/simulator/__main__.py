"""`python -m harness.simulator`: the embedded server."""

from harness.simulator.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
