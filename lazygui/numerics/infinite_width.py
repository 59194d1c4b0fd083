"""The tangent kernel of two layers at infinite width, where it no longer depends on the draw.

For h = m^(-1/2) sum_j c_j sigma(a_j.x + b_j) with a, b, c independent, centred, a and b Gaussian of
variance v and E c^2 = M,
    Theta(x, x') = E[sigma(u) sigma(u')] + M S/v E[sigma'(u) sigma'(u')],
where (u, u') is Gaussian with covariance v times the Gram matrix of (x, 1) with biases, of x
without. Source: Jacot, Gabriel, Hongler 2018; closed forms by Cho and Saul 2009 (ReLU) and
Williams 1997 (erf).
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from lazygui.numerics.activations import activation_named
from lazygui.numerics.networks import Array

__all__ = ["expectations", "infinite_width_kernel", "quadrature_cost"]

_REACH = 9.0  # the Gaussian weight is 3e-18 there
_COARSEST, _FINEST = 0.25, 0.02
# The trapezoid rule errs by exp(-2 pi d/h), d the distance of the nearest pole: 1.57 for tanh.
_SPACING = 0.24


def infinite_width_kernel(
    X: Array,
    activation: str,
    bias: bool = False,
    gain: float = 1.0,
    output_moment: float = 1.0,
) -> Array:
    """Theta (n, n) for inputs X (n, d), in the NTK parameterization.

    `gain` multiplies all initial weights, `output_moment` is E c^2 before that. Closed forms for
    ReLU and erf, a two-dimensional trapezoid rule, exact to rounding, for tanh and softplus.
    Raises ValueError for an unknown activation and for inputs that are not finite.
    """
    activation_named(activation)
    if not np.isfinite(X).all():
        raise ValueError("Some inputs are not finite: the infinite-width kernel needs numbers.")
    inputs = np.column_stack((X, np.ones(len(X)))) if bias else X
    V = np.ascontiguousarray(gain * inputs, dtype=np.float64)
    values, gates = _remembered(V.tobytes(), V.shape[1], activation)
    return values + gain**2 * output_moment * (inputs @ inputs.T) * gates


# A sweep asks for the same samples again and again, from several threads.
@lru_cache(maxsize=4)
def _remembered(data: bytes, columns: int, activation: str) -> tuple[Array, Array]:
    return expectations(np.frombuffer(data).reshape(-1, columns), activation)


def expectations(V: Array, activation: str) -> tuple[Array, Array]:
    """E[sigma(g.v) sigma(g.v')] and E[sigma'(g.v) sigma'(g.v')], both (n, n), for g ~ N(0, I)."""
    if activation == "relu":
        return _relu(V)
    if activation == "erf":
        return _erf(V)
    return _quadrature(V, activation)


def _relu(V: Array) -> tuple[Array, Array]:
    lengths = np.linalg.norm(V, axis=1)
    units = V / np.where(lengths > 0, lengths, 1.0)[:, None]
    # The arc cosine of the inner product would lose half the digits of a small angle.
    apart = np.array([np.linalg.norm(units - u, axis=1) for u in units])
    along = np.array([np.linalg.norm(units + u, axis=1) for u in units])
    angle = 2.0 * np.arctan2(apart, along)
    alive = np.outer(lengths > 0, lengths > 0)
    gates = np.where(alive, (math.pi - angle) / (2 * math.pi), 0.0)
    bent = (np.sin(angle) + (math.pi - angle) * np.cos(angle)) / (2 * math.pi)
    return np.outer(lengths, lengths) * bent, gates


def _erf(V: Array) -> tuple[Array, Array]:
    S = V @ V.T
    widths = 1.0 + 2.0 * np.diag(S)
    product: Array = np.outer(widths, widths)
    values: Array = (2 / math.pi) * np.arcsin(np.clip(2 * S / np.sqrt(product), -1.0, 1.0))
    gates: Array = (4 / math.pi) / np.sqrt(product - 4 * S**2)
    return values, gates


def _grid(V: Array) -> tuple[Array, Array]:
    """Nodes z and weights of the standard Gaussian for the steepest of these pre-activations."""
    steepest = float(np.linalg.norm(V, axis=1).max(initial=1e-12))
    spacing = min(max(_SPACING / steepest, _FINEST), _COARSEST)
    count = math.ceil(_REACH / spacing)
    z: Array = spacing * np.arange(-count, count + 1, dtype=np.float64)
    weights: Array = np.exp(-0.5 * z**2)
    return z, weights / weights.sum()


def quadrature_cost(X: Array, gain: float = 1.0) -> int:
    """Evaluations of sigma that tanh or softplus take: pairs of samples times nodes squared."""
    nodes = len(_grid(gain * X)[0])
    return len(X) * (len(X) + 1) // 2 * nodes**2


def _quadrature(V: Array, activation: str) -> tuple[Array, Array]:
    """Row by row: u = |v| z and u' = |v'| (r z + sqrt(1 - r^2) z') with r the correlation."""
    sigma = activation_named(activation)
    z, weights = _grid(V)
    n, lengths = len(V), np.linalg.norm(V, axis=1)
    values, gates = np.empty((n, n)), np.empty((n, n))
    for i in range(n):
        share, rest = _correlation(V, lengths, i)
        first = lengths[i] * z
        second = lengths[i:, None, None] * (
            share[:, None, None] * z[:, None] + rest[:, None, None] * z
        )
        left, right = sigma.value(np, first), sigma.value(np, second)
        inner = right @ weights
        values[i, i:] = values[i:, i] = inner @ (weights * left)
        slope = sigma.derivative(np, first, left)
        inner = sigma.derivative(np, second, right) @ weights
        gates[i, i:] = gates[i:, i] = inner @ (weights * slope)
    return values, gates


def _correlation(V: Array, lengths: Array, i: int) -> tuple[Array, Array]:
    """r and sqrt(1 - r^2) of row i with the rows from i on; exactly 1 and 0 with itself."""
    norms = lengths[i] * lengths[i:]
    share = np.where(norms > 0, (V[i:] @ V[i]) / np.where(norms > 0, norms, 1.0), 0.0)
    share = np.clip(share, -1.0, 1.0)
    share[0] = 1.0
    return share, np.sqrt(1.0 - share**2)
