"""What the C library does with memory that was freed: keep it for the next array, or give it back.

glibc only; elsewhere nothing is changed.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache

ARENAS = 2
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
# An array up to this size comes from memory that was freed before, 32 MiB being the most that
# glibc allows; twice as much may lie free.
_REUSED, _LEFT_FREE = 2**25, 2**26


@cache
def keep_free_memory() -> bool:
    """Let arrays use again what others have freed; whether the C library could.

    glibc asks the system for each array above 128 KiB and returns it afterwards: every page of
    every intermediate result is mapped and zeroed anew, which can cost ten times what the
    arithmetic does.
    """
    return _set(_M_MMAP_THRESHOLD, _REUSED) and _set(_M_TRIM_THRESHOLD, _LEFT_FREE)


def share_free_memory() -> bool:
    """Let the threads made from now on share their memory; whether the C library could.

    glibc gives each of the first threads an arena of its own, and what a thread has freed there no
    other one may use.
    """
    return _set(_M_ARENA_MAX, ARENAS)


def give_back() -> bool:
    """Return the pages that the C library holds free to the system; whether there were any.

    glibc keeps what a run freed wherever something younger lies above it: over an hour of demos
    that grows. Takes 2 to 3 ms. Does nothing where the C library has no `malloc_trim`.
    """
    trim = _function("malloc_trim", ctypes.c_size_t)
    return trim is not None and bool(trim(0))


def _set(option: int, value: int) -> bool:
    mallopt = _function("mallopt", ctypes.c_int, ctypes.c_int)
    return mallopt is not None and bool(mallopt(option, value))


@cache
def _function(name: str, *arguments: type) -> Callable[..., int] | None:
    try:
        found = getattr(ctypes.CDLL(None), name)
    except (AttributeError, OSError, TypeError):
        # macOS and musl have none; Windows has no process-wide handle to look in.
        return None
    found.argtypes, found.restype = list(arguments), ctypes.c_int
    return found  # type: ignore[no-any-return]
