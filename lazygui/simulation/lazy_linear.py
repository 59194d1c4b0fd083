"""The linearization beside a network: with the kernel of its samples, or by products alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lazygui.numerics.linearization import LinearizedModel, linearize
from lazygui.numerics.losses import Loss
from lazygui.numerics.matrix_free import JacobianAt, MatrixFreeModel, linearize_matrix_free
from lazygui.numerics.networks import Array, Network
from lazygui.numerics.tangent_kernel import LARGEST_KERNEL, leading_eigenvalues

__all__ = ["LinearStart", "linear_start", "shift_of"]


@dataclass(frozen=True)
class LinearStart:
    """The linearization, and eigenvalues of Θ/n, increasing: all of them, or Ritz values (k,)."""

    model: LinearizedModel
    eigenvalues: Array
    complete: bool

    @property
    def lambda_max(self) -> float:
        """The largest eigenvalue of Θ/n."""
        return float(self.eigenvalues[-1])


def linear_start(
    network: Network, w0: Array, X: Array, f0: Array, y: Array, scale: float, loss: Loss
) -> LinearStart:
    """The linearization at w₀ (p,) on X (n, d), with f0 = α(h(w₀) − o) and targets y, both (n,).

    Up to `LARGEST_KERNEL` samples it holds the kernel, above it makes products with the Jacobian.
    Raises ValueError if kernel, start or targets are not finite.
    """
    if len(y) > LARGEST_KERNEL:
        spectrum = leading_eigenvalues(network, w0, X)
        jacobian = JacobianAt(network, w0, X)
        model = linearize_matrix_free(jacobian, f0, y, scale, loss, float(spectrum[-1]))
        return LinearStart(model, spectrum, complete=False)
    kernel = network.tangent_kernel(w0, X)
    linear = linearize(kernel, f0, y, scale, loss)
    known = getattr(linear, "eigenvalues", None)
    eigenvalues = np.linalg.eigvalsh(kernel / len(y)) if known is None else known
    return LinearStart(linear, np.asarray(eigenvalues, dtype=float), complete=True)


def shift_of(linear: LinearizedModel, network: Network, w0: Array, X: Array) -> Array:
    """w̄ − w₀ = −Jᵀu/(αn), (p,): one backward pass at w₀, once a step where the model keeps it."""
    if isinstance(linear, MatrixFreeModel):
        return linear.shift()
    dual = linear.dual()
    return -network.vjp(w0, X, dual) / (linear.scale * len(dual))
