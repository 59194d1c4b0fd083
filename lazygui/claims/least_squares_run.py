"""What theory has to say about a recorded run of least squares."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lazygui.claims.claim import Reading, pending
from lazygui.claims.decay import log_decay, log_factor, stretches
from lazygui.numerics.least_squares import LeastSquares
from lazygui.scenarios.least_squares import LeastSquaresScenario
from lazygui.simulation.history import Array, History

REGRESSION = "Overparameterization in linear regression"
DESCENT = "GD in overparameterized least-squares"

REACHED = 1e-6  # a limit is judged once theory says that the way to it has shrunk this much


@dataclass(frozen=True)
class Run:
    """What theory has to say about a run of least squares."""

    history: History
    scenario: LeastSquaresScenario

    @property
    def problem(self) -> LeastSquares:
        """X and Y."""
        return self.history.facts["problem"]  # type: ignore[no-any-return]

    @property
    def rank(self) -> int:
        """The rank the scenario asks for: X has no accidental relations."""
        return self.scenario.true_rank

    @property
    def smallest(self) -> float:
        """λ_min⁺: the eigenvalues go from 1 down to 1/cond, and there is one alone for rank 1."""
        return 1 / self.scenario.condition if self.rank > 1 else 1.0

    @property
    def limit(self) -> float:
        """2/λ_max."""
        return float(2 / self.history.facts["eigenvalues"][0])

    @cached_property
    def shrunk(self) -> float:
        """max_i prod_j |1 − η_jλ_i|^(t_j): what is left of the slowest mode now."""
        steps = np.array([float(self.history.last_step)])
        logs = log_decay(self.history, np.asarray(self.history.facts["eigenvalues"]), steps)
        return float(np.exp(logs.max()))

    @cached_property
    def sizes(self) -> Array:
        """The largest ‖w‖ so far, or more, in each row: rounding is relative to it."""
        start = float(np.linalg.norm(self.start))
        goal = float(np.linalg.norm(self.history.facts["limit"]))
        so_far = np.maximum.accumulate(self.history["displacement"])
        return np.asarray(start + goal + so_far)

    @property
    def rounding(self) -> float:
        """What rounding may have added to w: a bit per step, until the slowest mode forgets it.

        A later stretch with too large a step makes it grow.
        """
        steps = min(self.history.last_step, self.scenario.condition)
        return 2e-15 * (10 + steps) * float(self.sizes[-1]) * self.growth

    @cached_property
    def growth(self) -> float:
        """How many times rounding may have grown since the learning rate first changed."""
        ends = np.asarray(self.history.facts["eigenvalues"])[[0, -1]]
        logs = [
            (part.last - part.first) * float(log_factor(part.learning_rate * ends).max())
            for part in stretches(self.history)[1:]
        ]
        return math.exp(min(sum(max(0.0, log) for log in logs), 700.0))

    @property
    def settled(self) -> bool:
        """Whether theory has w at its limit by now, and rounding does not hide it."""
        whole = float(self.history["distance"][0])
        return self.shrunk <= REACHED and self.rounding <= REACHED * whole

    @property
    def start(self) -> Array:
        """w₀."""
        return np.asarray(self.history.facts["initial_weights"], dtype=float)

    @property
    def outside(self) -> float:
        """The largest part of w − w₀ that ever was outside Im X, relative to w."""
        return float(np.max(self.history["off_image"] / np.maximum(self.sizes, 1e-300)))

    @property
    def weights(self) -> Array | None:
        """The newest weights, where they are recorded."""
        now = self.history.now
        return None if now is None else now.arrays.get("weights")


def run_of(history: History) -> Run | Reading:
    scenario = history.scenario
    if not isinstance(scenario, LeastSquaresScenario):
        return pending("", "only for least squares")
    return Run(history, scenario)
