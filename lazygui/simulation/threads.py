"""Where and with how many threads a run computes: part of what makes it repeatable."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lazygui.scenarios.lazy import LazyScenario

NO_CUDA = "There is no CUDA device here: the run uses the CPU."
FLOAT32_SCALE_LIMIT = 100.0


# Packages that bring a thread pool of their own when they are imported.
_POOLED = ("scipy.linalg", "torch", "numba")
_pinned: tuple[object, ...] = ()


def pin_threads(threads: int) -> None:
    """Fix the number of threads of BLAS and, where it is loaded, of torch.

    The order of summation, hence the last bits, depends on it.  Looking for the pools takes a
    millisecond, so that they are looked for only when a package may have brought another one.
    """
    global _pinned  # noqa: PLW0603 - the pools belong to the process
    wanted = (threads, *(name in sys.modules for name in _POOLED))
    if wanted == _pinned:
        return
    from threadpoolctl import threadpool_limits

    threadpool_limits(limits=threads)
    _pinned = wanted
    torch = sys.modules.get("torch")
    if torch is not None and hasattr(torch, "set_num_threads"):
        torch.set_num_threads(threads)


def resolve_device(scenario: LazyScenario) -> tuple[str, tuple[str, ...]]:
    """The device to use and what the user should be told about it."""
    notices: list[str] = []
    device: str = scenario.device
    if device == "cuda" and not _cuda_is_available():
        notices.append(NO_CUDA)
        device = "cpu"
    if scenario.dtype == "float32" and scenario.scale > FLOAT32_SCALE_LIMIT:
        notices.append(
            f"float32 with α = {scenario.scale:g} > {FLOAT32_SCALE_LIMIT:g}: the steps of size 1/α "
            "fall below the resolution of the weights. Trust float64."
        )
    return device, tuple(notices)


def _cuda_is_available() -> bool:
    import torch

    return bool(torch.cuda.is_available())
