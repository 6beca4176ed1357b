"""Source-RCON over TCP: packets and a server that hands out commands and takes replies.

It knows nothing of what a command means; `harness.simulator.server` does.
"""

from harness.simulator.rcon.listener import Command, RconListener
from harness.simulator.rcon.packets import MAX_BODY_BYTES, Packet, PacketError, PacketReader, encode

__all__ = ["MAX_BODY_BYTES", "Command", "Packet", "PacketError", "PacketReader", "RconListener", "encode"]
