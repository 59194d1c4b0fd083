"""Ending a long computation from outside, at the next of its checkpoints.

Loops that may run for seconds (over blocks of neurons or samples, over iterations) call
`checkpoint`; who started them says by `interruptible` when to stop. Nothing else changes: the
numbers are the same, and without `interruptible` a checkpoint does nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["Interrupted", "checkpoint", "interruptible"]


class Interrupted(Exception):  # noqa: N818 - a wish of the caller, no error
    """The computation was asked to stop and has no result."""


class _Wishes(threading.local):
    is_over: Callable[[], bool] | None = None


_wishes = _Wishes()


@contextmanager
def interruptible(is_over: Callable[[], bool]) -> Iterator[None]:
    """Inside, in this thread, checkpoints raise Interrupted once `is_over()` is true."""
    before, _wishes.is_over = _wishes.is_over, is_over
    try:
        yield
    finally:
        _wishes.is_over = before


def checkpoint() -> None:
    """Raise Interrupted if this thread's computation is no longer wanted."""
    if _wishes.is_over is not None and _wishes.is_over():
        raise Interrupted
