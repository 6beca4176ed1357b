"""Tools that move the character and let time pass."""

from __future__ import annotations

import math

from harness.api.errors import InvalidArgumentError
from harness.api.prototypes import Prototype, Resource
from harness.api.transport import Transport
from harness.api.values import Position, item_name
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

        Example:
            ore = nearest(Resource.IronOre)
        """
        return to_position(self._transport.call("nearest", {"name": item_name(type)}))

    def move_to(
        self, position: Position, laying: Prototype | None = None, leading: Prototype | None = None
    ) -> Position:
        """Walk to a position. Building and harvesting need the character close by, so move first.

        Takes game time, the more the farther it is.

        Args:
            position: where to go; water and buildings are walked around.
            laying: not supported; lay belts with `connect_entities`.
            leading: not supported; lay belts with `connect_entities`.

        Returns:
            Where the character stands now, which can be a little off if the spot itself is occupied.

        Raises:
            OutOfReachError: no way leads there.

        Example:
            move_to(nearest(Resource.Coal))
        """
        if laying is not None or leading is not None:
            raise InvalidArgumentError(
                "move_to: expected a position alone; laying and leading are not supported",
                hint="Lay belts with connect_entities.",
            )
        return to_position(self._transport.call("move_to", {"position": from_position(position)}))

    def sleep(self, seconds: float) -> bool:
        """Let game time pass, so that machines can work.

        Args:
            seconds: game seconds to wait.

        Returns:
            True.

        Example:
            sleep(10)
        """
        if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not 0 <= seconds < math.inf:
            raise InvalidArgumentError(f"seconds: expected a number of at least 0, got {seconds!r}")
        self._transport.call("sleep", {"seconds": seconds})
        return True
