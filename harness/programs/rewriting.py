"""What a program's own statements are turned into before they run, where they differ from plain Python.

Two things do, both outside of functions and classes: `return` ends the program, its value printed unless it is `None`;
and an assignment or `def` that would take a built-in name raises NameError when it is reached, because a tool lost by
accident breaks all later programs. There are other ways to bind such a name (loops, unpacking, imports); a tool's or
one of the API's is then what it was again for the next program.
"""

from __future__ import annotations

import ast
import builtins

from harness.api import PROTECTED_NAMES

REFUSE, LEAVE = "__refuse_name__", "__Leave__"
"""Names under which the worker offers what the rewritten statements call."""

RESTORED_NAMES = PROTECTED_NAMES | {"log"}
"""Names that mean the same at the start of every program."""

OF_MODULES = frozenset(
    {"__name__", "__doc__", "__package__", "__loader__", "__spec__", "__builtins__", "__annotations__"}
)
"""Names that every module has."""

FROZEN_NAMES = RESTORED_NAMES | {name for name in vars(builtins) if not name.startswith("_")}
"""Names that assignments may not take."""


class LeaveProgram(BaseException):
    """A `return` outside of functions.

    Attributes:
        value: what is returned.
    """

    def __init__(self, value: object = None) -> None:
        super().__init__()
        self.value = value


def refuse_name(name: str) -> None:
    """Stands where a statement would take a built-in name.

    Raises:
        NameError: always.
    """
    raise NameError(f"cannot redefine {name!r}, it is built in, choose another name")


def as_run(statement: ast.stmt) -> ast.stmt:
    """One of a program's own statements as it is run; the tree may be changed in place."""
    changed: ast.stmt = _Rewriter().visit(statement)
    return changed


def annotated_names(statement: ast.stmt) -> frozenset[str]:
    """The names in a statement's annotations that nothing within it binds; its own name is bound too late for them."""
    nodes = list(ast.walk(statement))
    parts = [getattr(node, part, None) for node in nodes for part in ("annotation", "returns")]
    named = {
        node.id
        for part in parts
        if isinstance(part, ast.expr)
        for node in ast.walk(part)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    return frozenset(named - {name for node in nodes if node is not statement for name in _bound_by(node)})


def _bound_by(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        return [node.id]
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return [node.name]
    if isinstance(node, ast.alias):
        return [(node.asname or node.name).split(".")[0]]
    return [node.arg] if isinstance(node, ast.arg) else []


class _Rewriter(ast.NodeTransformer):
    """Goes through statements, but not into functions and classes."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.stmt:
        return _unless_frozen(node, node.name)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.stmt:
        return _unless_frozen(node, node.name)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.stmt:
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.expr:
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.stmt:
        return _unless_frozen(node, *(target.id for target in node.targets if isinstance(target, ast.Name)))

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.stmt:
        return _unless_frozen(node, *([node.target.id] if isinstance(node.target, ast.Name) else []))

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt:
        is_bound = isinstance(node.target, ast.Name) and node.value is not None
        return _unless_frozen(node, *([node.target.id] if is_bound and isinstance(node.target, ast.Name) else []))

    def visit_Return(self, node: ast.Return) -> ast.stmt:
        call = ast.Call(ast.Name(LEAVE, ast.Load()), [node.value] if node.value is not None else [], [])
        return ast.fix_missing_locations(ast.copy_location(ast.Raise(call, None), node))


def _unless_frozen(node: ast.stmt, *names: str) -> ast.stmt:
    taken = next((name for name in names if name in FROZEN_NAMES), None)
    if taken is None:
        return node
    call = ast.Call(ast.Name(REFUSE, ast.Load()), [ast.Constant(taken)], [])
    return ast.fix_missing_locations(ast.copy_location(ast.Expr(call), node))
