"""Renews the content hash that the agent mod carries: `python -m harness.mod`."""

from __future__ import annotations

import sys

from harness.mod.content import record_hash

if __name__ == "__main__":
    sys.stdout.write(f"{record_hash()}\n")
