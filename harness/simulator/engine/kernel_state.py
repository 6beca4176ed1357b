"""How a compiled kernel gets the state: as one pointer to a table of addresses and lengths.

Numba would hand over a tuple of arrays as hundreds of separate arguments, at every call of every kernel; measured, that
made compiling take minutes. Here the state is a type of its own whose fields become arrays when they are read.
The arrays are borrowed: `KernelState` keeps the tables alive, and is built anew when one of them has moved.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba import from_dtype, types
from numba.core.datamodel import models
from numba.core.typing.templates import AttributeTemplate
from numba.extending import NativeValue, infer_getattr, lower_getattr_generic, register_model, typeof_impl, unbox
from numba.np.arrayobj import populate_array

from harness.core.hashing import hash_bytes

_WORD = ir.IntType(64)


class StateType(types.Type):  # type: ignore[misc]
    """The Numba type of a `KernelState`.

    Attributes:
        fields: (name, dtype) of the arrays, in order.
    """

    def __init__(self, fields: tuple[tuple[str, Any], ...]) -> None:
        self.fields = {name: types.Array(dtype, 1, "C") for name, dtype in fields}
        self.positions = {name: number for number, (name, _) in enumerate(fields)}
        layout = ", ".join(f"{name}: {dtype}" for name, dtype in fields)
        # The name is part of the name of every kernel's symbol: spelt out, it was most of what there was to compile.
        super().__init__(name=f"State_{hash_bytes(layout.encode())[:16]}")


class KernelState:
    """One-dimensional contiguous arrays by name, for compiled kernels.

    `_numba_type_` is the name by which Numba's dispatcher finds an object's type without leaving C: by any other way
    the look-up takes three times as long as a whole call of a small kernel.

    Attributes:
        arrays: by name; kept alive.
        addresses: (2N,) int64, address and length of each array.
    """

    __slots__ = ("_numba_type_", "addresses", "arrays")

    def __init__(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        self.arrays = arrays
        pairs = [(array.ctypes.data, len(array)) for array in arrays.values()]
        self.addresses = np.array(pairs, np.int64).reshape(-1)
        self._numba_type_ = _type_of(tuple((name, array.dtype) for name, array in arrays.items()))


_TYPES: dict[tuple[tuple[str, Any], ...], StateType] = {}


def _type_of(layout: tuple[tuple[str, Any], ...]) -> StateType:
    if layout not in _TYPES:
        _TYPES[layout] = StateType(tuple((name, from_dtype(dtype)) for name, dtype in layout))
    return _TYPES[layout]


@typeof_impl.register(KernelState)
def _typeof(value: KernelState, _context: Any) -> StateType:
    return value._numba_type_


@register_model(StateType)
class _StateModel(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, state_type: StateType) -> None:
        super().__init__(manager, state_type, ir.IntType(8).as_pointer())


@unbox(StateType)
def _unbox(_state_type: StateType, value: Any, context: Any) -> NativeValue:
    """Reads the address of the addresses."""
    api, builder = context.pyapi, context.builder
    addresses = api.object_getattr_string(value, "addresses")
    native = api.to_native_value(types.Array(types.int64, 1, "C"), addresses)
    array = context.context.make_array(types.Array(types.int64, 1, "C"))(context.context, builder, native.value)
    pointer = builder.bitcast(array.data, ir.IntType(8).as_pointer())
    context.context.nrt.decref(builder, types.Array(types.int64, 1, "C"), native.value)
    api.decref(addresses)
    error = builder.icmp_unsigned("!=", api.err_occurred(), api.err_occurred().type(None))
    return NativeValue(pointer, is_error=error)


@infer_getattr
class _StateAttributes(AttributeTemplate):  # type: ignore[misc]
    key = StateType

    def generic_resolve(self, state_type: StateType, attribute: str) -> Any:
        return state_type.fields.get(attribute)


@lower_getattr_generic(StateType)
def _read_field(context: Any, builder: Any, state_type: StateType, value: Any, attribute: str) -> Any:
    array_type = state_type.fields[attribute]
    words = builder.bitcast(value, _WORD.as_pointer())
    position = 2 * state_type.positions[attribute]
    address = builder.load(builder.gep(words, [_WORD(position)]))
    length = builder.load(builder.gep(words, [_WORD(position + 1)]))
    array = context.make_array(array_type)(context, builder)
    size = _WORD(context.get_abi_sizeof(context.get_data_type(array_type.dtype)))
    populate_array(
        array,
        data=builder.inttoptr(address, array.data.type),
        shape=(length,),
        strides=(size,),
        itemsize=size,
        meminfo=array.meminfo.type(None),
    )
    return array._getvalue()
