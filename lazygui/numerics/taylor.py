"""How far the linearization at w0 carries, and the heuristic of lazy training, in numbers.

hbar(w) = h(w0) + Dh(w0)(w - w0), with ||f||_F^2 = (1/n) sum f_i^2.
Source: slides "Linearization" and "Heuristic computations I, II"; Chizat, Oyallon, Bach 2019,
section 1.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

from lazygui.numerics.activations import Activation, activation_named
from lazygui.numerics.krylov import largest_eigenvalues
from lazygui.numerics.laziness import differential_norm
from lazygui.numerics.networks import Array, Network, TwoLayer, neurons_per_block, quiet
from lazygui.numerics.tangent_kernel import LARGEST_KERNEL

if TYPE_CHECKING:
    from lazygui.numerics.mlp import DeepNetwork

__all__ = [
    "FirstStep",
    "differential_change",
    "first_kink",
    "first_step",
    "random_direction",
    "second_along",
    "taylor_errors",
]

# Entries of a Jacobian that are held at once; a larger one is only multiplied with.
_LARGEST_JACOBIAN = 2_000_000
_POWER_STEPS = 30


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
    for rows in _rows(network, len(X)):
        z, dz = _projected(a, b, rows, X), _projected(da, db, rows, X)
        with np.errstate(divide="ignore", invalid="ignore"):
            crossings = -z / dz
        nearest = min(nearest, float(np.min(crossings, where=crossings > 0, initial=np.inf)))
    return nearest


@quiet()
def second_along(network: Network, w: Array, X: Array, u: Array) -> Array:
    """D2h(w)[u, u] on each input, (n,); the almost-everywhere part for ReLU."""
    if not isinstance(network, TwoLayer):
        return cast("DeepNetwork", network).second_along(w, X, u)
    sigma = activation_named(network.activation)
    total = np.zeros(len(X))
    a, b, c = network.split(w)
    da, db, dc = network.split(u)
    for rows in _rows(network, len(X)):
        z, dz = _projected(a, b, rows, X), _projected(da, db, rows, X)
        gate = sigma.derivative(np, z, sigma.value(np, z))
        total += c[rows] @ (sigma.second(np, z) * dz**2) + 2.0 * dc[rows] @ (gate * dz)
    return total * network.prefactor


@quiet()
def differential_change(network: Network, w: Array, w0: Array, X: Array) -> float:
    """||Dh(w) - Dh(w0)|| = sigma_max(J(w) - J(w0))/sqrt n, without cancellation."""
    n = len(X)
    if isinstance(network, TwoLayer) and n > LARGEST_KERNEL:
        return _change_by_products(network, w, w0, X)
    if isinstance(network, TwoLayer):
        gram = _change_gram(network, w, w0, X)
    elif n * network.n_parameters <= _LARGEST_JACOBIAN:
        change = network.jacobian(w, X) - network.jacobian(w0, X)
        gram = change @ change.T
    else:
        return _power_iteration(network, w, w0, X) / float(np.sqrt(n))
    if not np.isfinite(gram).all():
        return float("inf")
    return float(np.sqrt(max(np.linalg.eigvalsh(gram)[-1], 0.0) / n))


def _change_by_products(network: TwoLayer, w: Array, w0: Array, X: Array) -> float:
    """The same by products with (J(w) - J(w0)) (J(w) - J(w0))^T, block by block of neurons."""
    if not np.isfinite(w).all():
        return float("inf")
    sigma, n = activation_named(network.activation), len(X)
    parts, starts = network.split(w), network.split(w0)

    def product(u: Array) -> Array:
        total, weighted = np.zeros(n), u[:, None] * X
        for rows in _rows(network, n):
            (value, gate), (value0, gate0) = (
                _value_and_gate(sigma, part, rows, X) for part in (parts, starts)
            )
            value, gate = value - value0, gate - gate0
            inner = (gate @ weighted) @ X.T
            inner += float(network.bias) * (gate @ u)[:, None]
            total += (value @ u) @ value + np.sum(gate * inner, axis=0)
        return total * (network.prefactor**2 / n)

    return float(np.sqrt(largest_eigenvalues(product, n, 1e-6)[-1]))


def _change_gram(network: TwoLayer, w: Array, w0: Array, X: Array) -> Array:
    """(J(w) - J(w0)) (J(w) - J(w0))^T, (n, n), block by block of neurons."""
    sigma, n = activation_named(network.activation), len(X)
    values, gates = np.zeros((n, n)), np.zeros((n, n))
    parts, starts = network.split(w), network.split(w0)
    for rows in _rows(network, n):
        (value, gate), (value0, gate0) = (
            _value_and_gate(sigma, part, rows, X) for part in (parts, starts)
        )
        values += (value - value0).T @ (value - value0)
        gates += (gate - gate0).T @ (gate - gate0)
    return (values + (X @ X.T + float(network.bias)) * gates) * network.prefactor**2


def _value_and_gate(
    sigma: Activation, parts: tuple[Array, Array | None, Array], rows: slice, X: Array
) -> tuple[Array, Array]:
    """sigma(z) and c sigma'(z) of some neurons, both (b, n)."""
    a, b, c = parts
    z = _projected(a, b, rows, X)
    value = sigma.value(np, z)
    return value, c[rows, None] * sigma.derivative(np, z, value)


