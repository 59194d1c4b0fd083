"""The doubling trick for deep networks: a difference of two copies that starts at zero."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from lazygui.numerics.curvature import Curvature
from lazygui.numerics.mlp import MLP, namespace_of
from lazygui.numerics.networks import Array, Initialization, quiet

__all__ = ["Doubled"]

_SHARE = math.sqrt(0.5)


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
        return (f - g) * _SHARE, (left, right)

    def backward(self, w: Any, trace: Any, r: Any) -> Any:
        """J^T r, (2 p,)."""
        u, v = self._halves(w)
        share = r * _SHARE
        parts = (
            self.network.backward(u, trace[0], share),
            self.network.backward(v, trace[1], -share),
        )
        return namespace_of(w).concatenate(parts)

    @quiet()
    def output(self, w: Array, X: Array) -> Array:
        """h(x_i; w), (n,)."""
        return np.asarray(self.forward(w, X)[0])

    @quiet()
    def vjp(self, w: Array, X: Array, r: Array) -> Array:
        """J^T r, (2 p,)."""
        u, v = self._halves(w)
        share = r * _SHARE
        return np.concatenate((self.network.vjp(u, X, share), self.network.vjp(v, X, -share)))

    @quiet()
    def jvp(self, w: Array, X: Array, v: Array) -> Array:
        """J v, (n,)."""
        pairs = zip(self._halves(w), self._halves(v), strict=True)
        left, right = (self.network.jvp(half, X, move) for half, move in pairs)
        return (left - right) * _SHARE

    def jacobian(self, w: Array, X: Array) -> Array:
        """J, (n, 2 p)."""
        left, right = (self.network.jacobian(half, X) for half in self._halves(w))
        return np.concatenate((left, -right), axis=1) * _SHARE

    def tangent_kernel(self, w: Array, X: Array, X2: Array | None = None) -> Array:
        """J(X) J(X2)^T, (n, n2): the mean of the kernels of the two halves."""
        left, right = (self.network.tangent_kernel(half, X, X2) for half in self._halves(w))
        return 0.5 * (left + right)

    def kernel_product(self, w: Array, X: Array, u: Array) -> Array:
        """J J^T u, (n,)."""
        left, right = (self.network.kernel_product(half, X, u) for half in self._halves(w))
        return 0.5 * (left + right)

    def change_gram(self, w: Array, w0: Array, X: Array) -> Array:
        """(J(w) - J(w0)) (J(w) - J(w0))^T, (n, n)."""
        pairs = zip(self._halves(w), self._halves(w0), strict=True)
        left, right = (self.network.change_gram(half, start, X) for half, start in pairs)
        return 0.5 * (left + right)

    def curvature(self, w: Array, X: Array) -> Curvature:
        """D2h(w) on X."""
        left, right = (self.network.curvature(half, X) for half in self._halves(w))
        return _DoubledCurvature(left, right)


@dataclass(frozen=True)
class _DoubledCurvature:
    """That of (f(u) - f(v))/sqrt 2, from those of its halves."""

    left: Curvature
    right: Curvature

    def along(self, u: Array) -> Array:
        first, second = np.split(u, 2)
        return (self.left.along(first) - self.right.along(second)) * _SHARE

    def product(self, g: Array) -> Array:
        return np.concatenate((self.left.product(g), -self.right.product(g))) * _SHARE
