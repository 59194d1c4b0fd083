"""Fully connected networks of any depth, with hand-written derivatives, and their training.

Layer by layer a_0 = x, z_l = f_l W_l a_{l-1} + b_l, a_l = sigma(z_l), and h = f W a_last.  The
factors are f_1 = 1 and f_l = (fan in)^(-1/2) afterwards (NTK), or all 1 (standard), so that one
hidden layer is exactly `TwoLayer`; as there, inputs are expected to have norm about 1.  Arrays of
numpy and of torch are both accepted: one text serves either.
Source: Jacot, Gabriel, Hongler 2018 (parameterization and kernel); Pearlmutter 1994 (products
with second derivatives).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from lazygui.numerics.activations import activation_named
from lazygui.numerics.losses import LOSSES, Loss
from lazygui.numerics.networks import (
    Array,
    Initialization,
    Network,
    Parameterization,
    draw_output_weights,
)
from lazygui.numerics.training import Backend, check_problem, pick_backend

__all__ = ["MLP", "DeepNetwork", "Doubled", "MLPTrainer", "second_differential_lower_bound"]


class DeepNetwork(Network, Protocol):
    """A network with forward and backward passes over numpy or torch arrays."""

    def forward(self, w: Any, X: Any) -> tuple[Any, Any]:
        """h (n,) and what `backward` needs."""
        ...

    def backward(self, w: Any, trace: Any, r: Any) -> Any:
        """J^T r, (p,)."""
        ...

    def second_along(self, w: Array, X: Array, u: Array) -> Array:
        """D2h[u, u] at each input, (n,)."""
        ...

    def hessian_product(self, w: Array, X: Array, g: Array, u: Array) -> Array:
        """(sum_i g_i D2h(x_i)) u, (p,)."""
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
        xp, sigma = _namespace(w), activation_named(self.activation)
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
        gradient = _namespace(w).empty_like(w)
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

    def output(self, w: Array, X: Array) -> Array:
        """h(x_i; w), (n,)."""
        return np.asarray(self.forward(w, X)[0])

    def vjp(self, w: Array, X: Array, r: Array) -> Array:
        """J^T r, (p,)."""
        return np.asarray(self.backward(w, self.forward(w, X)[1], r))

    def jvp(self, w: Array, X: Array, v: Array) -> Array:
        """J v, (n,)."""
        return self._tangents(w, X, v)[0]

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

    def tangent_kernel(self, w: Array, X: Array, X2: Array | None = None) -> Array:
        """J(X) J(X2)^T, (n, n2): sum over layers of (f^2 a.a' + bias) (delta.delta')."""
        other = X if X2 is None else X2
        (_, left), (_, right) = self.forward(w, X), self.forward(w, other)
        total = np.zeros((len(X), len(other)))
        lefts = self._deltas(w, left, np.ones(len(X)))
        rights = self._deltas(w, right, np.ones(len(other)))
        for (depth, layer, delta), (_, _, twin) in zip(lefts, rights, strict=True):
            inner = layer.factor**2 * (left.entering[depth] @ right.entering[depth].T)
            total += (inner + float(layer.b is not None)) * (delta @ twin.T)
        return total

    def _tangents(self, w: Array, X: Array, v: Array) -> tuple[Array, Array, list[Array]]:
        """Dh[v] (n,), D2h[v, v] (n,), and z' of each hidden layer along w + t v."""
        sigma = activation_named(self.activation)
        layers, moves = self.layers(w), self.layers(v)
        a, da, dda = X, np.zeros_like(X), np.zeros_like(X)
        tangents: list[Array] = []
        for layer, move in zip(layers, moves, strict=True):
            z = layer(a)
            dz = move(a) + layer.factor * (da @ layer.W.T)
            ddz = layer.factor * (dda @ layer.W.T + 2.0 * da @ move.W.T)
            if layer is layers[-1]:
                break
            tangents.append(dz)
            a = sigma.value(np, z)
            gate = sigma.derivative(np, z, a)
            da, dda = gate * dz, sigma.second(np, z) * dz**2 + gate * ddz
        return dz[:, 0], ddz[:, 0], tangents

    def second_along(self, w: Array, X: Array, u: Array) -> Array:
        """D2h[u, u] at each input, (n,)."""
        return self._tangents(w, X, u)[1]

    def hessian_product(self, w: Array, X: Array, g: Array, u: Array) -> Array:
        """(sum_i g_i D2h(x_i)) u, (p,): the derivative of J^T g along u."""
        sigma = activation_named(self.activation)
        layers, moves = self.layers(w), self.layers(u)
        _, trace = self.forward(w, X)
        _, _, tangents = self._tangents(w, X, u)
        product = np.empty_like(w)
        slots = self.layers(product)
        delta, ddelta = g[:, None], np.zeros((len(X), 1))
        for depth in reversed(range(len(layers))):
            layer, move, a = layers[depth], moves[depth], trace.entering[depth]
            da = trace.gates[depth - 1] * tangents[depth - 1] if depth else np.zeros_like(a)
            slots[depth].W[...] = layer.factor * (ddelta.T @ a + delta.T @ da)
            if layer.b is not None:
                slots[depth].b[...] = ddelta.sum(0)
            if depth:
                gate = trace.gates[depth - 1]
                curvature = sigma.second(np, layers[depth - 1](trace.entering[depth - 1]))
                above = layer.factor * (delta @ layer.W)
                dabove = layer.factor * (ddelta @ layer.W + delta @ move.W)
                delta, ddelta = above * gate, dabove * gate + above * curvature * tangents[depth - 1]
        return product