def _power_iteration(network: Network, w: Array, w0: Array, X: Array) -> float:
    """sigma_max(J(w) - J(w0)), by products with both."""
    r = np.random.default_rng(0).standard_normal(len(X))
    size = 0.0
    for _ in range(_POWER_STEPS):
        r = r / np.linalg.norm(r)
        pulled = network.vjp(w, X, r) - network.vjp(w0, X, r)
        size = float(np.linalg.norm(pulled))
        if not 0.0 < size < np.inf:
            break
        r = network.jvp(w, X, pulled) - network.jvp(w0, X, pulled)
    return size


def _projected(a: Array, b: Array | None, rows: slice, X: Array) -> Array:
    z: Array = a[rows] @ X.T
    return z if b is None else z + b[rows, None]


def _rows(network: TwoLayer, examples: int) -> list[slice]:
    size = neurons_per_block(examples)
    return [slice(k, min(k + size, network.width)) for k in range(0, network.width, size)]


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
def first_step(
    network: Network,
    w0: Array,
    X: Array,
    y: Array,
    learning_rate: float,
    scale: float = 1.0,
    offset: Array | None = None,
    norm: float | None = None,
) -> FirstStep:
    """The heuristic's two sides for F_alpha(w) = ||alpha (h(w) - o) - y||_F^2/(2 alpha^2).

    Lazy training is |F(w1) - F(w0)|/F(w0) >> ||Dh(w1) - Dh(w0)||/||Dh(w0)||. To first order in
    eta the second over the first is at most kappa/(2 A), A = ||Dh^T r||/(||Dh|| ||r||).
    Where the loss or the differential vanishes the ratios are nan.  `norm` is ||Dh(w0)|| where it
    is known already.
    """
    shift = 0.0 if offset is None else offset
    residual = scale * (network.output(w0, X) - shift) - y
    step = -(learning_rate / (scale * len(X))) * network.vjp(w0, X, residual)
    w1 = w0 + step
    after = scale * (network.output(w1, X) - shift) - y
    moved = after - residual
    # |r1|^2 - |r0|^2 by its factors: the difference of the squares would cancel for small steps.
    change = abs(float(moved @ (after + residual)))
    norm = differential_norm(network, w0, X) if norm is None else norm
    along = float(np.linalg.norm(network.jvp(w0, X, step)))
    return FirstStep(
        _ratio(change, float(residual @ residual)),
        _ratio(differential_change(network, w1, w0, X), norm),
        _ratio(float(np.linalg.norm(second_along(network, w0, X, step))), along),
    )


def _ratio(above: float, below: float) -> float:
    return above / below if below > 0 else float("nan")
