"""Where the arrays of a training run live: numpy, torch on the processor, or a graphics card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from lazygui.numerics.networks import Array

__all__ = ["Backend", "is_small", "pick_backend", "runs_compiled"]

# numpy's vectorized tanh, exp and log1p beat torch's at every size (measured, one thread); only
# erf, which numpy lacks and scipy evaluates one by one, is faster in torch from this size on.
_TORCH_ERF_FROM = 8_000
# Pre-activations times (d + 10) from which a graphics card repays its launch overhead.
_CUDA_FROM = 40_000_000


# Up to these sizes a step neuron by neuron is at least as fast as matrix products, at m = 10 four
# times as fast.
_SMALL_WIDTH, _SMALL_INPUTS = 1024, 8_192


def is_small(width: int, examples: int, inputs: int) -> bool:
    """Whether `compiled.train` beats `compiled.train_wide`."""
    return width <= _SMALL_WIDTH and examples * (inputs + 1) <= _SMALL_INPUTS


def runs_compiled(
    width: int,
    examples: int,
    inputs: int,
    device: str = "cpu",
    activation: str = "tanh",
    dtype: str = "float64",
) -> bool:
    """Whether a two-layer network trains by `compiled`: a matter of sizes, never of timing.

    Raises ValueError for an unknown device.
    """
    backend = pick_backend(width, examples, inputs, device, activation)
    return backend == "numpy" and dtype == "float64"


def pick_backend(
    width: int, examples: int, inputs: int, device: str = "cpu", activation: str = "tanh"
) -> str:
    """Choose "numpy", "torch" or "cuda" for a two-layer network.

    device: "cpu", "cuda" (always the card) or "auto" (the card if there is one and the problem
    is large enough to repay its overhead).  The choice depends on the sizes alone, never on a
    timing, so that the same scenario gives the same numbers.
    Raises ValueError for another device.
    """
    if device not in ("cpu", "cuda", "auto"):
        raise ValueError(f"Unknown device '{device}': choose cpu, cuda or auto.")
    entries = width * examples
    worth_it = entries * (inputs + 10) >= _CUDA_FROM
    if device == "cuda" or (device == "auto" and worth_it and _has_cuda()):
        return "cuda"
    return "torch" if activation == "erf" and entries >= _TORCH_ERF_FROM else "numpy"


def _has_cuda() -> bool:
    import torch

    return bool(torch.cuda.is_available())


@dataclass(frozen=True)
class Backend:
    """An array namespace together with the type and the place of its arrays."""

    xp: Any
    dtype: Any
    device: Any = None

    @classmethod
    def named(cls, name: str, dtype: str = "float64") -> Backend:
        """The backend called "numpy", "torch" or "cuda".

        Raises ValueError for another name or type, or if no CUDA device is present.
        """
        if dtype not in ("float64", "float32"):
            raise ValueError(f"Unknown type '{dtype}': choose float64 or float32.")
        if name == "numpy":
            return cls(np, np.dtype(dtype))
        if name not in ("torch", "cuda"):
            raise ValueError(f"Unknown backend '{name}': choose numpy, torch or cuda.")
        import torch

        if name == "cuda" and not torch.cuda.is_available():
            raise ValueError("No CUDA device is present: choose the device cpu.")
        return cls(torch, getattr(torch, dtype), "cuda" if name == "cuda" else "cpu")

    def array(self, values: Array) -> Any:
        """A copy of `values` in this backend."""
        if self.xp is np:
            return np.array(values, dtype=self.dtype, order="C")
        return self.xp.tensor(np.ascontiguousarray(values), dtype=self.dtype, device=self.device)

    def empty(self, *shape: int) -> Any:
        """An uninitialized array."""
        if self.xp is np:
            return np.empty(shape, dtype=self.dtype)
        return self.xp.empty(shape, dtype=self.dtype, device=self.device)

    def numpy(self, array: Any) -> Array:
        """A float64 copy of `array` in numpy."""
        host = array if self.xp is np else array.cpu().numpy()
        return np.array(host, dtype=np.float64)
