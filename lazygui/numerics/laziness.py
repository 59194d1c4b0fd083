"""The laziness criterion kappa and its factors.

kappa_{alpha h}(w) = (1/alpha) ||alpha (h(w) - o) - y||_F ||D2h(w)|| / ||Dh(w)||^2; training is
lazy when it is small against 1.  ||Dh|| = sigma_max(J)/sqrt n and
||D2h|| = sup over unit u, v of ||D2h[u, v]||_F.
Source: slides "When does lazy training occur?"; Chizat, Oyallon, Bach 2019, section 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, cast

import numpy as np
import numpy.typing as npt

from lazygui.numerics.activations import activation_named
from lazygui.numerics.interruption import checkpoint
from lazygui.numerics.networks import Array, Network, TwoLayer, neurons_per_block
from lazygui.numerics.tangent_kernel import LARGEST_KERNEL, leading_eigenvalues

if TYPE_CHECKING:
    from lazygui.numerics.curvature import Curvature
    from lazygui.numerics.mlp import DeepNetwork

__all__ = [
    "Laziness",
    "SecondDifferential",
    "differential_norm",
    "laziness",
    "neuron_curvatures",
    "second_differential_lower_bound",
    "second_differential_norm",
]

Rows = npt.NDArray[np.intp]

# Neurons kept, starts and steps of each round: many neurons roughly, then few thoroughly.
_ROUNDS = ((256, 4, 10), (32, 12, 30), (6, 40, 40))
_SCREENING_STEPS, _SHIFT = 6, 0.25
_EXACT_STEPS, _TOLERANCE, _ROUNDING = 200, 1e-13, 1e-12
# Of a deep network on many samples.
_FEW_SAMPLES, _LAST_STEPS = 256, 5


@dataclass(frozen=True)
class SecondDifferential:
    """||D2h||: the value, whether it is the supremum or only a lower bound, and a remark."""

    value: float
    exact: bool
    note: str


@dataclass(frozen=True)
class Laziness:
    """kappa with its factors; lambda_max = ||Dh||^2 is the top eigenvalue of Theta/n."""

    kappa: float
    residual_norm: float
    differential_norm: float
    second_differential_norm: float
    lambda_max: float
    exact: bool
    note: str


def differential_norm(network: Network, w: Array, X: Array) -> float:
    """||Dh|| = sigma_max(J)/sqrt n = sqrt(lambda_max(Theta/n)), for X of shape (n, d)."""
    return float(np.sqrt(leading_eigenvalues(network, w, X)[-1]))


def laziness(
    network: Network,
    w: Array,
    X: Array,
    y: Array,
    scale: float = 1.0,
    offset: Array | None = None,
    lambda_max: float | None = None,
) -> Laziness:
    """kappa of alpha (h - o) at w for the square loss; X (n, d), y and offset o (n,).

    `lambda_max` is the top eigenvalue of Theta/n where it is known already.

    With h(w0) = o it is proportional to 1/alpha; otherwise it tends to a positive constant.
    Raises ValueError for a scale that is not positive.  A vanishing differential gives inf.
    """
    if not scale > 0:
        raise ValueError(f"The scale is {scale}: alpha must be positive.")
    h = network.output(w, X) - (0.0 if offset is None else offset)
    residual_norm = float(np.sqrt(np.mean((scale * h - y) ** 2)))
    if lambda_max is None:
        lambda_max = float(leading_eigenvalues(network, w, X)[-1])
    second = second_differential_norm(network, w, X)
    numerator = residual_norm * second.value / scale
    return Laziness(
        kappa=numerator / lambda_max if lambda_max > 0 else np.inf,
        residual_norm=residual_norm,
        differential_norm=float(np.sqrt(lambda_max)),
        second_differential_norm=second.value,
        lambda_max=lambda_max,
        exact=second.exact,
        note=second.note,
    )


def second_differential_norm(network: Network, w: Array, X: Array) -> SecondDifferential:
    """||D2h|| = sup over unit u of ||D2h[u, u]||_F at w, on X of shape (n, d).

    Two layers: D2h is block diagonal, so the supremum is s max_j ||D2 phi(theta_j)|| over single
    neurons.  Deep networks: alternating maximization from several starts, a lower bound.
    Raises ValueError for weights that are not finite.
    """
    if not np.isfinite(w).all():
        raise ValueError("Some weights are not finite: lower the learning rate or the gain.")
    if isinstance(network, TwoLayer):
        smooth = activation_named(network.activation).smooth
        note = "" if smooth else "almost-everywhere part: the kink of ReLU is not counted"
        if chosen := len(X) > LARGEST_KERNEL:
            note += "; " if note else ""
            note += f"lower bound: {LARGEST_KERNEL:,} of the samples chose the neuron"
        value = _largest_curvature(network, w, X)
        return SecondDifferential(value, smooth and not chosen, note)
    value = second_differential_lower_bound(cast("DeepNetwork", network), w, X)
    return SecondDifferential(value, False, "lower bound by alternating maximization")


def second_differential_lower_bound(
    network: DeepNetwork, w: Array, X: Array, starts: int = 6, steps: int = 60
) -> float:
    """A lower bound of ||D2h|| = sup ||D2h[u, u]||_F over unit u (p,), usually its value.

    u <- B_g u + shift u with g = D2h[u, u] normalized in F and B_g = (1/n) sum_i g_i D2h(x_i),
    from several random starts; local maxima cannot be excluded.  Of many samples a few choose
    the direction, and a few steps on all follow.
    """
    rng, many = np.random.default_rng(0), len(X) > LARGEST_KERNEL
    some = X[np.linspace(0, len(X) - 1, _FEW_SAMPLES).astype(np.intp)] if many else X
    draws = (rng.standard_normal(network.n_parameters) for _ in range(starts))
    curvature = network.curvature(w, some)
    best, direction = max((_ascent(curvature, u, steps) for u in draws), key=itemgetter(0))
    return _ascent(network.curvature(w, X), direction, _LAST_STEPS)[0] if many else best


def _ascent(curvature: Curvature, u: Array, steps: int) -> tuple[float, Array]:
    """The largest ||D2h[u, u]||_F on the way from u (p,), and the unit vector that has it."""
    best, direction = 0.0, u
    for _ in range(steps):
        u = u / np.linalg.norm(u)
        g = curvature.along(u)
        norm = float(np.sqrt(np.mean(g * g)))
        if norm > best:
            best, direction = norm, u
        if norm == 0.0:
            break
        u = curvature.product(g / (norm * len(g))) + 0.25 * norm * u
    return best, direction


def neuron_curvatures(network: TwoLayer, w: Array, X: Array) -> Array:
    """||D2 phi(theta_j)|| for every neuron, (m,), without the prefactor s.

    phi = c sigma(a.x): D2 phi[(p, q), (p, q)](x) = c sigma''(a.x)(p.x)^2 + 2 q sigma'(a.x)(p.x);
    with a bias x stands for (x, 1).
    """
    rng = np.random.default_rng(0)
    blocks = _row_blocks(np.arange(network.width), X, starts=12)
    aligned = (_neurons(network, w, X, rows).aligned() for rows in blocks)
    ascended = (_ascend(neurons, rng, 12, 30) for neurons in aligned)
    return np.concatenate([_maximize_exactly(neurons) for neurons in ascended])


def _largest_curvature(network: TwoLayer, w: Array, X: Array) -> float:
    """s max_j ||D2 phi(theta_j)||; of many samples some choose the neurons."""
    if len(X) <= LARGEST_KERNEL:
        _, neurons = _most_curved(network, w, X)
        return network.prefactor * float(np.max(_maximize_exactly(neurons)))
    some = np.linspace(0, len(X) - 1, LARGEST_KERNEL).astype(np.intp)
    rows, chosen = _most_curved(network, w, X[some])
    # One neuron at a time: each takes a copy of the inputs.
    norms = [
        _maximize_exactly(_neurons(network, w, X, rows[[j]]).towards(chosen.u[[j]]))[0]
        for j in range(len(rows))
    ]
    return network.prefactor * float(max(norms))


def _most_curved(network: TwoLayer, w: Array, X: Array) -> tuple[Rows, _Neurons]:
    """A few neurons with their directions, found by rounds that keep the most promising ones.

    A neuron whose upper bound is below what another one reaches takes no part.
    """
    rng, kept = np.random.default_rng(0), _ROUNDS[0][0]
    bounds = _curvature_bounds(network, w, X)
    leading = np.argpartition(-bounds, min(kept, len(bounds)) - 1)[:kept]
    found = np.max(_screened(network, w, X, leading, rng))
    # A bound that is reached may be rounded below; the negation keeps what is no number.
    rows: Rows = np.flatnonzero(~(bounds < (1.0 - _ROUNDING) * found))
    rows = rows[np.argsort(-_screened(network, w, X, rows, rng))[:kept]]
    neurons = _neurons(network, w, X, rows).aligned()
    for kept, starts, steps in _ROUNDS:
        order = np.argsort(-neurons.curvature()[1])[:kept]
        rows, neurons = rows[order], _ascend(neurons.at(order), rng, starts, steps)
    return rows, neurons


def _curvature_bounds(network: TwoLayer, w: Array, X: Array) -> Array:
    """An upper bound of ||D2 phi(theta_j)|| for every neuron, (m,), in one pass.

    With A = ||c sigma'' |x|^2||_F and B = ||sigma' |x|||_F it is the largest value of
    A cos^2 t + B sin 2t, where |p| = cos t and |q| = sin t: A/2 + sqrt(A^2/4 + B^2).
    """
    bounds = np.empty(network.width)
    for rows in _row_blocks(np.arange(network.width), X, starts=0):
        neurons = _neurons(network, w, X, rows)
        squares = np.sum(neurons.X**2, axis=1) / np.sqrt(len(X))
        half = np.sqrt(neurons.direct**2 @ squares**2) / 2.0
        bounds[rows] = half + np.sqrt(half**2 + neurons.cross**2 @ squares / np.sqrt(len(X)))
    return bounds


def _screened(network: TwoLayer, w: Array, X: Array, rows: Rows, rng: np.random.Generator) -> Array:
    """Rough lower bounds of ||D2 phi(theta_j)|| for some neurons."""
    found = [
        _ascend(_neurons(network, w, X, block), rng, 2, _SCREENING_STEPS).curvature()[1]
        for block in _row_blocks(rows, X, starts=2)
    ]
    return np.concatenate(found)


@dataclass(frozen=True)
class _Neurons:
    """D2 phi of b neurons, and a direction for each; k = d + bias.

    X (n, k), direct (b, n) = c sigma''(z), cross (b, n) = sigma'(z), u (b, k + 1) unit rows (p, q).
    The curvature along u is T(u, u) = (direct p.x + 2 q cross) p.x, whose norm in F is maximized.
    """

    X: Array
    direct: Array
    cross: Array
    u: Array

    def at(self, rows: Rows) -> _Neurons:
        """Some of the neurons."""
        return _Neurons(self.X, self.direct[rows], self.cross[rows], self.u[rows])

    def curvature(self) -> tuple[Array, Array]:
        """T(u, u) scaled to norm 1 in F, (b, n), and its norm, (b,)."""
        px = self.u[:, :-1] @ self.X.T
        g = (self.direct * px + 2.0 * self.u[:, -1:] * self.cross) * px
        norms = np.sqrt(np.mean(g * g, axis=1))
        return g / np.where(norms > 0, norms, 1.0)[:, None], norms

    def step(self) -> _Neurons:
        """u <- B_g u + shift u, normalized, where B_g = (1/n) sum_i g_i T_i.

        The shift keeps u from jumping between eigenvectors of opposite eigenvalues.
        """
        g, norms = self.curvature()
        px = self.u[:, :-1] @ self.X.T
        weights = g * (self.direct * px + self.u[:, -1:] * self.cross)
        image = np.empty_like(self.u)
        image[:, :-1] = weights @ self.X / len(self.X)
        image[:, -1] = np.mean(g * self.cross * px, axis=1)
        return self.towards(image + _SHIFT * norms[:, None] * self.u)

    def towards(self, u: Array) -> _Neurons:
        """The same neurons with new directions, normalized (dead neurons may get none)."""
        lengths = np.linalg.norm(u, axis=1, keepdims=True)
        unit = u / np.where(lengths > 0, lengths, 1.0)
        return _Neurons(self.X, self.direct, self.cross, unit)

    def aligned(self) -> _Neurons:
        """Directions that maximize the cross term alone, hence the whole of it for ReLU.

        2 q cross (p.x) is largest at q = |p| with p a top right singular vector of cross * X.
        """
        weighted = self.cross[:, :, None] * self.X
        _, vectors = np.linalg.eigh(np.swapaxes(weighted, 1, 2) @ weighted)
        return self.towards(np.column_stack((vectors[:, :, -1], np.ones(len(self.u)))))

    def exact_step(self) -> _Neurons:
        """u <- the eigenvector of B_g of largest |eigenvalue|: the norm cannot decrease."""
        g, _ = self.curvature()
        k = self.X.shape[1]
        B = np.zeros((len(g), k + 1, k + 1))
        B[:, :k, :k] = np.swapaxes((g * self.direct)[:, :, None] * self.X, 1, 2) @ self.X
        B[:, :k, k] = B[:, k, :k] = (g * self.cross) @ self.X
        eigenvalues_, vectors = np.linalg.eigh(B)
        top = np.argmax(np.abs(eigenvalues_), axis=1)
        return self.towards(np.take_along_axis(vectors, top[:, None, None], axis=2)[:, :, 0])


def _row_blocks(rows: Rows, X: Array, starts: int) -> Iterator[Rows]:
    size = max(1, 2 * neurons_per_block(len(X)) // (starts + 1))
    for first in range(0, len(rows), size):
        checkpoint()
        yield rows[first : first + size]


def _neurons(network: TwoLayer, w: Array, X: Array, rows: Rows) -> _Neurons:
    sigma = activation_named(network.activation)
    a, b, c = network.split(w)
    inputs = X if b is None else np.column_stack((X, np.ones(len(X))))
    z = (a[rows] if b is None else np.column_stack((a[rows], b[rows]))) @ inputs.T
    value = sigma.value(np, z)
    direct = c[rows, None] * sigma.second(np, z, value)
    cross = sigma.derivative(np, z, value)
    u = np.zeros((len(z), inputs.shape[1] + 1))
    u[:, 0] = u[:, -1] = np.sqrt(0.5)
    return _Neurons(inputs, direct, cross, u)


def _ascend(neurons: _Neurons, rng: np.random.Generator, starts: int, steps: int) -> _Neurons:
    """The best of `starts` ascents per neuron: its present direction and random ones.

    Random directions come as (p, q) and (p, -q), which the curvature tells apart.
    """
    b, size = neurons.u.shape
    u = rng.standard_normal((starts, b, size))
    u[1::2] = u[0 : 2 * (starts // 2) : 2] * np.append(np.ones(size - 1), -1.0)
    u = np.concatenate((neurons.u[None], u))
    stacked = _Neurons(
        neurons.X,
        np.tile(neurons.direct, (starts + 1, 1)),
        np.tile(neurons.cross, (starts + 1, 1)),
        neurons.u,
    ).towards(u.reshape(-1, size))
    for _ in range(steps):
        checkpoint()
        stacked = stacked.step()
    winners = np.argmax(stacked.curvature()[1].reshape(starts + 1, b), axis=0)
    return neurons.towards(stacked.u.reshape(starts + 1, b, size)[winners, np.arange(b)])


def _maximize_exactly(neurons: _Neurons) -> Array:
    """Alternating maximization to convergence, (b,)."""
    values = neurons.curvature()[1]
    for _ in range(_EXACT_STEPS):
        checkpoint()
        neurons = neurons.exact_step()
        previous, values = values, neurons.curvature()[1]
        if np.all(values - previous <= _TOLERANCE * values):
            break
    return values
