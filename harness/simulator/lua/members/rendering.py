"""`LuaRenderObject`: a headless server draws nothing, so an object knows its number and can be thrown away."""

from __future__ import annotations

from harness.simulator.lua.binding import ApiClass, Method, Read

RENDER_OBJECT = ApiClass(
    name="LuaRenderObject",
    handle=("id",),
    members={
        "object_name": Read(read=lambda *_: "LuaRenderObject"),
        "valid": Read(read=lambda *_: False),
        "id": Read(read=lambda _game, number: number),
        "destroy": Method(call=lambda *_: None, gives="nothing"),
    },
)
