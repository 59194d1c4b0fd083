"""The tangent kernel Theta = J J^T (n, n), its spectrum and its drift during training.

Theta/n acts on residuals in the norm <f, g>_F = (1/n) sum f_i g_i; its largest eigenvalue is
||Dh||^2.  Source: slide "Tangent kernel"; Jacot, Gabriel, Hongler 2018.
"""

from __future__ import annotations

import numpy as np

from lazygui.numerics.krylov import largest_eigenvalues
from lazygui.numerics.networks import Array, Network, quiet

__all__ = [
    "LARGEST_KERNEL",
    "eigenvalues",
    "kernel_drift",
    "leading_eigenvalues",
    "stability_limit",
    "tangent_kernel",
]

# Samples up to which Theta is formed: above, its eigenvectors would take more than 4 s and 100 MB.
LARGEST_KERNEL = 2048


def tangent_kernel(network: Network, w: Array, X: Array, X2: Array | None = None) -> Array:
    """J(X) J(X2)^T, shape (n, n2); X2 is X if left out."""
    return network.tangent_kernel(w, X, X2)


def eigenvalues(Theta: Array) -> Array:
    """Eigenvalues of Theta/n, largest first, (n,); those that rounding made negative are 0.

    Raises ValueError if Theta is not square or not finite.
    """
    if Theta.ndim != 2 or Theta.shape[0] != Theta.shape[1]:
        raise ValueError(f"A tangent kernel is square; this one has shape {Theta.shape}.")
    if not np.isfinite(Theta).all():
        raise ValueError("The tangent kernel is not finite: lower the learning rate or the gain.")
    spectrum = np.linalg.eigvalsh((Theta + Theta.T) / (2 * len(Theta)))
    clamped: Array = np.maximum(spectrum[::-1], 0.0)
    return clamped


def leading_eigenvalues(network: Network, w: Array, X: Array) -> Array:
    """Eigenvalues of Theta/n at w on X (n, d), increasing; the last is lambda_max = ||Dh||^2.

    All n of them up to `LARGEST_KERNEL` samples; above, Ritz values by products with the Jacobian
    alone, (k,), of which the largest agree with eigenvalues (see `largest_eigenvalues`).
    Raises ValueError if the kernel is not finite.
    """
    n = len(X)
    if n <= LARGEST_KERNEL:
        return eigenvalues(network.tangent_kernel(w, X))[::-1]

    def product(u: Array) -> Array:
        return network.kernel_product(w, X, u) / n

    return largest_eigenvalues(product, n)


def stability_limit(Theta: Array) -> float:
    """2 / lambda_max(Theta/n): the linearized model diverges above this learning rate."""
    top = float(eigenvalues(Theta)[0])
    return 2.0 / top if top > 0 else np.inf


def kernel_drift(Theta_t: Array, Theta_0: Array) -> float:
    """||Theta_t - Theta_0|| / ||Theta_0|| in the Frobenius norm; 0 where both vanish."""
    start = float(np.linalg.norm(Theta_0))
    with quiet():
        change = float(np.linalg.norm(Theta_t - Theta_0))
    if start > 0:
        return change / start
    return np.inf if change > 0 else 0.0
