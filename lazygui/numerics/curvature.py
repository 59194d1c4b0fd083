"""Second differentials of fully connected networks along directions, at one w.

What the passes through the network at w give is kept: of the products that remain, most of the
matrix ones and all activations do not depend on the direction.
Source: Pearlmutter 1994, "Fast exact multiplication by the Hessian".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from lazygui.numerics.activations import activation_named
from lazygui.numerics.interruption import checkpoint
from lazygui.numerics.networks import Array, quiet

if TYPE_CHECKING:
    from lazygui.numerics.mlp import MLP

__all__ = ["Curvature", "LayeredCurvature"]


class Curvature(Protocol):
    """D2h(w) on n inputs."""

    def along(self, u: Array) -> Array:
        """D2h[u, u] at each input, (n,), for u (p,)."""
        ...

    def product(self, g: Array) -> Array:
        """(sum_i g_i D2h(x_i)) u, (p,), for g (n,) and the u of the last `along`."""
        ...


class LayeredCurvature:
    """`Curvature` of an `MLP` at w (p,) on inputs X (n, d).

    Per hidden layer, all (n, m): a, sigma'(z), sigma''(z) and dh/da, which no direction changes.
    """

    @quiet()
    def __init__(self, network: MLP, w: Array, X: Array) -> None:
        checkpoint()
        sigma = activation_named(network.activation)
        self._network, self._layers = network, network.layers(w)
        self._values, self._gates, self._bends = [X], [], []
        for layer in self._layers[:-1]:
            z = layer(self._values[-1])
            value = sigma.value(np, z)
            self._bends.append(sigma.second(np, z, value))
            self._gates.append(sigma.derivative(np, z, value, out=z))
            self._values.append(value)
        self._above: list[Array] = []
        delta = np.ones((len(X), 1))
        for layer, gate in zip(self._layers[:0:-1], self._gates[::-1], strict=True):
            above = layer.factor * (delta @ layer.W)
            self._above.insert(0, above)
            delta = above * gate
        self._moves: list[Any] = []
        self._tangents: list[Array] = []
        self._moved: list[Array] = []

    @quiet()
    def along(self, u: Array) -> Array:
        """D2h[u, u] at each input, (n,), for u (p,)."""
        checkpoint()
        self._moves = self._network.layers(u)
        dz, self._tangents, self._moved = self._moves[0](self._values[0]), [], []
        ddz: Array | None = None
        for depth, gate in enumerate(self._gates):
            layer, move = self._layers[depth + 1], self._moves[depth + 1]
            da, dda = gate * dz, self._bends[depth] * (dz * dz)
            if ddz is not None:
                dda += gate * ddz
            self._tangents.append(dz)
            self._moved.append(da)
            dz = layer.factor * (da @ layer.W.T) + move(self._values[depth + 1])
            ddz = layer.factor * (dda @ layer.W.T + 2.0 * (da @ move.W.T))
        assert ddz is not None
        return np.asarray(ddz[:, 0])

    @quiet()
    def product(self, g: Array) -> Array:
        """(sum_i g_i D2h(x_i)) u, (p,), for g (n,) and the u of the last `along`."""
        result, column = np.empty(self._network.n_parameters), g[:, None]
        slots = self._network.layers(result)
        # g dh/dz of each layer, and how it changes along u.
        delta, ddelta = column, np.zeros_like(column)
        for depth in reversed(range(len(self._layers))):
            layer, move = self._layers[depth], self._moves[depth]
            slope = ddelta.T @ self._values[depth]
            if depth:
                slope += delta.T @ self._moved[depth - 1]
            slots[depth].W[...] = layer.factor * slope
            if layer.b is not None:
                slots[depth].b[...] = ddelta.sum(0)
            if depth:
                above, gate = column * self._above[depth - 1], self._gates[depth - 1]
                dabove = layer.factor * (ddelta @ layer.W + delta @ move.W)
                bend = above * (self._bends[depth - 1] * self._tangents[depth - 1])
                delta, ddelta = above * gate, dabove * gate + bend
        return result
