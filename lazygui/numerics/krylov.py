"""Krylov spaces of a symmetric operator that is known by its products alone.

V (k, n) with orthonormal rows v_1 = b/||b||, A v_1, ... and tridiagonal T = V A V^T, so that
p(A) b = ||b|| V^T p(T) e_1 for every polynomial of degree below k.
Source: Lanczos 1950; the bounds: Parlett, The Symmetric Eigenvalue Problem, 1980, chapters 10-13.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from lazygui.numerics.networks import Array, quiet

__all__ = ["BLOCK", "Lanczos", "Product", "Ritz", "largest_eigenvalues"]

Product: TypeAlias = Callable[[Array], Array]

# The basis grows by blocks: memory is taken as it is needed, and never copied.
BLOCK = 16
# A vector orthogonal to the space that is smaller than this, relative to ||A||, is rounding.
_ROUNDING = 8 * float(np.finfo(float).eps)
_LARGEST_SPACE = 320


@dataclass(frozen=True)
class Ritz:
    """T = S diag(values) S^T, values increasing (k,), S = vectors (k, k).

    `coupling` is the entry of T that leads out of the space, 0 where that is invariant:
    A V^T = V^T T + coupling v_{k+1} e_k^T.
    """

    values: Array
    vectors: Array
    coupling: float


class Lanczos:
    """Grows the Krylov space of A and a start b (n,), each vector made orthogonal to all before.

    product(v) is A v, (n,), with A symmetric. A start of zeros has a space of dimension 0.
    The vectors do not depend on how calls of `grow` split them.
    Raises ValueError if a product is not finite.
    """

    def __init__(self, product: Product, start: Array) -> None:
        self._product, self._n = product, len(start)
        self.length = float(np.linalg.norm(start))
        self._diagonal: list[float] = []
        self._beside: list[float] = []
        self._blocks: list[Array] = []
        self._next: Array | None = start / self.length if self.length > 0 else None

    @property
    def size(self) -> int:
        """Dimension k of the space."""
        return len(self._diagonal)

    @property
    def invariant(self) -> bool:
        """Whether A leads nowhere out of the space, to rounding."""
        return self._next is None

    def grow(self, size: int) -> None:
        """Grow to that dimension, or until the space is invariant."""
        while self.size < size and self._next is not None:
            self._step(self._next)

    @quiet()
    def _step(self, vector: Array) -> None:
        row = self.size % BLOCK
        if row == 0:
            self._blocks.append(np.empty((BLOCK, self._n)))
        self._blocks[-1][row] = vector
        self._diagonal.append(0.0)
        image = self._product(vector)
        parts = self.project(image)
        rest = image - self.combine(parts)
        # Twice is enough: the second pass removes what rounding left of the first.
        rest = rest - self.combine(self.project(rest))
        coupling = float(np.linalg.norm(rest))
        if not np.isfinite(coupling):
            raise ValueError(
                "The tangent kernel is not finite: lower the gain of the initialization."
            )
        self._diagonal[-1] = float(parts[-1])
        size = max(self._diagonal) + max(self._beside, default=0.0)
        ended = coupling <= _ROUNDING * size or self.size == self._n
        self._beside.append(0.0 if ended else coupling)
        self._next = None if ended else rest / coupling

    def _rows(self, size: int) -> list[Array]:
        return [block[: size - i * BLOCK] for i, block in enumerate(self._blocks)][
            : -(-size // BLOCK)
        ]

    def combine(self, parts: Array) -> Array:
        """V^T parts, (n,), for parts (k,) on the first k vectors."""
        total = np.zeros(self._n)
        for i, rows in enumerate(self._rows(len(parts))):
            total += parts[i * BLOCK : i * BLOCK + len(rows)] @ rows
        return total

    def vector(self, index: int) -> Array:
        """A view of v_{index + 1}, (n,)."""
        row: Array = self._blocks[index // BLOCK][index % BLOCK]
        return row

    def project(self, vector: Array) -> Array:
        """V vector, (k,)."""
        return np.concatenate([rows @ vector for rows in self._rows(self.size)])

    def ritz(self, size: int) -> Ritz:
        """The spectrum of T on the first vectors, `size` of them at most."""
        self.grow(size)
        k = min(size, self.size)
        beside = np.array(self._beside[:k])
        # eigh reads the lower triangle alone.
        T = np.diag(self._diagonal[:k]) + np.diag(beside[:-1], -1)
        values, vectors = np.linalg.eigh(T)
        return Ritz(values, vectors, float(beside[-1]) if k else 0.0)


def largest_eigenvalues(product: Product, n: int, tolerance: float = 1e-11) -> Array:
    """Ritz values of a positive semi-definite A (n, n) from a random start, increasing, (k,).

    The last is the largest eigenvalue up to `tolerance`, relative: the space grows until
    rho^2/gap, rho the residual and gap the distance of the two largest Ritz values, says so. The
    others are interior to the spectrum; those near its upper end have converged as well.
    Raises ValueError if a product is not finite.
    """
    lanczos = Lanczos(product, np.random.default_rng(0).standard_normal(n))
    for size in range(BLOCK, _LARGEST_SPACE + 1, BLOCK):
        ritz = lanczos.ritz(size)
        if lanczos.invariant or _top_error(ritz) <= tolerance * float(ritz.values[-1]):
            break
    return np.asarray(np.maximum(ritz.values, 0.0))


def _top_error(ritz: Ritz) -> float:
    """At most how far the largest Ritz value lies below an eigenvalue."""
    residual = abs(ritz.coupling * float(ritz.vectors[-1, -1]))
    gap = float(ritz.values[-1] - ritz.values[-2]) if len(ritz.values) > 1 else 0.0
    return min(residual, residual**2 / gap) if gap > 0 else residual
