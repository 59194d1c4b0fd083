"""How far the linearization at w0 carries, and the heuristic of lazy training, in numbers.

hbar(w) = h(w0) + Dh(w0)(w - w0), with ||f||_F^2 = (1/n) sum f_i^2.
Source: slides "Linearization" and "Heuristic computations I, II"; Chizat, Oyallon, Bach 2019,
section 1.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

from lazygui.numerics.activations import activation_named
from lazygui.numerics.differential_change import (
    differential_change,
    neuron_blocks,
    preactivations,
)
from lazygui.numerics.laziness import differential_norm
from lazygui.numerics.networks import Array, Network, TwoLayer, quiet

if TYPE_CHECKING:
    from lazygui.numerics.mlp import DeepNetwork

__all__ = [
    "FirstStep",
    "first_kink",
    "first_steps",
    "random_direction",
    "second_along",
    "taylor_errors",
]


def random_direction(network: Network, seed: int) -> Array:
    """A unit vector (p,), uniform on the sphere."""
    direction = np.random.default_rng([seed, 23]).standard_normal(network.n_parameters)
    return np.asarray(direction / np.linalg.norm(direction))


@quiet()
def taylor_errors(
    network: Network, w0: Array, X: Array, direction: Array, distances: Array
) -> Array:
    """||h(w0 + s u) - hbar(w0 + s u)||_F for each distance s along the unit vector u.

    It is (s^2/2) ||D2h(w0)[u, u]||_F + O(s^3) where the activation is smooth; with ReLU only
    between two changes of a gate.
    """
    start, slope = network.output(w0, X), network.jvp(w0, X, direction)
    errors = [network.output(w0 + s * direction, X) - start - s * slope for s in distances.tolist()]
    return np.asarray(np.linalg.norm(np.array(errors), axis=1) / np.sqrt(len(X)))


def first_kink(network: Network, w0: Array, X: Array, direction: Array) -> float:
    """The distance s at which the first gate of a two-layer ReLU network flips on a sample.

    inf for the smooth activations; nan for deep ReLU networks, whose kinks are not on lines.
    """
    if activation_named(network.activation).smooth:
        return float("inf")
    if not isinstance(network, TwoLayer):
        return float("nan")
    nearest = float("inf")
    (a, b, _), (da, db, _) = network.split(w0), network.split(direction)
    for rows in neuron_blocks(network, len(X)):
        z, dz = preactivations(a, b, rows, X), preactivations(da, db, rows, X)
        with np.errstate(divide="ignore", invalid="ignore"):
            crossings = -z / dz
        nearest = min(nearest, float(np.min(crossings, where=crossings > 0, initial=np.inf)))
    return nearest


@quiet()
def second_along(network: Network, w: Array, X: Array, u: Array) -> Array:
    """D2h(w)[u, u] on each input, (n,); the almost-everywhere part for ReLU."""
    if not isinstance(network, TwoLayer):
        return cast("DeepNetwork", network).curvature(w, X).along(u)
    sigma = activation_named(network.activation)
    total = np.zeros(len(X))
    a, b, c = network.split(w)
    da, db, dc = network.split(u)
    for rows in neuron_blocks(network, len(X)):
        z, dz = preactivations(a, b, rows, X), preactivations(da, db, rows, X)
        value = sigma.value(np, z)
        gate, bend = sigma.derivative(np, z, value), sigma.second(np, z, value)
        total += c[rows] @ (bend * dz**2) + 2.0 * dc[rows] @ (gate * dz)
    return total * network.prefactor


@dataclass(frozen=True)
class FirstStep:
    """What the step w1 = w0 - eta grad F_alpha(w0) changes, relative to what there was.

    loss_change: |F(w1) - F(w0)|/F(w0).  differential_change: ||Dh(w1) - Dh(w0)||/||Dh(w0)||.
    taylor_ratio: ||D2h[d, d]||_F/||Dh[d]||_F with d = w1 - w0, as on the slide.
    """

    loss_change: float
    differential_change: float
    taylor_ratio: float


@quiet()
def first_steps(
    network: Network,
    w0: Array,
    X: Array,
    y: Array,
    rates: Sequence[float],
    scale: float = 1.0,
    offset: Array | None = None,
    norm: float | None = None,
) -> list[FirstStep]:
    """The heuristic's two sides for F_alpha(w) = ||alpha (h(w) - o) - y||_F^2/(2 alpha^2).

    One for each learning rate. Lazy training is
    |F(w1) - F(w0)|/F(w0) >> ||Dh(w1) - Dh(w0)||/||Dh(w0)||. To first order in
    eta the second over the first is at most kappa/(2 A), A = ||Dh^T r||/(||Dh|| ||r||).
    Where the loss or the differential vanishes the ratios are nan.  `norm` is ||Dh(w0)|| where it
    is known already.
    """
    shift = 0.0 if offset is None else offset
    residual = scale * (network.output(w0, X) - shift) - y
    direction = -network.vjp(w0, X, residual) / (scale * len(X))
    norm = differential_norm(network, w0, X) if norm is None else norm
    slope = float(np.linalg.norm(network.jvp(w0, X, direction)))
    bend = float(np.linalg.norm(second_along(network, w0, X, direction)))
    steps = []
    for rate in rates:
        w1 = w0 + rate * direction
        after = scale * (network.output(w1, X) - shift) - y
        # |r1|^2 - |r0|^2 by its factors: the squares would cancel for small steps.
        change = abs(float((after - residual) @ (after + residual)))
        steps.append(
            FirstStep(
                _ratio(change, float(residual @ residual)),
                _ratio(differential_change(network, w1, w0, X), norm),
                rate * _ratio(bend, slope),
            )
        )
    return steps


def _ratio(above: float, below: float) -> float:
    return above / below if below > 0 else float("nan")
