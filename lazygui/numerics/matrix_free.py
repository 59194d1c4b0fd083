"""The linearized model for many samples: products with the Jacobian at w0 in place of the kernel.

With A = Theta/n the residual f_t - y = (1 - eta A)^t (f_0 - y) is a polynomial in A applied to
one vector: k steps of Lanczos give it exactly for t < k and, to a known accuracy, for far more.
wbar_t - w0 = -(1/(alpha n)) J^T u_t takes one backward pass.  Nothing is of size n^2 or n p.
Source: slide "The linearized model"; Lanczos 1950; Hochbruck and Lubich 1997 (the error).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from lazygui.numerics.krylov import BLOCK, Lanczos, Product, Ritz
from lazygui.numerics.linearization import DualModel, State, accumulated, check_start, decay
from lazygui.numerics.losses import LOSSES, Loss
from lazygui.numerics.networks import Array, Network, quiet

__all__ = [
    "LARGEST_PULLED",
    "JacobianAt",
    "MatrixFreeLinearization",
    "MatrixFreeModel",
    "MatrixFreeStepping",
    "largest_space",
    "linearize_matrix_free",
]

# Relative to the residual at which a space begins; a run of 10^5 steps passes through some dozens.
TOLERANCE = 1e-12
_LARGEST_SPACE, _SMALLEST_CAPACITY = 512, 64
_CAPACITY_ENTRIES = 2**25  # a quarter of a gigabyte
LARGEST_PULLED = 2**23  # entries of the weights kept for the vectors of a space, 64 MB
_CHUNK = 256  # steps whose errors are computed by one product

Segment = tuple[float, int]  # a learning rate, and the steps taken with it


def largest_space(n: int) -> int:
    """Dimension at which a Krylov space on n samples is left for a new one."""
    fitting = _CAPACITY_ENTRIES // max(n, 1)
    return min(_LARGEST_SPACE, max(_SMALLEST_CAPACITY, fitting // BLOCK * BLOCK))


@dataclass(frozen=True)
class JacobianAt:
    """J at w0 (p,) on X (n, d), as products."""

    network: Network
    w0: Array
    X: Array

    def kernel(self, u: Array) -> Array:
        """Theta u / n, (n,)."""
        return self.network.kernel_product(self.w0, self.X, u) / len(self.X)

    def pull(self, u: Array) -> Array:
        """J^T u, (p,)."""
        return self.network.vjp(self.w0, self.X, u)


class MatrixFreeModel(DualModel):
    """The parts of both models below: what needs only the dual vector u_t (n,) and products."""

    _pulled: Array | None = None

    def __init__(self, jacobian: JacobianAt, f0: Array, y: Array, scale: float, loss: Loss) -> None:
        check_start(f0, y)
        self.f0, self.y, self.scale, self.criterion = f0.copy(), y.copy(), scale, loss
        self._jacobian = jacobian

    def shift(self) -> Array:
        """wbar_t - w0 = -(1/(alpha n)) J^T u_t, (p,), computed once per step."""
        if self._pulled is None:
            with quiet():
                self._pulled = self._pull_dual() / (-self.scale * len(self.y))
        return self._pulled

    def _pull_dual(self) -> Array:
        return self._jacobian.pull(self.dual())

    def displacement(self) -> float:
        """||wbar_t - w0||."""
        return float(np.linalg.norm(self.shift()))


class _Course:
    """(1 - eta T)^t e_1 ||b|| in one space, through a schedule, with a bound of the error.

    The true residual r and its approximation V^T c obey the same recursion but for the part of
    A V^T c that leaves the space: e_{t+1} = (1 - eta A) e_t - eta beta (e_k.c_t) v_{k+1}, hence
    ||e_{t+1}|| <= G ||e_t|| + eta |beta e_k.c_t| with G = max(1, |1 - eta lambda_max|).
    """

    def __init__(self, ritz: Ritz, length: float, top: float) -> None:
        self.segments: list[Segment] = []
        self.rate, self.steps, self.ritz = 0.0, 0, ritz
        self._length, self._top = length, max(top, float(ritz.values.max(initial=0.0)))
        self.values: Array = np.maximum(ritz.values, 0.0)
        self._rho = length * ritz.vectors[0] if len(ritz.values) else np.zeros(0)
        self._q = np.zeros_like(self._rho)
        self._error = 0.0
        self._tabulate()

    def begin(self, rate: float) -> None:
        """Go on with another learning rate."""
        if self.steps:
            self._error = self._error_now()
            self._rho, self._q = self.now()
            self.segments.append((self.rate, self.steps))
        self.rate, self.steps = rate, 0
        self._tabulate()

    def follow(self, segments: Sequence[Segment]) -> None:
        """Take all the steps of a schedule, from the start."""
        for rate, steps in segments:
            self.begin(rate)
            self.reach(steps)
            self.steps = steps

    def now(self) -> tuple[Array, Array]:
        """(rho, q) in the eigenbasis of T: the residual is V^T S rho, the dual vector V^T S q."""
        spectrum = (self.values, self.rate, self.steps)
        with quiet():
            fitted = self._rho == 0
            rho = np.where(fitted, 0.0, decay(*spectrum) * self._rho)
            return rho, self._q + np.where(fitted, 0.0, accumulated(*spectrum) * self._rho)

    def reach(self, steps: int) -> int:
        """The steps of this segment, `steps` at most, after which the bound is still met."""
        while self._limit is None and self._covered < steps and self.ritz.coupling > 0:
            self._cover()
        return steps if self._limit is None else min(steps, self._limit)

    def _tabulate(self) -> None:
        # Everything is divided by G^t: a diverging model must not overflow its own bound.
        self._growth = max(1.0, abs(1.0 - self.rate * self._top))
        self._covered = 0
        self._limit: int | None = None
        self._errors = np.array([self._error])
        self._powers: Array | None = None
        self._moving = self._rho

    def _cover(self) -> None:
        """The bound after each of the next steps, and where it is first exceeded."""
        factors = (1.0 - self.rate * self.values) / self._growth
        if self._powers is None:
            table = np.broadcast_to(factors, (_CHUNK, len(factors)))
            self._powers = np.multiply.accumulate(np.vstack((np.ones_like(factors), table)), axis=0)
        with quiet():
            leaving = self.rate * self.ritz.coupling / self._growth * self.ritz.vectors[-1]
            parts = np.abs(self._powers[:-1] @ (leaving * self._moving))
            self._errors = np.cumsum(np.append(self._errors[-1], parts))[1:]
            allowed = self._allowed()
            self._moving = self._moving * self._powers[-1]
            over = np.flatnonzero(self._errors > TOLERANCE * allowed)
        if len(over):
            self._limit = self._covered + int(over[0])
        self._covered += _CHUNK

    def _allowed(self) -> Any:
        """max(||b||, ||c_t||), over G^t, after each step of the chunk."""
        if self._growth == 1.0 or self._powers is None:
            return self._length
        steps = self._covered + np.arange(1, _CHUNK + 1)
        sizes = np.sqrt(self._powers[1:] ** 2 @ self._moving**2)
        return np.maximum(self._length * np.exp(-steps * np.log(self._growth)), sizes)

    def _error_now(self) -> float:
        if self.ritz.coupling == 0:
            return 0.0
        # Where the bound was exceeded on the way, a schedule is followed in a larger space.
        index = min(self.steps - 1 - self._covered, -1)
        scaled = float(self._errors[index])
        with quiet():
            return scaled * float(np.exp(self.steps * np.log(self._growth)))


@dataclass(frozen=True)
class _Space:
    """A Krylov space that begins at some step of the run, and the dual vector there."""

    lanczos: Lanczos
    dual: Array
    capacity: int
    pulled: list[Array] = field(default_factory=list)

    def course(self, size: int, top: float, segments: Sequence[Segment] = ()) -> _Course:
        course = _Course(self.lanczos.ritz(size), self.lanczos.length, top)
        course.follow(segments)
        return course

    def pull(self, jacobian: JacobianAt, parts: Array) -> Array:
        """J^T (dual + V^T parts), (p,), by one backward pass per vector, once for all steps."""
        for index in range(len(self.pulled), len(parts) + 1):
            vector = self.lanczos.vector(index - 1) if index else self.dual
            self.pulled.append(jacobian.pull(vector))
        total = self.pulled[0].copy()
        for part, pulled in zip(parts.tolist(), self.pulled[1:], strict=False):
            total += part * pulled
        return total


class MatrixFreeLinearization(MatrixFreeModel):
    """Square loss: the linearized model in Krylov spaces of Theta/n, without Theta.

    The space grows by 16 vectors when the bound of the error exceeds 1e-12 of the residual at its
    start; at its capacity a new one begins at the last step that it covers.  Which space serves a
    step depends on the schedule alone, so that the result does not depend on how calls split the
    steps.  A new learning rate goes on in the same space.
    top: the largest eigenvalue of Theta/n.  f0 (n,) = alpha (h(w0) - o); y (n,).
    Raises ValueError for shapes that do not match or entries that are not finite.
    """

    def __init__(
        self, jacobian: JacobianAt, f0: Array, y: Array, scale: float = 1.0, top: float = 0.0
    ) -> None:
        super().__init__(jacobian, f0, y, scale, LOSSES["square"])
        self._top = top
        self._product: Product = jacobian.kernel
        self._begin(f0 - y, np.zeros_like(f0))

    def _begin(self, residual: Array, dual: Array) -> None:
        lanczos = Lanczos(self._product, residual)
        self._space = _Space(lanczos, dual, largest_space(len(residual)))
        self._enter(BLOCK)

    def _enter(self, size: int, segments: Sequence[Segment] = ()) -> None:
        self._size = size
        self._course = self._space.course(size, self._top, segments)
        self._forget()

    def _forget(self) -> None:
        self._seen: tuple[Array, Array] | None = None
        self._pulled = None

    def advance(self, steps: int, learning_rate: float) -> None:
        """Take `steps` gradient steps, by a product with Theta per vector that the space lacks."""
        if learning_rate != self._course.rate:
            self._course.begin(float(learning_rate))
        goal = self._course.steps + int(steps)
        while (reached := self._course.reach(goal)) < goal:
            if self._size < self._space.capacity:
                self._enter(self._size + BLOCK, (*self._schedule(), (self._course.rate, 0)))
            else:
                goal -= reached
                self._begin_again(reached)
        self._course.steps = goal
        self._forget()

    def _begin_again(self, reached: int) -> None:
        rate = self._course.rate
        self._course.steps = reached
        self._forget()
        f, u = self._vectors()
        self._begin(f - self.y, u)
        self._course.begin(rate)

    def _schedule(self) -> list[Segment]:
        return list(self._course.segments)

    def _vectors(self) -> tuple[Array, Array]:
        """f_t and u_t."""
        if self._seen is None:
            with quiet():
                rho, q = (self._course.ritz.vectors @ part for part in self._course.now())
                combine = self._space.lanczos.combine
                self._seen = self.y + combine(rho), self._space.dual + combine(q)
        return self._seen

    def _pull_dual(self) -> Array:
        if len(self._jacobian.w0) * self.space > LARGEST_PULLED:
            return super()._pull_dual()
        _, q = self._course.now()
        return self._space.pull(self._jacobian, self._course.ritz.vectors @ q)

    @property
    def space(self) -> int:
        """Dimension of the Krylov space that serves this step."""
        return len(self._course.values)

    def outputs(self) -> Array:
        """f_t = y + V^T S rho_t, (n,)."""
        return self._vectors()[0].copy()

    @property
    def loss(self) -> float:
        """R(f_t) = ||rho_t||^2 / (2 n)."""
        rho, _ = self._course.now()
        with quiet():
            return float(rho @ rho) / (2 * len(self.y))

    def dual(self) -> Array:
        """u_t, (n,), with wbar_t - w0 = -(1/(alpha n)) J^T u_t."""
        return self._vectors()[1].copy()

    def state(self) -> State:
        """The space and the schedule since it began."""
        schedule = (*self._schedule(), (self._course.rate, self._course.steps))
        return {"space": self._space, "size": self._size, "schedule": schedule}

    def set_state(self, state: State) -> None:
        """Return to a state of this model."""
        self._space = state["space"]
        self._enter(int(state["size"]), state["schedule"])


class MatrixFreeStepping(MatrixFreeModel):
    """Any loss, step by step in function space, with one product with Theta a step.

    f <- f - (eta/n) Theta r(f), u <- u + eta r(f).  Arguments and errors as above.
    """

    def __init__(
        self,
        jacobian: JacobianAt,
        f0: Array,
        y: Array,
        scale: float = 1.0,
        loss: Loss = LOSSES["square"],
    ) -> None:
        super().__init__(jacobian, f0, y, scale, loss)
        self._f, self._u = f0.copy(), np.zeros(len(y))

    def advance(self, steps: int, learning_rate: float) -> None:
        """Take `steps` gradient steps."""
        with quiet():
            for _ in range(steps):
                move = learning_rate * self.criterion.residual(self._f, self.y, np)
                self._u = self._u + move
                self._f = self._f - self._jacobian.kernel(move)
        self._pulled = None

    def outputs(self) -> Array:
        """f_t, (n,)."""
        return self._f.copy()

    def dual(self) -> Array:
        """u = sum of eta r, (n,), with wbar_t - w0 = -(1/(alpha n)) J^T u."""
        return self._u.copy()

    def state(self) -> State:
        """The outputs and the dual vector."""
        return {"f": self._f, "u": self._u}

    def set_state(self, state: State) -> None:
        """Return to a state of this model."""
        self._f, self._u, self._pulled = np.array(state["f"]), np.array(state["u"]), None


def linearize_matrix_free(
    jacobian: JacobianAt,
    f0: Array,
    y: Array,
    scale: float = 1.0,
    loss: Loss = LOSSES["square"],
    top: float = 0.0,
) -> MatrixFreeLinearization | MatrixFreeStepping:
    """Krylov spaces where the loss has a closed form, otherwise the step-by-step model."""
    if loss.has_closed_form:
        return MatrixFreeLinearization(jacobian, f0, y, scale, top)
    return MatrixFreeStepping(jacobian, f0, y, scale, loss)
