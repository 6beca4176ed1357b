"""What the character of an experiment holds at the start; tasks own it."""

from harness.tasks.inventories import LAB, resolve_inventory

__all__ = ["LAB", "resolve_inventory"]