@dataclass(frozen=True)
class Doubled:
    """(f(u) - f(v))/sqrt 2 with w = (u, v) and u0 = v0: h(w0) = 0, and the tangent kernel of f.

    Source: the doubling trick, Chizat, Oyallon, Bach 2019, section 1.1.
    """

    network: MLP

    @property
    def inputs(self) -> int:
        """Dimension d of the inputs."""
        return self.network.inputs

    @property
    def activation(self) -> str:
        """Name of the activation."""
        return self.network.activation

    @property
    def n_parameters(self) -> int:
        """2 p."""
        return 2 * self.network.n_parameters

    def _halves(self, w: Any) -> tuple[Any, Any]:
        if tuple(w.shape) != (self.n_parameters,):
            raise ValueError(
                f"The weights have shape {tuple(w.shape)}, "
                f"this network needs ({self.n_parameters},)."
            )
        return w[: len(w) // 2], w[len(w) // 2 :]

    def initial(
        self,
        rng: np.random.Generator,
        initialization: Initialization = Initialization.DOUBLED,
        output_law: str = "gaussian",
        gain: float = 1.0,
    ) -> Array:
        """Draw w0 = (u0, u0), (2 p,)."""
        Initialization(initialization)
        u = self.network.initial(rng, Initialization.PLAIN, output_law, gain)
        return np.concatenate((u, u))

    def forward(self, w: Any, X: Any) -> tuple[Any, Any]:
        """h (n,) and what `backward` needs."""
        (f, left), (g, right) = (self.network.forward(half, X) for half in self._halves(w))
        return (f - g) * 0.5**0.5, (left, right)

    def backward(self, w: Any, trace: Any, r: Any) -> Any:
        """J^T r, (2 p,)."""
        u, v = self._halves(w)
        share = r * 0.5**0.5
        parts = self.network.backward(u, trace[0], share), self.network.backward(v, trace[1], -share)
        return _namespace(w).concatenate(parts)

    def output(self, w: Array, X: Array) -> Array:
        """h(x_i; w), (n,)."""
        return np.asarray(self.forward(w, X)[0])

    def vjp(self, w: Array, X: Array, r: Array) -> Array:
        """J^T r, (2 p,)."""
        return np.asarray(self.backward(w, self.forward(w, X)[1], r))

    def jvp(self, w: Array, X: Array, v: Array) -> Array:
        """J v, (n,)."""
        pairs = zip(self._halves(w), self._halves(v), strict=True)
        left, right = (self.network.jvp(half, X, move) for half, move in pairs)
        return (left - right) * 0.5**0.5

    def jacobian(self, w: Array, X: Array) -> Array:
        """J, (n, 2 p)."""
        left, right = (self.network.jacobian(half, X) for half in self._halves(w))
        return np.concatenate((left, -right), axis=1) * 0.5**0.5

    def tangent_kernel(self, w: Array, X: Array, X2: Array | None = None) -> Array:
        """J(X) J(X2)^T, (n, n2): the mean of the kernels of the two halves."""
        left, right = (self.network.tangent_kernel(half, X, X2) for half in self._halves(w))
        return 0.5 * (left + right)

    def second_along(self, w: Array, X: Array, u: Array) -> Array:
        """D2h[u, u] at each input, (n,)."""
        pairs = zip(self._halves(w), self._halves(u), strict=True)
        left, right = (self.network.second_along(half, X, move) for half, move in pairs)
        return (left - right) * 0.5**0.5

    def hessian_product(self, w: Array, X: Array, g: Array, u: Array) -> Array:
        """(sum_i g_i D2h(x_i)) u, (2 p,)."""
        pairs = zip(self._halves(w), self._halves(u), strict=True)
        left, right = (self.network.hessian_product(half, X, g, move) for half, move in pairs)
        return np.concatenate((left, -right)) * 0.5**0.5


class MLPTrainer:
    """Gradient descent on F_alpha for a deep network; as `TwoLayerTrainer`, without its blocks.

    X (n, d), y and offset (n,), w0 (p,).  Raises ValueError for shapes that do not match, a
    scale that is not positive, or a device that is absent.
    """

    def __init__(  # noqa: PLR0913 - the same arguments as every trainer
        self,
        network: DeepNetwork,
        w0: Array,
        X: Array,
        y: Array,
        scale: float = 1.0,
        offset: Array | None = None,
        loss: Loss = LOSSES["square"],
        dtype: str = "float64",
        device: str = "cpu",
        backend: str | None = None,
    ) -> None:
        check_problem(network, X, y, scale, offset)
        self.network, self.scale, self._criterion = network, float(scale), loss
        effective = max(1, network.n_parameters // (network.inputs + 1))
        chosen = backend or pick_backend(
            effective, len(X), network.inputs, device, network.activation
        )
        self.backend = Backend.named(chosen, dtype)
        self._inputs, self._targets = self.backend.array(X), self.backend.array(y)
        self._shift = self.backend.array(scale * (np.zeros(len(X)) if offset is None else offset))
        self.set_weights(w0)

    @property
    def weights(self) -> Array:
        """Copy of the current w, float64 (p,)."""
        return self.backend.numpy(self._w)

    def set_weights(self, w: Array) -> None:
        """Continue from w (p,)."""
        self._w = self.backend.array(w)
        with np.errstate(over="ignore", invalid="ignore"):
            self._forward()

    @property
    def loss(self) -> float:
        """R(f) at the current weights; the training objective F_alpha is loss / alpha^2."""
        with np.errstate(over="ignore", invalid="ignore"):
            return float(self._criterion.value(self._outputs, self._targets, self.backend.xp))

    def outputs(self) -> Array:
        """Copy of f = alpha (h(w) - o) on the training inputs, float64 (n,)."""
        return self.backend.numpy(self._outputs)

    def advance(self, steps: int, learning_rate: float) -> None:
        """Take `steps` gradient steps; a diverging run ends in inf or nan without a warning."""
        factor, xp = learning_rate / (self.scale * len(self._inputs)), self.backend.xp
        with np.errstate(over="ignore", invalid="ignore"):
            for _ in range(steps):
                residual = self._criterion.residual(self._outputs, self._targets, xp) * factor
                self._w -= self.network.backward(self._w, self._trace, residual)
                self._forward()

    def _forward(self) -> None:
        h, self._trace = self.network.forward(self._w, self._inputs)
        self._outputs = self.scale * h - self._shift


def second_differential_lower_bound(
    network: DeepNetwork, w: Array, X: Array, starts: int = 6, steps: int = 60
) -> float:
    """A lower bound of ||D2h|| = sup ||D2h[u, u]||_F over unit u (p,), usually its value.

    u <- B_g u + shift u with g = D2h[u, u] normalized in F and B_g = (1/n) sum_i g_i D2h(x_i),
    from several random starts; local maxima cannot be excluded.
    """
    rng, best = np.random.default_rng(0), 0.0
    for _ in range(starts):
        u = rng.standard_normal(network.n_parameters)
        for _ in range(steps):
            u = u / np.linalg.norm(u)
            g = network.second_along(w, X, u)
            norm = float(np.sqrt(np.mean(g * g)))
            best = max(best, norm)
            if norm == 0.0:
                break
            u = network.hessian_product(w, X, g / (norm * len(X)), u) + 0.25 * norm * u
    return best


def _namespace(array: Any) -> Any:
    if isinstance(array, np.ndarray):
        return np
    import torch

    return torch
