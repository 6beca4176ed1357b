"""Runs the checks one after another, each on a fresh map."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from harness.conformance import running, server, tools
from harness.conformance.check import Check, Outcome, Scene
from harness.game import RconConnection, ToolFailure

CHECKS: tuple[Check, ...] = (*server.CHECKS, *tools.CHECKS, *running.CHECKS)


def conform(rcon: RconConnection, checks: Sequence[Check] = CHECKS) -> Iterator[Outcome]:
    """Plays the checks on a server, whose game is lost by that; gives each outcome as soon as it is there.

    A tool's refusal is what was found. So is an answer that has not the shape a check reads.

    Raises:
        ServerError: the server broke.
    """
    scene = Scene(rcon)
    for check in checks:
        expected, found = check.expected(), _play(scene, check)
        yield Outcome(name=check.name, expected=expected, found=found, ok=found == expected)


def _play(scene: Scene, check: Check) -> str:
    try:
        scene("reset", map="lab", seed=0, inventory=dict(check.inventory), all_technologies=False)
        return check.run(scene)
    except ToolFailure as failure:
        return f"{failure.code}: {failure}"
    except (KeyError, IndexError, TypeError, AttributeError) as fault:
        return f"an answer of another shape ({type(fault).__name__}: {fault})"
