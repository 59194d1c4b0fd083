"""Fully connected networks of any depth, with hand-written derivatives.

Layer by layer a_0 = x, z_l = f_l W_l a_{l-1} + b_l, a_l = sigma(z_l), and h = f W a_last.  The
factors are f_1 = 1 and f_l = (fan in)^(-1/2) afterwards (NTK), or all 1 (standard), so that one
hidden layer is exactly `TwoLayer`; as there, inputs are expected to have norm about 1.  Arrays of
numpy and of torch are both accepted: one text serves either.
Source: Jacot, Gabriel, Hongler 2018 (parameterization and kernel).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from lazygui.numerics.activations import activation_named
from lazygui.numerics.curvature import Curvature, LayeredCurvature
from lazygui.numerics.initial_laws import draw_output_weights
from lazygui.numerics.interruption import checkpoint
from lazygui.numerics.networks import (
    Array,
    Initialization,
    Network,
    Parameterization,
    quiet,
)

__all__ = ["MLP", "DeepNetwork", "namespace_of"]

_BLOCK_ENTRIES = 524_288


class DeepNetwork(Network, Protocol):
    """A network with forward and backward passes over numpy or torch arrays."""

    def forward(self, w: Any, X: Any) -> tuple[Any, Any]:
        """h (n,) and what `backward` needs."""
        ...

    def backward(self, w: Any, trace: Any, r: Any) -> Any:
        """J^T r, (p,)."""
        ...

    def change_gram(self, w: Array, w0: Array, X: Array) -> Array:
        """(J(w) - J(w0)) (J(w) - J(w0))^T, (n, n), without cancellation."""
        ...

    def curvature(self, w: Array, X: Array) -> Curvature:
        """D2h(w) on X (n, d), for any number of directions."""
        ...


@dataclass(frozen=True)
class _Layer:
    W: Any  # (fan out, fan in)
    b: Any  # (fan out,) or None
    factor: float

    def __call__(self, a: Any) -> Any:
        z = self.factor * (a @ self.W.T)
        return z if self.b is None else z + self.b


@dataclass(frozen=True)
class _Trace:
    """Of each hidden layer: what entered it, and sigma'(z); then what entered the output."""

    entering: list[Any]
    gates: list[Any]


