"""Least squares F(w) = (1/2n) ||X^T w - Y||^2 and its gradient descent, solved exactly.

X is p x n, column i being phi(x_i). The learning rate eta is that of the lecture's recursion
w_{t+1} = w_t - eta X (X^T w_t - Y), that is n eta on F; its eigenvalues are those of X X^T,
not divided by n. Source: lecture, "Least squares".
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LeastSquares:
    """A least squares problem: features X (p, n), targets Y (n,).

    Methods taking w accept (..., p) and answer for each point.
    Raises ValueError when the shapes disagree or a number is not finite.
    """

    X: Array
    Y: Array

    def __post_init__(self) -> None:
        if self.X.ndim != 2 or self.Y.shape != self.X.shape[1:] or self.X.size == 0:
            raise ValueError(
                f"X has shape {self.X.shape} and Y {self.Y.shape}; X must be (p, n), Y (n,)."
            )
        if not (np.isfinite(self.X).all() and np.isfinite(self.Y).all()):
            raise ValueError("X or Y holds a number that is not finite; replace or drop it.")

    @property
    def p(self) -> int:
        """Number of parameters."""
        return int(self.X.shape[0])

    @property
    def n(self) -> int:
        """Number of samples."""
        return int(self.X.shape[1])

    @cached_property
    def _svd(self) -> tuple[Array, Array, Array]:
        """Left vectors (p, r), singular values (r,), right vectors (r, n) of X, r its rank."""
        left, singular, right = np.linalg.svd(self.X, full_matrices=False)
        noise = max(self.X.shape) * np.finfo(np.float64).eps * singular[0]
        rank = int(np.count_nonzero(singular > noise))
        return left[:, :rank], singular[:rank], right[:rank]

    @property
    def U(self) -> Array:  # noqa: N802  the letter of the singular value decomposition
        """Orthonormal eigenvectors of X X^T for its nonzero eigenvalues, spanning Im X: (p, r)."""
        return self._svd[0]

    @property
    def rank(self) -> int:
        """Rank r of X. The minimizer is unique exactly when r = p, the fit exact when r = n."""
        return len(self._svd[1])

    @cached_property
    def eigenvalues(self) -> Array:
        """Nonzero eigenvalues of X X^T, largest first: (r,)."""
        return np.square(self._svd[1])

    @property
    def stability_limit(self) -> float:
        """Gradient descent converges for 0 < eta < 2/lambda_1 (inf when X = 0)."""
        return 2 / float(self.eigenvalues[0]) if self.rank else np.inf

    @property
    def best_learning_rate(self) -> float:
        """2/(lambda_1 + lambda_r), of the best worst-case rate on Im X (inf when X = 0)."""
        return 2 / float(self.eigenvalues[0] + self.eigenvalues[-1]) if self.rank else np.inf

    def residual(self, w: Array) -> Array:
        """X^T w - Y: (..., p) -> (..., n)."""
        return np.asarray(w @ self.X - self.Y)

    def loss(self, w: Array) -> Array:
        """F(w) = (1/2n) ||X^T w - Y||^2: (..., p) -> (...)."""
        return np.asarray(np.mean(np.square(self.residual(w)), axis=-1) / 2)

    def gradient(self, w: Array) -> Array:
        """Gradient of F, (1/n) X (X^T w - Y): (..., p) -> (..., p)."""
        return np.asarray(self.residual(w) @ self.X.T / self.n)

    @cached_property
    def minimum(self) -> float:
        """min F = (1/2n) ||Y - projection of Y on Im X^T||^2; exactly 0 when the rank is n."""
        if self.rank == self.n:
            return 0.0
        return float(np.mean(np.square(self.Y - self.fitted)) / 2)

    def closest_solution(self, w0: Array) -> Array:
        """w_inf = w0 + (X^T)^+ (Y - X^T w0), the minimizer of F closest to w0: its descent's limit.

        From w0 = 0 it is the minimizer of least norm.
        """
        left, singular, right = self._svd
        return np.asarray(w0 - ((self.residual(w0) @ right.T) / singular) @ left.T)

    @cached_property
    def fitted(self) -> Array:
        """Projection of Y on Im X^T, the prediction X^T w of every minimizer: (n,)."""
        right = self._svd[2]
        return np.asarray((self.Y @ right.T) @ right)

    def flattest_direction(self, rng: np.random.Generator) -> Array:
        """A unit vector (p,) along which F rises least from a minimizer.

        In ker X^T, where F does not rise at all, if the rank is below p: there it is drawn
        uniformly. Else the eigenvector of the smallest eigenvalue.
        """
        if self.rank == self.p:
            return np.asarray(self.U[:, -1])
        drawn = rng.standard_normal(self.p)
        for _ in range(2):  # once more, since the first subtraction leaves rounding in Im X
            drawn -= self.U @ (drawn @ self.U)
            drawn /= np.linalg.norm(drawn)
        return drawn

    def off_image(self, w: Array, w0: Array) -> Array:
        """Norm of the part of w - w0 outside Im X: 0 along gradient descent. (..., p) -> (...)."""
        displacement = w - w0
        outside = displacement - (displacement @ self.U) @ self.U.T
        return np.asarray(np.linalg.norm(outside, axis=-1))

    def modes(self, w: Array, w_inf: Array) -> Array:
        """U^T (w - w_inf), the error along each eigenvector: (..., p) -> (..., r)."""
        return np.asarray((w - w_inf) @ self.U)

    def decay(self, learning_rate: float, t: int | NDArray[np.int64]) -> Array:
        """(1 - eta lambda_i)^t, the factor on mode i after t steps: t.shape + (r,)."""
        x = learning_rate * self.eigenvalues
        steps = np.asarray(t)[..., np.newaxis]
        with np.errstate(over="ignore", under="ignore"):
            # 1 - x rounds small x away, and t steps would multiply that error by t
            slow = np.exp(steps * np.log1p(-np.minimum(x, 0.5)))
            return np.asarray(np.where(x < 0.5, slow, np.power(1 - x, steps)))

    def closed_form(self, w0: Array, learning_rate: float, t: int | NDArray[np.int64]) -> Array:
        """w_t = w_inf + sum_i (1 - eta lambda_i)^t <u_i, w0 - w_inf> u_i: t.shape + (p,).

        Source: lecture, "Least squares", the recursion in the eigenbasis of X X^T.
        """
        w_inf = self.closest_solution(w0)
        with np.errstate(over="ignore", invalid="ignore"):
            modes = self.decay(learning_rate, t) * self.modes(w0, w_inf)
            return np.asarray(w_inf + modes @ self.U.T)

    def step(self, w: Array, learning_rate: float, steps: int) -> Array:
        """The ``steps`` iterates w <- w - eta X (X^T w - Y) after ``w``, of shape (steps, p).

        Ends early, with fewer rows, before the first iterate whose loss is not finite. Splitting
        the steps into several calls changes no bit.
        Raises ValueError for a negative number of steps or a ``w`` of the wrong size.
        """
        if steps < 0:
            raise ValueError(f"steps is {steps}; it must be 0 or more.")
        if np.shape(w) != (self.p,):
            raise ValueError(f"w has shape {np.shape(w)}; it must be ({self.p},).")
        iterates = np.empty((steps, self.p))
        with np.errstate(over="ignore", invalid="ignore"):
            self._iterate(np.array(w, dtype=np.float64), learning_rate, iterates)
            finite = np.isfinite(self.loss(iterates))
        return iterates if finite.all() else iterates[: int(np.argmin(finite))]

    def _iterate(self, w: Array, learning_rate: float, iterates: Array) -> None:
        # one fixed buffer for w: rows of `iterates` differ in alignment, on which sums may depend
        transposed = np.ascontiguousarray(self.X.T)
        residual, update = np.empty(self.n), np.empty(self.p)
        for row in iterates:
            np.dot(transposed, w, out=residual)
            residual -= self.Y
            np.dot(self.X, residual, out=update)
            update *= learning_rate
            w -= update
            row[:] = w


def random_problem(
    n: int, p: int, condition: float, noise: float, seed: int, rank: int = 0
) -> LeastSquares:
    """A problem whose X X^T has ``rank`` eigenvalues from 1 down to 1/condition, the others 0.

    Rank 0 stands for the largest one, min(n, p). The eigenvalues are equally spaced in logarithm,
    the singular vectors are uniformly random, and Y = X^T w* + noise times a standard Gaussian
    vector, w* standard Gaussian. Raises ValueError for n or p below 1, a condition below 1, a
    noise below 0, or a rank below 0 or above n or p.
    """
    if n < 1 or p < 1:
        raise ValueError(f"n is {n} and p is {p}; both must be at least 1.")
    if not 1 <= condition < np.inf:
        raise ValueError(f"condition is {condition}; it must be a finite number of at least 1.")
    if not 0 <= noise < np.inf:
        raise ValueError(f"noise is {noise}; it must be a finite number of at least 0.")
    if not 0 <= rank <= min(n, p):
        raise ValueError(f"rank is {rank}; it must be at most n = {n} and p = {p}, or 0 for full.")
    rng = np.random.default_rng(seed)
    rank = rank or min(n, p)
    left = _random_frame(rng, p, rank)
    right = _random_frame(rng, n, rank)
    singular = np.geomspace(1, 1 / condition, rank) ** 0.5
    X = np.ascontiguousarray((left * singular) @ right.T)
    Y = rng.standard_normal(p) @ X + noise * rng.standard_normal(n)
    return LeastSquares(X, Y)


def _random_frame(rng: np.random.Generator, size: int, count: int) -> Array:
    """``count`` orthonormal columns of R^size, uniform: signs fixed as QR alone leaves them."""
    columns, upper = np.linalg.qr(rng.standard_normal((size, count)))
    return np.asarray(columns * np.sign(np.diag(upper)))
