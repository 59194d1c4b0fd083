"""Many weight vectors of one network at once, and what its neurons are inside of a weight vector.

A batch of weights is (k, p), one vector per row. `outputs_at` writes the composition of layers out
once more, independently of the networks' own forward passes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lazygui.numerics.activations import activation_named
from lazygui.numerics.doubled import Doubled
from lazygui.numerics.mlp import MLP
from lazygui.numerics.networks import Array, Network, TwoLayer, quiet

__all__ = ["evaluations", "neuron_rows", "outputs_at", "permutation"]

Places = NDArray[np.intp]

# Activations of one block of weight vectors: 2 MB, which the second-level cache still helps.
_BLOCK = 262_144
# Multiplications and additions that take the time of one tanh.
_PRODUCTS_PER_ACTIVATION = 40


@quiet()
def outputs_at(network: Network, weights: Array, X: Array) -> Array:
    """h(x_i; w_k), shape (k, n), for weights (k, p) and inputs (n, d), block by block.

    Source: slide "Feedforward neural networks".
    """
    step = max(1, int(_BLOCK / max(evaluations(network, len(X)), 1.0)))
    blocks = [
        _outputs(network, weights[start : start + step], X)
        for start in range(0, len(weights), step)
    ]
    return np.concatenate(blocks) if blocks else np.empty((0, len(X)))


def _outputs(network: Network, weights: Array, X: Array) -> Array:
    if isinstance(network, Doubled):
        half = weights.shape[1] // 2
        left, right = weights[:, :half], weights[:, half:]
        difference = _outputs(network.network, left, X) - _outputs(network.network, right, X)
        return np.asarray(difference / np.sqrt(2.0))
    if isinstance(network, MLP):
        return _composed(network, weights, X)
    if isinstance(network, TwoLayer):
        return _two_layers(network, weights, X)
    return np.stack([network.output(w, X) for w in weights])


def _two_layers(network: TwoLayer, weights: Array, X: Array) -> Array:
    k, m, d = len(weights), network.width, network.inputs
    rows = weights[:, : m * d].reshape(k * m, d)
    z = (rows @ X.T).reshape(k, m, len(X))
    if network.bias:
        z += weights[:, m * d : m * d + m, None]
    value = activation_named(network.activation).value(np, z)
    return np.asarray(network.prefactor * (weights[:, None, -m:] @ value)[:, 0])


def _composed(network: MLP, weights: Array, X: Array) -> Array:
    sigma = activation_named(network.activation)
    a: Any = X
    layout = network.layers(np.arange(network.n_parameters))
    for layer in layout:
        out, fan_in = layer.W.shape
        start = layer.W[0, 0]
        W = weights[:, start : start + out * fan_in].reshape(-1, out, fan_in)
        z = layer.factor * (a @ W.swapaxes(1, 2))
        if layer.b is not None:
            z += weights[:, None, layer.b]
        a = z if layer is layout[-1] else sigma.value(np, z)
    return np.asarray(a[:, :, 0])


def evaluations(network: Network, examples: int) -> float:
    """What one forward pass costs, in evaluations of the activation on one neuron and input."""
    if isinstance(network, Doubled):
        return 2.0 * evaluations(network.network, examples)
    hidden = network.hidden if isinstance(network, MLP) else (getattr(network, "width", 1),)
    products = examples * network.n_parameters / _PRODUCTS_PER_ACTIVATION
    return float(examples * sum(hidden) + products)


def permutation(network: Network, rng: np.random.Generator) -> Places:
    """Places (p,) such that w[places] is w with the neurons of each hidden layer in a cycle.

    Each neuron takes the place of the next one of a random order, weights in and out together:
    the function h(., w) stays the same.
    """
    if isinstance(network, Doubled):
        half = permutation(network.network, rng)
        return np.concatenate((half, half + len(half)))
    return np.concatenate(list(_permuted(network, rng)))


def _permuted(network: Network, rng: np.random.Generator) -> Iterator[Places]:
    places = np.arange(network.n_parameters)
    if isinstance(network, MLP):
        before: Any = slice(None)
        layers = network.layers(places)
        for layer in layers:
            order: Any = slice(None) if layer is layers[-1] else _cycle(len(layer.W), rng)
            yield layer.W[order][:, before].ravel()
            if layer.b is not None:
                yield layer.b[order]
            before = order
        return
    if not isinstance(network, TwoLayer):
        raise ValueError(f"The neurons of {type(network).__name__} are not known: use two layers.")
    m, md = network.width, network.width * network.inputs
    order = _cycle(m, rng)
    yield places[:md].reshape(m, -1)[order].ravel()
    yield from (block[order] for block in places[md:].reshape(-1, m))


def _cycle(count: int, rng: np.random.Generator) -> Places:
    order, places = rng.permutation(count), np.empty(count, dtype=np.intp)
    places[order] = np.roll(order, 1)
    return places


def neuron_rows(network: Network) -> list[Places]:
    """For each neuron, the output included, the places in w of its incoming weights and bias."""
    if isinstance(network, Doubled):
        half = neuron_rows(network.network)
        return half + [places + network.network.n_parameters for places in half]
    places = np.arange(network.n_parameters)
    if isinstance(network, MLP):
        return [row for layer in network.layers(places) for row in _rows(layer.W, layer.b)]
    if not isinstance(network, TwoLayer):
        return [places]
    m, md = network.width, network.width * network.inputs
    biases = places[md : md + m] if network.bias else None
    return [*_rows(places[:md].reshape(m, -1), biases), places[-m:]]


def _rows(W: Places, b: Places | None) -> list[Places]:
    return list(W) if b is None else list(np.column_stack((W, b)))
