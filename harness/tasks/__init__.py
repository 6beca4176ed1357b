"""What is to be achieved in a world: tasks as data, what each starts from, and whether it is done."""

from harness.tasks.chain import chain_of
from harness.tasks.inventories import LAB, resolve_inventory
from harness.tasks.load import find_task, list_tasks, parse_task, readable_tasks
from harness.tasks.task import Success, Task, Throughput, World

__all__ = [
    "LAB",
    "Success",
    "Task",
    "Throughput",
    "World",
    "chain_of",
    "find_task",
    "list_tasks",
    "parse_task",
    "readable_tasks",
    "resolve_inventory",
]
