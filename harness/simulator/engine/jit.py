"""The one place that compiles: Numba with a cache that can never be stale.

Numba's own cache looks at the file of the compiled function only; a constant or a helper changed in another
file is missed. So the cache folder is named by a hash of every source file of the engine, and of all else Numba asks
for before it takes a kernel from there: a folder that is complete must be complete for whoever reads its name.

`NUMBA_DISABLE_JIT=1` runs the same functions as plain Python, `NUMBA_BOUNDSCHECK=1` makes a reach beyond an array an
error; `NUMBA_CACHE_DIR` overrides the folder; `NUMBA_CPU_NAME=generic` with `NUMBA_CPU_FEATURES=` makes kernels that
run on any processor of the architecture, for images.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba
from llvmlite import binding
from numba import types

from harness.core.hashing import hash_bytes

_Function = TypeVar("_Function", bound=Callable[..., object])


def engine_hash() -> str:
    """A hash of the engine's sources and of the prototype facts: what a compiled kernel depends on."""
    root = Path(__file__).parent
    sources = [*sorted(root.rglob("*.py")), *sorted((root.parents[1] / "data").glob("prototypes.json"))]
    return hash_bytes(b"\0".join(file.name.encode() + b"\0" + file.read_bytes() for file in sources))


def cache_key() -> str:
    """Names one set of compiled kernels: the engine, where its files are, Python, Numba, its checks, the processor."""
    processor = (
        numba.config.CPU_NAME or binding.get_host_cpu_name(),
        binding.get_host_cpu_features().flatten() if numba.config.CPU_FEATURES is None else numba.config.CPU_FEATURES,
    )
    checks = f"bounds checked: {bool(numba.config.BOUNDSCHECK)}"
    maker = (str(Path(__file__).resolve().parent), sys.version, numba.__version__, checks, *processor)
    return hash_bytes("\0".join((engine_hash(), *maker)).encode())


def cache_folder() -> Path:
    """Where compiled kernels are kept."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "factorio-harness" / "numba" / cache_key()


if not os.environ.get("NUMBA_CACHE_DIR"):
    numba.config.CACHE_DIR = str(cache_folder())


def _wide(numba_type: Any) -> Any:
    """Any signed or short integer as 64 bits, any float as double; all else as it is."""
    if isinstance(numba_type, types.Integer) and numba_type != types.uint64:
        return types.int64
    return types.float64 if isinstance(numba_type, types.Float) else numba_type


def _compile_once_for_kernels(compiled: Any) -> None:
    """Has kernels that call this one widen their numbers, so that all of them share one compiled form.

    A column is as narrow as its values; left alone, Numba would compile a helper anew for every width it is given.
    """
    template = compiled.get_call_template

    def get_call_template(args: tuple[Any, ...], kws: dict[str, Any]) -> Any:
        return template(tuple(map(_wide, args)), {name: _wide(each) for name, each in kws.items()})

    compiled.get_call_template = get_call_template


def kernel(function: _Function) -> _Function:
    """Compiles a module-level function over arrays and scalars; same results compiled or not."""
    compiled: _Function = numba.njit(cache=True, error_model="python", no_cfunc_wrapper=True)(function)
    calls_itself = function.__name__ in function.__code__.co_names
    if not numba.config.DISABLE_JIT and not calls_itself:  # Numba knows such a call again by the types as they are.
        _compile_once_for_kernels(compiled)
    return compiled
