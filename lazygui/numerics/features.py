"""What the hidden neurons of a network see, and how far that moved during training.

Source: slide "Neural networks: wide and random" (features hardly move); Chizat, Oyallon, Bach
2019, figures 1 and 3 (gates, balance).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from lazygui.numerics.activations import activation_named
from lazygui.numerics.networks import Array, Network, TwoLayer, neurons_per_block, quiet

__all__ = ["FeatureChange", "balance_drift", "feature_change"]


@dataclass(frozen=True)
class FeatureChange:
    """drift: ||sigma(z_t) - sigma(z_0)||/||sigma(z_0)|| over neurons and samples (Frobenius).

    flips: the share of the pairs (neuron, sample) whose z changed its sign; nan for deep networks.
    """

    drift: float
    flips: float


@quiet()
def feature_change(network: Network, w: Array, w0: Array, X: Array) -> FeatureChange:
    """Compare the (last) hidden layer at w with that at w0, on X of shape (n, d)."""
    if isinstance(network, TwoLayer):
        return _two_layer_change(network, w, w0, X)
    now, start = _last_layer(network, w, X), _last_layer(network, w0, X)
    return FeatureChange(_relative(_square(now - start), _square(start)), float("nan"))


def _two_layer_change(network: TwoLayer, w: Array, w0: Array, X: Array) -> FeatureChange:
    sigma, step = activation_named(network.activation), neurons_per_block(len(X))
    moved = size = flipped = 0.0
    (a, b, _), (a0, b0, _) = network.split(w), network.split(w0)
    for first in range(0, network.width, step):
        rows = slice(first, first + step)
        z, z0 = a[rows] @ X.T, a0[rows] @ X.T
        if b is not None and b0 is not None:
            z, z0 = z + b[rows, None], z0 + b0[rows, None]
        value = sigma.value(np, z0)
        moved += _square(sigma.value(np, z) - value)
        size += _square(value)
        flipped += float(np.count_nonzero((z > 0) != (z0 > 0)))
    return FeatureChange(_relative(moved, size), flipped / (network.width * len(X)))


def _last_layer(network: Network, w: Array, X: Array) -> Array:
    """Activations that enter the output of a deep network; of both halves of a doubled one."""
    _, trace = cast("Any", network).forward(w, X)
    halves = trace if isinstance(trace, tuple) else (trace,)
    return np.concatenate([np.ravel(half.entering[-1]) for half in halves])


@quiet()
def balance_drift(network: TwoLayer, w: Array, w0: Array) -> float:
    """max_j |B_j(w) - B_j(w0)| over the largest |a_j|^2 + b_j^2 + c_j^2 at w0.

    B_j = |a_j|^2 + b_j^2 - c_j^2. The gradient flow conserves it for ReLU, which is homogeneous
    in both layers.
    """
    (inner, outer), (inner0, outer0) = (_sizes(network, weights) for weights in (w, w0))
    change = float(np.max(np.abs((inner - outer) - (inner0 - outer0))))
    start = float(np.max(inner0 + outer0))
    return change / start if start > 0 else float("nan")


def _sizes(network: TwoLayer, w: Array) -> tuple[Array, Array]:
    """|a_j|^2 + b_j^2 and c_j^2, both (m,)."""
    a, b, c = network.split(w)
    inner = np.einsum("ij,ij->i", a, a)
    return (inner if b is None else inner + b**2), c**2


def _square(values: Array) -> float:
    return float(np.vdot(values, values))


def _relative(moved: float, size: float) -> float:
    if size > 0:
        return float(np.sqrt(moved / size))
    return float("inf") if moved > 0 else 0.0
