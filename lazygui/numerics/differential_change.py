"""How much the differential changes between two weights: ||Dh(w) - Dh(w0)||.

Differences are taken neuron by neuron or layer by layer, before anything is summed, so that small
changes keep their digits.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

import numpy as np

from lazygui.numerics.activations import Activation, activation_named
from lazygui.numerics.interruption import checkpoint
from lazygui.numerics.krylov import Product, largest_eigenvalues
from lazygui.numerics.networks import Array, Network, TwoLayer, neurons_per_block, quiet
from lazygui.numerics.tangent_kernel import LARGEST_KERNEL

if TYPE_CHECKING:
    from lazygui.numerics.mlp import DeepNetwork

__all__ = ["differential_change", "neuron_blocks", "preactivations"]

# Samples up to which all eigenvalues are as cheap as the largest.
_SMALL = 128


@quiet()
def differential_change(network: Network, w: Array, w0: Array, X: Array) -> float:
    """||Dh(w) - Dh(w0)|| = sigma_max(J(w) - J(w0))/sqrt n, without cancellation."""
    if not np.isfinite(w).all():
        return float("inf")
    try:
        return float(np.sqrt(max(_largest(network, w, w0, X), 0.0) / len(X)))
    except ValueError:  # finite weights, yet outputs beyond all numbers
        return float("inf")


def _largest(network: Network, w: Array, w0: Array, X: Array) -> float:
    """sigma_max(J(w) - J(w0))^2. Raises ValueError if that is not finite."""
    n = len(X)
    if n > LARGEST_KERNEL:
        product = _two_layer_product if isinstance(network, TwoLayer) else _product
        return float(largest_eigenvalues(product(network, w, w0, X), n, 1e-6)[-1])
    if isinstance(network, TwoLayer):
        gram = _change_gram(network, w, w0, X)
    else:
        gram = cast("DeepNetwork", network).change_gram(w, w0, X)
    if n > _SMALL:
        return float(largest_eigenvalues(gram.__matmul__, n)[-1])
    if not np.isfinite(gram).all():
        raise ValueError("The change of the differential is not finite.")
    return float(np.linalg.eigvalsh(gram)[-1])


def _product(network: Network, w: Array, w0: Array, X: Array) -> Product:
    """Multiplication with (J(w) - J(w0)) (J(w) - J(w0))^T by passes through the network."""

    def product(u: Array) -> Array:
        pulled = network.vjp(w, X, u) - network.vjp(w0, X, u)
        return network.jvp(w, X, pulled) - network.jvp(w0, X, pulled)

    return product


def _two_layer_product(network: Network, w: Array, w0: Array, X: Array) -> Product:
    """The same, block by block of neurons."""
    assert isinstance(network, TwoLayer)
    sigma, n = activation_named(network.activation), len(X)
    parts, starts = network.split(w), network.split(w0)

    def product(u: Array) -> Array:
        total, weighted = np.zeros(n), u[:, None] * X
        for rows in neuron_blocks(network, n):
            (value, gate), (value0, gate0) = (
                _value_and_gate(sigma, part, rows, X) for part in (parts, starts)
            )
            value, gate = value - value0, gate - gate0
            inner = (gate @ weighted) @ X.T
            inner += float(network.bias) * (gate @ u)[:, None]
            total += (value @ u) @ value + np.sum(gate * inner, axis=0)
        return total * network.prefactor**2

    return product


def _change_gram(network: TwoLayer, w: Array, w0: Array, X: Array) -> Array:
    """(J(w) - J(w0)) (J(w) - J(w0))^T, (n, n), block by block of neurons."""
    sigma, n = activation_named(network.activation), len(X)
    values, gates = np.zeros((n, n)), np.zeros((n, n))
    parts, starts = network.split(w), network.split(w0)
    for rows in neuron_blocks(network, n):
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
    z = preactivations(a, b, rows, X)
    value = sigma.value(np, z)
    return value, c[rows, None] * sigma.derivative(np, z, value)


def preactivations(a: Array, b: Array | None, rows: slice, X: Array) -> Array:
    """z = a_j.x + b_j of some neurons on all inputs, (b, n)."""
    z: Array = a[rows] @ X.T
    return z if b is None else z + b[rows, None]


def neuron_blocks(network: TwoLayer, examples: int) -> Iterator[slice]:
    """Neurons whose pre-activations fit the cache, block by block."""
    size = neurons_per_block(examples)
    for first in range(0, network.width, size):
        checkpoint()
        yield slice(first, min(first + size, network.width))
