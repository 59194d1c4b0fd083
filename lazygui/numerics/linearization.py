"""The linearized model in function space: kernel gradient descent with the tangent kernel at w0.

hbar(w) = h(w0) + Dh(w0)(w - w0), trained like the network on R(alpha (hbar - o)) / alpha^2 with
the same step.  Its outputs f_t (n,) obey f_{t+1} = f_t - (eta/n) Theta r(f_t), with
Theta = J J^T at w0, and wbar_t - w0 = -(1/(alpha n)) J^T u_t where u_t = sum_s eta r(f_s).
No weights are kept: u_t (n,), the dual vector, determines everything.
Source: slide "The linearized model"; Chizat, Oyallon, Bach 2019, section 2.
"""

from __future__ import annotations

import copy as copying
from dataclasses import dataclass
from typing import Any, Protocol, Self

import numpy as np
import numpy.typing as npt

from lazygui.numerics.losses import LOSSES, Loss
from lazygui.numerics.networks import Array, quiet

__all__ = [
    "DualModel",
    "Linearization",
    "LinearizedModel",
    "SteppedLinearization",
    "Trail",
    "accumulated",
    "check_start",
    "decay",
    "linearize",
]

State = dict[str, Any]


def decay(eigenvalues: Array, learning_rate: float, steps: Any) -> Array:
    """(1 - eta l)^t for each eigenvalue l >= 0, also where eta l > 1 (sign kept) or l = 0.

    t = steps: a number, or an array (..., 1) of them beside the eigenvalues (n,).
    Values beyond the range of floats are inf: a step above 2/l does diverge.
    """
    x = learning_rate * eigenvalues
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        # log1p keeps the digits of small x; for x > 1 the power is that of x - 1 up to sign.
        power: Array = np.exp(steps * np.log1p(-np.minimum(x, 1.0)))
        if (x > 1.0).any():
            large = np.exp(steps * np.log(np.maximum(x - 1.0, 0.0)))
            power = np.where(x <= 1.0, power, np.where(np.asarray(steps) % 2, -large, large))
    # At t = 0 and eta l = 1 the exponent is 0 * inf.
    return power if np.all(steps) else np.where(np.equal(steps, 0), 1.0, power)


def accumulated(eigenvalues: Array, learning_rate: float, steps: Any) -> Array:
    """(1 - (1 - eta l)^t) / l, which is eta t at l = 0; t = steps as for `decay`.

    -expm1(t log1p(-eta l)) / l below eta l = 1, where the plain form cancels.
    """
    x = learning_rate * eigenvalues
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        growth: Array = -np.expm1(steps * np.log1p(-np.minimum(x, 1.0)))
        if (x > 1.0).any():
            growth = np.where(x <= 1.0, growth, 1.0 - decay(eigenvalues, learning_rate, steps))
        sums = np.where(eigenvalues > 0, growth / eigenvalues, learning_rate * np.asarray(steps))
    return sums if np.all(steps) else np.where(np.equal(steps, 0), 0.0, sums)


@dataclass(frozen=True)
class Trail:
    """The linearization at several steps: rho = V^T (f - y) and q = V^T u, both (rows, n)."""

    rho: Array
    q: Array
    eigenvalues: Array
    scale: float

    def losses(self) -> Array:
        """R(f_t) = ||rho_t||^2 / (2 n), (rows,)."""
        with quiet():
            return np.asarray(np.sum(self.rho**2, axis=-1) / (2 * self.rho.shape[-1]))

    def displacements(self) -> Array:
        """||wbar_t - w0|| = sqrt(sum l q^2 / n) / alpha, (rows,)."""
        with quiet():
            square = np.sum(self.eigenvalues * self.q**2, axis=-1) / self.q.shape[-1]
            return np.asarray(np.sqrt(square) / self.scale)


class LinearizedModel(Protocol):
    """What every linearization offers; n training examples."""

    @property
    def scale(self) -> float:
        """alpha."""
        ...

    def advance(self, steps: int, learning_rate: float) -> None:
        """Take `steps` gradient steps."""
        ...

    def outputs(self) -> Array:
        """f_t = alpha (hbar(wbar_t) - o) on the training inputs, (n,)."""
        ...

    @property
    def residual(self) -> Array:
        """loss'(f_t, y), (n,); f_t - y for the square loss."""
        ...

    @property
    def loss(self) -> float:
        """R(f_t)."""
        ...

    def dual(self) -> Array:
        """u (n,) with wbar_t - w0 = -(1/(alpha n)) J^T u."""
        ...

    def outputs_at(self, theta_cross: Array, f0_grid: Array) -> Array:
        """alpha (hbar(wbar_t) - o) at g other inputs, (g,).

        theta_cross: Theta(grid, X) at w0, (g, n); f0_grid: alpha (h(w0) - o) there, (g,).
        """
        ...

    def displacement(self) -> float:
        """||wbar_t - w0||, from the kernel alone."""
        ...

    def copy(self) -> Self:
        """An independent model in the same state."""
        ...

    def state(self) -> State:
        """What `set_state` needs to come back here."""
        ...

    def set_state(self, state: State) -> None:
        """Return to a state of this model."""
        ...


