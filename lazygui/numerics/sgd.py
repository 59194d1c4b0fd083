"""Stochastic gradient descent of many runs at once, and what theory predicts of their mean.

w <- w - eta_t g_t with g_t the mean of the gradients of b samples I_t. Source: lecture, "SGD".
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lazygui.numerics.empirical_risk import EmpiricalRisk
from lazygui.numerics.objective_family import Array, Point

Indices = NDArray[np.int64]
BLOCK_DRAWS = 8192
SCHEDULES = ("constant", "sqrt", "harmonic")


def step_factor(schedule: str, step: int, decay_steps: float) -> float:
    """eta_t / eta: 1, 1/sqrt(t+1) or 1/(1 + t/decay_steps). Raises ValueError for another name."""
    if schedule == "constant":
        return 1.0
    if schedule == "sqrt":
        return float((step + 1) ** -0.5)
    if schedule == "harmonic":
        return 1.0 / (1.0 + step / decay_steps)
    raise ValueError(f"schedule is {schedule!r}; choose one of {', '.join(SCHEDULES)}.")


class Draws:
    """The samples that each of many runs draws at each step: a function of the step alone.

    ``at(step)`` is (batch, runs). Independent and uniform on {0, ..., n-1}; or ``shuffled``: each
    run goes through its own random order of all n samples, then through another one, which is
    not i.i.d. Raises ValueError for a batch that a shuffled epoch cannot hold.
    """

    def __init__(self, n: int, batch: int, runs: int, seed: int, *, shuffled: bool = False) -> None:
        if shuffled and batch > n:
            raise ValueError(f"batch_size is {batch}; an epoch has {n} samples, choose at most {n}")
        self.n, self.batch, self.runs = n, batch, runs
        self.seed, self.shuffled = seed, shuffled
        # Blocks are drawn whole from streams of their own, so that no step depends on the calls.
        self._length = n if shuffled else max(batch, -(-BLOCK_DRAWS // runs))
        self._blocks: dict[int, Indices] = {}

    def at(self, step: int) -> Indices:
        """The samples of one step."""
        first = step * self.batch
        block, start = divmod(first, self._length)
        part = self._block(block)[start : start + self.batch]
        if len(part) == self.batch:
            return part
        return np.concatenate([part, self._block(block + 1)[: self.batch - len(part)]])

    def _block(self, number: int) -> Indices:
        if number not in self._blocks:
            rng = np.random.default_rng([self.seed, 2, number])
            self._blocks = {k: v for k, v in self._blocks.items() if k == number - 1}
            self._blocks[number] = self._drawn(rng)
        return self._blocks[number]

    def _drawn(self, rng: np.random.Generator) -> Indices:
        if self.shuffled:
            order = np.repeat(np.arange(self.n)[:, None], self.runs, axis=1)
            return np.asarray(rng.permuted(order, axis=0))
        return rng.integers(self.n, size=(self._length, self.runs))


def drawn_gradients(risk: EmpiricalRisk, w: Array, samples: Indices) -> Array:
    """g_t of every run: w is (2, runs), samples (batch, runs); the result is (2, runs)."""
    x, y = risk.inputs[samples], risk.targets[samples]
    pulls = risk.slopes_of_losses(x[..., 0] * w[0] + x[..., 1] * w[1], y)
    # A sum over the first axis adds in order: its bits depend on nothing but the numbers.
    return np.stack([(pulls * x[..., k]).sum(axis=0) for k in (0, 1)]) / len(samples)


@dataclass(frozen=True, eq=False)
class MeanSquareTheory:
    """The exact first two moments of w_t - w* under SGD on least squares in the plane.

    With e = w - w*, r_i = y_i - x_i . w*, independent uniform draws and batches of size b,
    E e' = (I - eta H) E e and, for M = E e e^T,
    M' = M - eta (HM + MH) + eta^2 [ (1-1/b) HMH + (1/b) E(x x^T M x x^T)
    - (2/b) E(r (x . E e) x x^T) + (1/b) E(r^2 x x^T) ].
    Only for the square loss; raises ValueError for another one.
    """

    risk: EmpiricalRisk
    batch: int = 1

    def __post_init__(self) -> None:
        if self.risk.loss != "square":
            raise ValueError(f"loss is {self.risk.loss}; the moments are known for square only")

    @cached_property
    def _drift(self) -> Array:
        """M -> HM + MH on vectors (4,) of M."""
        H, one = self.risk.second_moment, np.eye(2)
        return np.asarray(np.kron(H, one) + np.kron(one, H))

    @cached_property
    def _spread(self) -> Array:
        """M -> (1-1/b) HMH + (1/b) E(x x^T M x x^T)."""
        H, squares = self.risk.second_moment, self._squares
        fourth = squares.T @ squares / self.risk.n
        return np.asarray((1 - 1 / self.batch) * np.kron(H, H) + fourth / self.batch)

    @cached_property
    def _squares(self) -> Array:
        """vec(x_i x_i^T), (n, 4)."""
        x = self.risk.inputs
        return (x[:, :, None] * x[:, None, :]).reshape(-1, 4)

    @cached_property
    def _residuals(self) -> Array:
        return self.risk.targets - self.risk.inputs @ self.risk.minimizer

    @cached_property
    def _noise(self) -> Array:
        """(1/b) E(r^2 x x^T), (4,)."""
        return np.asarray(self._residuals**2 @ self._squares / (self.risk.n * self.batch))

    @cached_property
    def _skew(self) -> Array:
        """E e -> (2/b) E(r (x . E e) x x^T), (4, 2)."""
        weighted = self._squares * self._residuals[:, None]
        return np.asarray(2 / self.batch * weighted.T @ self.risk.inputs / self.risk.n)

    @cached_property
    def largest_learning_rate(self) -> float:
        """The rate below which E|w_t - w*|^2 stays bounded: 1/rho(drift^-1 spread) < 2/lambda_max.

        The map M -> M' is monotone in M, so that its radius passes 1 exactly there.
        """
        ratios = np.linalg.eigvals(np.linalg.solve(self._drift, self._spread))
        return float(1 / np.abs(ratios).max())

    def noise_floor(self, learning_rate: float) -> float:
        """lim E F(w_t) - F* at a constant rate, (1/2) tr(HM) of the stationary M.

        M solves (drift - eta spread) M = eta E(r^2 x x^T)/b, a Lyapunov equation; inf from
        `largest_learning_rate` on.
        """
        if learning_rate >= self.largest_learning_rate:
            return float("inf")
        left = self._drift - learning_rate * self._spread
        M = np.linalg.solve(left, learning_rate * self._noise)
        return self.expected_gap(np.asarray(M, dtype=np.float64))

    def relaxation_steps(self, learning_rate: float) -> float:
        """Steps between gaps of one run that count as independent, (1 + rho)/(1 - rho).

        rho is the slowest factor by which a moment forgets: the sum of rho^|k| over all lags k
        bounds the gap's autocorrelation time.
        """
        eta = learning_rate
        moments = np.eye(4) - eta * (self._drift - eta * self._spread)
        means = 1 - eta * np.linalg.eigvalsh(self.risk.second_moment)
        rho = float(max(np.abs(np.linalg.eigvals(moments)).max(), np.abs(means).max()))
        return (1 + rho) / (1 - rho) if rho < 1 else float("inf")

    def expected_gap(self, M: Array) -> float:
        """(1/2) tr(HM) for M (4,); inf once M has left the finite numbers."""
        gap = 0.5 * float(self.risk.second_moment.ravel() @ M)
        return gap if np.isfinite(gap) else float("inf")

    def gap_after(self, start: Point, learning_rate: float, steps: int) -> float:
        """E F(w_t) - F* after `steps` steps at a constant rate, by the power of the step's map."""
        moments = np.append(self.begin(np.array(start)), 1.0)
        one_step = np.eye(7)
        for k, unit in enumerate(np.eye(6)):
            one_step[:6, k] = self.after_step(unit, learning_rate)
        one_step[:6, 6] = self.after_step(np.zeros(6), learning_rate)
        one_step[:6, :6] -= one_step[:6, 6:]
        with np.errstate(over="ignore", invalid="ignore"):
            reached = np.linalg.matrix_power(one_step, steps) @ moments
        return self.expected_gap(np.asarray(reached[2:6], dtype=np.float64))

    def begin(self, w: Array) -> Array:
        """The moments (6,) of a known point: E e, then M."""
        e = np.asarray(w) - self.risk.minimizer
        return np.concatenate([e, np.outer(e, e).ravel()])

    def after_step(self, moments: Array, learning_rate: float) -> Array:
        """The moments (6,) after one more step."""
        e, M = moments[:2], moments[2:]
        square = self._spread @ M - self._skew @ e + self._noise
        M = M - learning_rate * (self._drift @ M - learning_rate * square)
        return np.concatenate([e - learning_rate * (self.risk.second_moment @ e), M])
