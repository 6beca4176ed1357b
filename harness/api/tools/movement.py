"""Tools that move the character and let time pass."""

from __future__ import annotations

import math
from typing import Any

from harness.api.errors import InvalidArgumentError
from harness.api.naming import from_prototype, from_resource, shown
from harness.api.prototypes import Prototype, Resource
from harness.api.transport import Transport
from harness.api.values import Position
from harness.api.wire import from_position, to_position


class Movement:
    """`nearest`, `move_to` and `sleep`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def nearest(self, type: Prototype | Resource) -> Position:  # noqa: A002 - the public name
        """Find the closest resource or entity of a kind.

        Args:
            type: a `Resource` such as `Resource.IronOre`, or a `Prototype`.

        Returns:
            Its position.

        Raises:
            NotFoundError: there is none within 500 tiles.

        Ticks:
            0

        Example:
            ore = nearest(Resource.IronOre)
        """
        return to_position(self._transport.call("nearest", {"name": from_resource(type, "type")}))

    def move_to(
        self, position: Position, laying: Prototype | None = None, leading: Prototype | None = None
    ) -> Position:
        """Walk to a position. Building and harvesting need the character close by, so move first.

        Args:
            position: where to go; water and buildings are walked around.
            laying: a belt to lay behind on every tile walked, facing the way of the walk.
            leading: a belt to lay ahead on every tile walked, facing the way of the walk.

        Returns:
            Where the character stands now, which can be a little off if the spot itself is occupied.

        Raises:
            OutOfReachError: no way leads there.
            MissingItemsError: the inventory holds too few pieces to lay.

        Ticks:
            the length of the way / 0.15, rounded up for each leg: 5 tiles take about 34

        Example:
            move_to(nearest(Resource.Coal))
        """
        args: dict[str, Any] = {"position": from_position(position)}
        if laying is not None:
            args["laying"] = from_prototype(laying, "laying")
        if leading is not None:
            args["leading"] = from_prototype(leading, "leading")
        return to_position(self._transport.call("move_to", args))

    def sleep(self, seconds: float) -> bool:
        """Let game time pass, so that machines can work.

        Args:
            seconds: game seconds to wait.

        Returns:
            True.

        Ticks:
            60 a second

        Example:
            sleep(10)
        """
        if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not 0 <= seconds < math.inf:
            raise InvalidArgumentError(
                f"seconds: expected a number of at least 0, got {shown(seconds)}", hint="Write for example sleep(10)."
            )
        self._transport.call("sleep", {"seconds": seconds})
        return True