class DualModel:
    """The parts that need only outputs and the dual vector u_t (n,)."""

    scale: float
    f0: Array
    y: Array
    criterion: Loss

    def dual(self) -> Array:
        """u (n,) with wbar_t - w0 = -(1/(alpha n)) J^T u."""
        raise NotImplementedError

    def outputs(self) -> Array:
        """f_t = alpha (hbar(wbar_t) - o) on the training inputs, (n,)."""
        raise NotImplementedError

    @property
    def residual(self) -> Array:
        """loss'(f_t, y), (n,); f_t - y for the square loss."""
        with quiet():
            return np.asarray(self.criterion.residual(self.outputs(), self.y, np))

    @property
    def loss(self) -> float:
        """R(f_t)."""
        with quiet():
            return float(self.criterion.value(self.outputs(), self.y, np))

    def outputs_at(self, theta_cross: Array, f0_grid: Array) -> Array:
        """f_0 - (1/n) Theta(grid, X) u, (g,); see `LinearizedModel.outputs_at`."""
        with quiet():
            return f0_grid - theta_cross @ self.dual() / len(self.y)

    def copy(self) -> Self:
        """An independent model in the same state; the constant arrays are shared."""
        twin = copying.copy(self)
        twin.set_state(self.state())
        return twin

    def state(self) -> State:
        """What `set_state` needs to come back here."""
        raise NotImplementedError

    def set_state(self, state: State) -> None:
        """Return to a state of this model."""
        raise NotImplementedError


class Linearization(DualModel):
    """Square loss, in closed form: Theta/n = V diag(l) V^T once, then O(n) for any number of steps.

    In the eigenbasis rho = V^T (f - y) and q = V^T u evolve as
    rho_t = (1 - eta l)^t rho_0,  q_t = q_0 + (1 - (1 - eta l)^t)/l rho_0.
    A change of the learning rate starts a new segment, so the result is exact under any schedule
    and does not depend on how calls split the steps.
    Theta (n, n) at w0; f0 (n,) = alpha (h(w0) - o); y (n,).  Eigenvalues that rounding made
    negative are set to 0.
    Raises ValueError for shapes that do not match or non-finite entries.
    """

    def __init__(self, Theta: Array, f0: Array, y: Array, scale: float = 1.0) -> None:
        _check(Theta, f0, y)
        self.f0, self.y, self.scale, self.criterion = f0.copy(), y.copy(), scale, LOSSES["square"]
        eigenvalues, vectors = np.linalg.eigh((Theta + Theta.T) / (2 * len(y)))
        self.eigenvectors = np.ascontiguousarray(vectors)
        self.eigenvalues: Array = np.maximum(eigenvalues, 0.0)
        self._rho = self.eigenvectors.T @ (f0 - y)
        self._q = np.zeros_like(self._rho)
        self._rate, self._steps = 0.0, 0
        self._now = (self._rho, self._q)

    @property
    def stability_limit(self) -> float:
        """2 / lambda_max: the linearized model diverges above this learning rate."""
        top = float(self.eigenvalues[-1])
        return 2.0 / top if top > 0 else np.inf

    def advance(self, steps: int, learning_rate: float) -> None:
        """Take `steps` gradient steps, at a cost that does not depend on their number."""
        self._begin_segment(learning_rate)
        self._steps += int(steps)
        self._now = self._after(self._steps)

    def advance_through(self, counts: npt.NDArray[np.int64], learning_rate: float) -> Trail:
        """Take counts[0] steps, counts[1] more and so on, and return the state after each."""
        self._begin_segment(learning_rate)
        rho, q = self._after(self._steps + np.cumsum(counts)[:, None])
        self._steps += int(np.sum(counts))
        self._now = rho[-1], q[-1]
        return Trail(rho, q, self.eigenvalues, self.scale)

    def _begin_segment(self, learning_rate: float) -> None:
        if learning_rate != self._rate:
            self._rho, self._q = self._now
            self._rate, self._steps = float(learning_rate), 0

    def _after(self, steps: Any) -> tuple[Array, Array]:
        """(rho, q) so many steps into the segment, a number or (rows, 1)."""
        spectrum = (self.eigenvalues, self._rate, steps)
        with quiet():
            # A mode that is exactly fitted stays so, even where its factor has overflowed.
            fitted = self._rho == 0
            rho = np.where(fitted, 0.0, decay(*spectrum) * self._rho)
            moved = np.where(fitted, 0.0, accumulated(*spectrum) * self._rho)
            return rho, self._q + moved

    def outputs(self) -> Array:
        """f_t = y + V rho_t, (n,)."""
        with quiet():
            return self.y + self.eigenvectors @ self._now[0]

    @property
    def loss(self) -> float:
        """R(f_t) = ||rho_t||^2 / (2 n)."""
        return float(self._trail().losses())

    def modes(self) -> Array:
        """rho_t = V^T (f_t - y), (n,): the residual along each eigenvector of Theta."""
        return self._now[0].copy()

    def dual(self) -> Array:
        """u = V q_t, (n,), with wbar_t - w0 = -(1/(alpha n)) J^T u."""
        with quiet():
            return self.eigenvectors @ self._now[1]

    def displacement(self) -> float:
        """||wbar_t - w0|| = sqrt(sum l q^2 / n) / alpha."""
        return float(self._trail().displacements())

    def _trail(self) -> Trail:
        return Trail(*self._now, self.eigenvalues, self.scale)

    def state(self) -> State:
        """The segment's start, its learning rate and the steps taken in it."""
        return {"rho": self._rho, "q": self._q, "rate": self._rate, "steps": self._steps}

    def set_state(self, state: State) -> None:
        """Return to a state of this model."""
        self._rho, self._q = np.array(state["rho"]), np.array(state["q"])
        self._rate, self._steps = float(state["rate"]), int(state["steps"])
        self._now = self._after(self._steps)