@dataclass(frozen=True)
class MLP:
    """h(x; w) with hidden layers of the given widths and w = (W_1, [b_1], W_2, ..., W_out).

    Each W_l (fan out, fan in) is row-major; the output layer has no bias.
    Raises ValueError for no or empty layers and for the mean-field parameterization.
    """

    hidden: tuple[int, ...]
    activation: str
    inputs: int
    bias: bool = False
    parameterization: Parameterization = Parameterization.NTK

    def __post_init__(self) -> None:
        activation_named(self.activation)
        object.__setattr__(self, "hidden", tuple(self.hidden))
        object.__setattr__(self, "parameterization", Parameterization(self.parameterization))
        if self.parameterization is Parameterization.MEAN_FIELD:
            raise ValueError(
                "A deep network has no mean-field parameterization here: choose ntk or standard."
            )
        if not self.hidden or min((self.inputs, *self.hidden)) < 1:
            raise ValueError(
                f"A network with {self.inputs} inputs and hidden widths {self.hidden} is "
                "impossible: give at least one layer and sizes of at least 1."
            )

    @property
    def _shapes(self) -> list[tuple[int, int]]:
        sizes = (self.inputs, *self.hidden, 1)
        return list(zip(sizes[1:], sizes[:-1], strict=True))

    @property
    def n_parameters(self) -> int:
        """Number p of weights."""
        return sum(out * fan_in for out, fan_in in self._shapes) + self.bias * sum(self.hidden)

    def layers(self, w: Any) -> list[_Layer]:
        """Views of w, layer by layer; raises ValueError if w is not of shape (p,)."""
        if tuple(w.shape) != (self.n_parameters,):
            raise ValueError(
                f"The weights have shape {tuple(w.shape)}, "
                f"this network needs ({self.n_parameters},)."
            )
        found, start = [], 0
        for depth, (out, fan_in) in enumerate(self._shapes):
            W = w[start : start + out * fan_in].reshape(out, fan_in)
            start += out * fan_in
            b = None
            if self.bias and depth < len(self.hidden):
                b = w[start : start + out]
                start += out
            scaled = depth > 0 and self.parameterization is Parameterization.NTK
            found.append(_Layer(W, b, fan_in**-0.5 if scaled else 1.0))
        return found

    def initial(
        self,
        rng: np.random.Generator,
        initialization: Initialization = Initialization.PLAIN,
        output_law: str = "gaussian",
        gain: float = 1.0,
    ) -> Array:
        """Draw w0 (p,): N(0, 1), or N(0, 1/fan in) after the first layer if standard; times gain.

        Raises ValueError for DOUBLED, which is the wrapper `Doubled`, and unknown output laws.
        """
        if Initialization(initialization) is Initialization.DOUBLED:
            raise ValueError("A deep network is doubled by the wrapper Doubled(network).")
        w = rng.standard_normal(self.n_parameters)
        layers = self.layers(w)
        layers[-1].W[:] = draw_output_weights(rng, self.hidden[-1], output_law)
        if self.parameterization is Parameterization.STANDARD:
            for layer in layers[1:]:
                layer.W[:] /= np.sqrt(layer.W.shape[1])
        return w * gain

    def forward(self, w: Any, X: Any) -> tuple[Any, _Trace]:
        """h (n,) and what `backward` needs."""
        checkpoint()
        xp, sigma = namespace_of(w), activation_named(self.activation)
        *hidden, last = self.layers(w)
        trace, a = _Trace([], []), X
        for layer in hidden:
            z = layer(a)
            trace.entering.append(a)
            a = sigma.value(xp, z)
            trace.gates.append(sigma.derivative(xp, z, a, out=z))
        trace.entering.append(a)
        return last(a)[:, 0], trace

    def backward(self, w: Any, trace: _Trace, r: Any) -> Any:
        """J^T r, (p,)."""
        gradient = namespace_of(w).empty_like(w)
        slots = self.layers(gradient)
        for depth, layer, delta in self._deltas(w, trace, r):
            slots[depth].W[...] = layer.factor * (delta.T @ trace.entering[depth])
            if layer.b is not None:
                slots[depth].b[...] = delta.sum(0)
        return gradient

    def _deltas(self, w: Any, trace: _Trace, r: Any) -> Iterator[tuple[int, _Layer, Any]]:
        """From the output down: (depth, layer, r dh/dz of the layer (n, fan out))."""
        layers, delta = self.layers(w), r[:, None]
        for depth in reversed(range(len(layers))):
            layer = layers[depth]
            yield depth, layer, delta
            if depth:
                delta = layer.factor * (delta @ layer.W) * trace.gates[depth - 1]

    @quiet()
    def output(self, w: Array, X: Array) -> Array:
        """h(x_i; w), (n,)."""
        return np.asarray(self.forward(w, X)[0])

    @quiet()
    def vjp(self, w: Array, X: Array, r: Array) -> Array:
        """J^T r, (p,), summed over blocks of samples."""
        first, *others = self._blocks(len(X))
        total = np.asarray(self.backward(w, self.forward(w, X[first])[1], r[first]))
        for rows in others:
            total += self.backward(w, self.forward(w, X[rows])[1], r[rows])
        return total

    @quiet()
    def jvp(self, w: Array, X: Array, v: Array) -> Array:
        """J v, (n,)."""
        return np.concatenate([self._pushed(w, X[b], v) for b in self._blocks(len(X))])

    def _pushed(self, w: Array, X: Array, v: Array) -> Array:
        checkpoint()
        sigma = activation_named(self.activation)
        *hidden, last = zip(self.layers(w), self.layers(v), strict=True)
        a, da = X, np.zeros_like(X)
        for layer, move in hidden:
            z = layer(a)
            dz = move(a) + layer.factor * (da @ layer.W.T)
            a = sigma.value(np, z)
            da = sigma.derivative(np, z, a) * dz
        layer, move = last
        moved: Array = move(a) + layer.factor * (da @ layer.W.T)
        return moved[:, 0]

    def kernel_product(self, w: Array, X: Array, u: Array) -> Array:
        """J J^T u, (n,)."""
        return self.jvp(w, X, self.vjp(w, X, u))

    def _blocks(self, examples: int) -> list[slice]:
        """Samples whose pre-activations, about ten times at once, stay below 50 MB."""
        size = max(1, _BLOCK_ENTRIES // max(self.inputs, *self.hidden, sum(self.hidden)))
        return [slice(k, k + size) for k in range(0, max(examples, 1), size)]

    @quiet()
    def jacobian(self, w: Array, X: Array) -> Array:
        """J, (n, p), columns in the order of w."""
        _, trace = self.forward(w, X)
        parts: list[Array] = []
        for depth, layer, delta in self._deltas(w, trace, np.ones(len(X))):
            if layer.b is not None:
                parts.append(delta)
            outer = layer.factor * delta[:, :, None] * trace.entering[depth][:, None, :]
            parts.append(outer.reshape(len(X), -1))
        return np.concatenate(parts[::-1], axis=1)

    @quiet()
    def tangent_kernel(self, w: Array, X: Array, X2: Array | None = None) -> Array:
        """J(X) J(X2)^T, (n, n2): sum over layers of (f^2 a.a' + bias) (delta.delta')."""
        lefts = self._factors(w, X)
        rights = lefts if X2 is None else self._factors(w, X2)
        total = np.zeros((len(X), len(X if X2 is None else X2)))
        for (layer, a, delta), (_, b, twin) in zip(lefts, rights, strict=True):
            inner = a @ b.T
            inner *= layer.factor**2
            inner += float(layer.b is not None)
            inner *= delta @ twin.T
            total += inner
        return total

    @quiet()
    def change_gram(self, w: Array, w0: Array, X: Array) -> Array:
        """(J(w) - J(w0)) (J(w) - J(w0))^T, (n, n), without cancellation."""
        pairs = zip(self._factors(w, X), self._factors(w0, X), strict=True)
        return sum((_change(*now, *start[1:]) for now, start in pairs), np.zeros(()))

    def _factors(self, w: Array, X: Array) -> list[tuple[_Layer, Array, Array]]:
        """(layer, what enters it (n, fan in), dh/dz of it (n, fan out)) from the output down."""
        _, trace = self.forward(w, X)
        deltas = self._deltas(w, trace, np.ones(len(X)))
        return [(layer, trace.entering[depth], delta) for depth, layer, delta in deltas]

    def curvature(self, w: Array, X: Array) -> Curvature:
        """D2h(w) on X."""
        return LayeredCurvature(self, w, X)


def _change(layer: _Layer, a: Array, delta: Array, a0: Array, delta0: Array) -> Array:
    """What a layer adds to `change_gram`, (n, n).

    J = f delta a^T changes by f [(delta - delta_0) a^T + delta_0 (a - a_0)^T], a bias's by
    delta - delta_0.
    """
    checkpoint()
    turn, shift = delta - delta0, a - a0
    turned, mixed = turn @ turn.T, (turn @ delta0.T) * (a @ shift.T)
    change = turned * (a @ a.T) + mixed + mixed.T + (delta0 @ delta0.T) * (shift @ shift.T)
    change *= layer.factor**2
    return change if layer.b is None else change + turned


def namespace_of(array: Any) -> Any:
    """The namespace of an array: numpy or torch."""
    if isinstance(array, np.ndarray):
        return np
    import torch

    return torch
