"""No circle of kernels: Numba compiles one, but what it then loads from its cache crashes the process."""

import ast
from pathlib import Path

from harness.simulator import engine

ROOT = Path(engine.__file__).parent
PACKAGE = engine.__name__


def calls() -> dict[str, set[str]]:
    """Which kernels each kernel calls, by full name."""
    found: dict[str, set[str]] = {}
    for path in sorted(ROOT.rglob("*.py")):
        module = ".".join([PACKAGE, *path.relative_to(ROOT).with_suffix("").parts])
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {
            alias.asname or alias.name: f"{node.module}.{alias.name}"
            for node in tree.body
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
        names |= {function.name: f"{module}.{function.name}" for function in functions}
        for function in functions:
            if not any(isinstance(each, ast.Name) and each.id == "kernel" for each in function.decorator_list):
                continue
            called = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
            modules = [
                f"{names.get(f.value.id)}.{f.attr}"
                for f in called
                if isinstance(f, ast.Attribute) and isinstance(f.value, ast.Name)
            ]
            plain = [names.get(f.id, "") for f in called if isinstance(f, ast.Name)]
            found[f"{module}.{function.name}"] = {*modules, *plain}
    return {name: {each for each in called if each in found} for name, called in found.items()}


def test_kernels_do_not_call_each_other_in_a_circle() -> None:
    graph = calls()
    assert len(graph) > 200
    reached: dict[str, set[str]] = {}
    for name in graph:
        seen, waiting = set[str](), [name]
        while waiting:
            for called in graph[waiting.pop()] - seen:
                seen.add(called)
                waiting.append(called)
        reached[name] = seen
    circles = {tuple(sorted((a, b))) for a in graph for b in reached[a] if a != b and a in reached[b]}
    assert sorted(circles) == []