class SteppedLinearization(DualModel):
    """Any loss, step by step in function space: O(n^2) a step.

    f <- f - (eta/n) Theta r(f), u <- u + eta r(f).  Arguments and errors as for `Linearization`.
    """

    def __init__(
        self,
        Theta: Array,
        f0: Array,
        y: Array,
        scale: float = 1.0,
        loss: Loss = LOSSES["square"],
    ) -> None:
        _check(Theta, f0, y)
        self.f0, self.y, self.scale, self.criterion = f0.copy(), y.copy(), scale, loss
        self._kernel: Array = Theta / len(y)
        self._f, self._u = f0.copy(), np.zeros(len(y))

    def advance(self, steps: int, learning_rate: float) -> None:
        """Take `steps` gradient steps."""
        with quiet():
            for _ in range(steps):
                move = learning_rate * self.criterion.residual(self._f, self.y, np)
                self._u = self._u + move
                self._f = self._f - self._kernel @ move

    def outputs(self) -> Array:
        """f_t, (n,)."""
        return self._f.copy()

    def dual(self) -> Array:
        """u = sum of eta r, (n,), with wbar_t - w0 = -(1/(alpha n)) J^T u."""
        return self._u.copy()

    def displacement(self) -> float:
        """||wbar_t - w0|| = sqrt(u^T Theta u) / (alpha n)."""
        with quiet():
            square = float(self._u @ self._kernel @ self._u) / len(self.y)
        return float(np.sqrt(max(square, 0.0))) / self.scale

    def state(self) -> State:
        """The outputs and the dual vector."""
        return {"f": self._f, "u": self._u}

    def set_state(self, state: State) -> None:
        """Return to a state of this model."""
        self._f, self._u = np.array(state["f"]), np.array(state["u"])


def linearize(
    Theta: Array, f0: Array, y: Array, scale: float = 1.0, loss: Loss = LOSSES["square"]
) -> Linearization | SteppedLinearization:
    """The closed form where the loss has one, otherwise the step-by-step model."""
    if loss.has_closed_form:
        return Linearization(Theta, f0, y, scale)
    return SteppedLinearization(Theta, f0, y, scale, loss)


def check_start(f0: Array, y: Array) -> None:
    """Raise ValueError unless f0 and y are finite and both (n,) with n > 0."""
    if f0.shape != y.shape or y.ndim != 1 or len(y) == 0:
        raise ValueError(
            f"The start {f0.shape} and the targets {y.shape} do not fit: both must be (n,), n > 0."
        )
    _check_finite(f0, y)


def _check(Theta: Array, f0: Array, y: Array) -> None:
    n = len(y)
    if Theta.shape != (n, n) or f0.shape != (n,) or n == 0:
        raise ValueError(
            f"The kernel {Theta.shape}, the start {f0.shape} and the targets {y.shape} do not fit: "
            "for n targets they must be (n, n), (n,) and (n,)."
        )
    _check_finite(Theta, f0, y)


def _check_finite(*values: Array) -> None:
    if not all(np.isfinite(value).all() for value in values):
        raise ValueError(
            "The linearized model needs a finite kernel, start and targets: "
            "lower the scale or the gain of the initialization."
        )
