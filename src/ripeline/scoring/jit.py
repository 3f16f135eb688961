"""The fold's kernels as machine code where numba is installed, as the plain Python they are written in where it is not.

Kernels are marked with `kernel` and call one another by name. `compiled()` gives machine code of all of them; `plain()`
the functions themselves, correct and about a hundred times slower. numba is loaded at the first call of `compiled`, so
that importing the fold costs nothing. Machine code is kept in the user's cache, in a folder named by the kernels'
source: numba on its own would notice a change in a kernel, but not in one that it calls.
"""

import importlib.util
import logging
import sys
from collections.abc import Callable
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from types import FunctionType, ModuleType, SimpleNamespace
from typing import Any, TypeVar, get_args, get_type_hints

# The kernel that Python calls.
OUTERMOST = "fold_leads"
# Other threads run meanwhile; division by zero gives infinity as in numpy. Kernels make no arrays, so counting who
# still needs one (numba's `nrt`) would only cost: two thirds of the time, measured.
HOW: dict[str, Any] = {"_nrt": False, "nogil": True, "error_model": "numpy"}

Function = TypeVar("Function", bound=Callable[..., object])

# Threads that fold ranges of leads all ask first: two that compile would do it twice, and one of them into the folder
# they were started in, for numba has a single setting for where to.
_one_at_a_time = Lock()

_kernels: list[Any] = []
_inlined: set[str] = set()
_log = logging.getLogger(__name__)


def kernel(function: Function) -> Function:
    """Mark a function as part of the fold: numbers and arrays only, no Python objects."""
    _kernels.append(function)
    return function


def inlined(function: Function) -> Function:
    """Mark a kernel that runs for every event: it becomes part of those that call it."""
    _inlined.add(function.__name__)
    return kernel(function)


def has_numba() -> bool:
    """Whether kernels can become machine code here."""
    return importlib.util.find_spec("numba") is not None


def compiled() -> Any:
    """The outermost kernel by name, as machine code if numba is there (read from the cache, or compiled now)."""
    with _one_at_a_time:
        return _compiled_once()


@lru_cache(maxsize=1)
def _compiled_once() -> Any:
    if not has_numba():
        _log.warning("numba is not installed: scores are the same, but take about a hundred times as long")
        return plain()
    return _as_machine_code()


def at_hand() -> Any:
    """Machine code if it is loaded already, else Python: for a single lead, loading takes longer than folding."""
    return compiled() if _compiled_once.cache_info().currsize else plain()


@lru_cache(maxsize=1)
def plain() -> Any:
    """All kernels by name, as Python."""
    return SimpleNamespace(**{function.__name__: function for function in _all_kernels()})


def compiled_ahead() -> bool:
    """Whether machine code of these very kernels is in the cache, so that the first fold waits for no compiler."""
    return has_numba() and any(cache_folder().rglob(f"*{OUTERMOST}*.nbc"))


@lru_cache(maxsize=1)
def cache_folder() -> Path:
    """The folder of machine code made of this source, by this numba, for this processor."""
    import numba
    from llvmlite.binding import get_host_cpu_name
    from numba.misc import appdirs

    from ripeline.scoring import tables

    of_kernels = {Path(function.__code__.co_filename) for function in _all_kernels()}
    sources = sorted(of_kernels | {Path(tables.__file__)})  # whose numbers are part of the machine code
    config: Any = numba.config  # its settings are made when it is loaded
    folders: Any = appdirs
    made_by = f"{numba.__version__} {sys.implementation.cache_tag} {get_host_cpu_name()}".encode()
    mark = blake2b(b"\0".join([made_by, *(path.read_bytes() for path in sources)]), digest_size=8).hexdigest()
    return Path(config.CACHE_DIR or folders.user_cache_dir("ripeline", appauthor=False)) / f"fold-{mark}"


def _all_kernels() -> list[Any]:
    import ripeline.scoring.kernels  # noqa: F401 - its modules mark the kernels as they load

    return _kernels


def _as_machine_code() -> Any:
    """The outermost kernel is compiled with all that it calls in it; so only that one is kept in the cache."""
    import numba

    kernels = {function.__name__: function for function in _all_kernels()}
    namespace: dict[str, Any] = {}
    for function in kernels.values():
        namespace |= function.__globals__
    for name, function in kernels.items():
        clone = FunctionType(function.__code__, namespace, name)
        namespace[name] = _cached(numba, clone) if name == OUTERMOST else _jitted(numba, clone)
    if not compiled_ahead():
        _compile_callees(numba, kernels, namespace)
    namespace[OUTERMOST].compile(_argument_types(numba, kernels[OUTERMOST]))
    return SimpleNamespace(**{OUTERMOST: namespace[OUTERMOST]})


def _cached(numba: ModuleType, function: FunctionType) -> Any:
    folder, numba.config.CACHE_DIR = numba.config.CACHE_DIR, str(cache_folder())
    try:
        return numba.njit(cache=True, **HOW)(function)
    except RuntimeError:  # there is no folder to write to
        return numba.njit(**HOW)(function)
    finally:
        numba.config.CACHE_DIR = folder


def _jitted(numba: ModuleType, function: FunctionType) -> Any:
    return numba.njit(forceinline=function.__name__ in _inlined, **HOW)(function)


def _compile_callees(numba: ModuleType, kernels: dict[str, Any], namespace: dict[str, Any]) -> None:
    """Compile each kernel once, for the types it is annotated with, before those that call it.

    Left alone, numba compiles a kernel anew for every constant that it is called with.
    """
    done: set[str] = set()

    def visit(name: str) -> None:
        done.add(name)
        for called in kernels[name].__code__.co_names:
            if called in kernels and called not in done:
                visit(called)
        if name != OUTERMOST:
            namespace[name].compile(_argument_types(numba, kernels[name]))
            namespace[name].disable_compile()

    visit(OUTERMOST)


def _argument_types(numba: ModuleType, function: Any) -> tuple[Any, ...]:
    return tuple(_numba_type(numba, kind) for name, kind in get_type_hints(function).items() if name != "return")


def _numba_type(numba: ModuleType, kind: Any) -> Any:
    from numpy import dtype

    plain_types = {int: numba.int64, float: numba.float64, bool: numba.boolean}
    if kind in plain_types:
        return plain_types[kind]
    if hasattr(kind, "_fields"):
        members = get_type_hints(kind)
        return numba.types.BaseTuple.from_types([_numba_type(numba, members[field]) for field in kind._fields], kind)
    element = get_args(get_args(kind)[1])[0]  # NDArray[np.int64] is ndarray[shape, dtype[int64]]
    return numba.types.Array(numba.from_dtype(dtype(element)), 1, "C")
