"""What a level of a technology costs: units, and the formulas that technologies without a last level have."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from functools import cache
from typing import Any

from harness.core.errors import SimError

_OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
}

MAX_UNITS = float(2**32 - 1)
"""`LuaTechnology.research_unit_count` is a uint32."""

INFINITE_LEVEL = 2**32 - 1
"""`LuaTechnologyPrototype.max_level` of a technology without a last level."""


def unit_count(technology: dict[str, Any], level: int) -> float:
    """Units of science that a level of a technology (its raw prototype) costs; 0 for what labs do not research."""
    unit = technology.get("unit")
    if unit is None:
        return 0.0
    formula = unit.get("count_formula")
    return float(unit["count"]) if formula is None else evaluate(formula, level)


def last_level(technology: dict[str, Any], first: int) -> int:
    """The level after which a technology is researched."""
    named = technology.get("max_level", first)
    return INFINITE_LEVEL if named == "infinite" else int(named)


@cache
def evaluate(formula: str, level: int) -> float:
    """The value of a `count_formula` at a level, in whole units, at most `MAX_UNITS`.

    Raises:
        SimError: the formula uses something other than numbers, L, + - * / ^ and brackets.
    """
    try:
        tree = ast.parse(formula.replace("^", "**").strip(), mode="eval")
        value = float(_value(tree.body, level))
    except OverflowError:
        return MAX_UNITS
    except (SyntaxError, KeyError) as error:
        raise SimError(f"count_formula: expected numbers, L, + - * / ^ and brackets, got {formula!r}") from error
    return min(float(int(value)), MAX_UNITS)


def _value(node: ast.AST, level: int) -> float:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    if isinstance(node, ast.Name) and node.id in ("L", "l"):
        return float(level)
    if isinstance(node, ast.BinOp):
        return float(_OPERATORS[type(node.op)](_value(node.left, level), _value(node.right, level)))
    if isinstance(node, ast.UnaryOp):
        return float(_OPERATORS[type(node.op)](_value(node.operand, level)))
    raise KeyError(type(node))
