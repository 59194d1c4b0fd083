"""Gradient descent on least squares, mode by mode."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from lazygui.numerics.least_squares import random_problem
from lazygui.scenarios.least_squares import LeastSquaresScenario
from lazygui.simulation.history import Array, Column
from lazygui.simulation.marks import learning_rate_marks, signed
from lazygui.simulation.protocol import Simulation

SHOWN_MODES = 32
# Larger weight vectors are not kept at checkpoints: 600 of these take 10 MB.
SHOWN_WEIGHTS = 2048
# All iterates of one call are held at once: 2 MB of them.
BLOCK_ENTRIES = 262_144


def _columns(modes: int) -> tuple[Column, ...]:
    return (
        Column("loss", "F(w)", "loss"),
        Column("gap", "F(w) − F*", "optimality gap"),
        Column("distance", "‖w − w<sub>∞</sub>‖", "distance to the closest solution"),
        Column("minimum_norm_distance", "‖w − w<sub>min</sub>‖", "distance to the least norm"),
        Column("displacement", "‖w − w<sub>0</sub>‖", "displacement"),
        Column("off_image", "‖(w − w<sub>0</sub>)<sub>⊥</sub>‖", "part of w − w₀ outside Im X"),
        Column("modes", "|⟨u<sub>i</sub>, w − w<sub>∞</sub>⟩|", "modes", shape=(modes,)),
        Column("modes_predicted", "|1 − ηλ<sub>i</sub>|<sup>t</sup>", "decay", shape=(modes,)),
    )


class LeastSquaresSimulation(Simulation):
    """w ← w − η X(Xᵀw − Y) from w₀; the limit is the solution closest to w₀."""

    def __init__(self, scenario: LeastSquaresScenario) -> None:
        n, p = scenario.samples, scenario.features
        rank = scenario.true_rank
        condition = scenario.condition if rank > 1 else 1.0
        self.problem = random_problem(n, p, condition, scenario.noise, scenario.seed, rank)
        count = min(self.problem.rank, SHOWN_MODES)
        super().__init__(scenario, _columns(count))
        self._shown = np.unique(np.linspace(0, self.problem.rank - 1, count).round().astype(int))
        # The stream of the problem is the seed itself; the start draws from a child of it.
        rng = np.random.default_rng([scenario.seed, 1])
        self._w0 = rng.standard_normal(p) if scenario.start == "random" else np.zeros(p)
        self._w = self._w0.copy()
        self._limit = self.problem.closest_solution(self._w0)
        self._minimum_norm = self.problem.closest_solution(np.zeros(p))
        self._initial_modes = self._modes()
        self._predicted = np.ones(count)
        self._left_finite = False
        eigenvalues = self.problem.eigenvalues
        self.facts = {
            "problem": self.problem,
            "initial_weights": self._w0.copy(),
            "limit": self._limit,
            "initial_modes": np.abs(self.problem.modes(self._w0, self._limit)),
            "flattest_rise": self._flattest_rise(),
            "eigenvalues": eigenvalues,
            "shown_modes": self._shown,
            "shown_eigenvalues": eigenvalues[self._shown],
            "n": n,
            "p": p,
            "rank": self.problem.rank,
            "stability_limit": self.problem.stability_limit,
            "best_learning_rate": self.problem.best_learning_rate,
            "learning_rate_marks": learning_rate_marks(
                float(eigenvalues[0]), float(eigenvalues[-1])
            ),
        }

    def _flattest_rise(self) -> float:
        """F − F* one unit away from the limit where F is flattest: 0 if there are other minimizers.

        λ_min/2n if the rank is p.
        """
        rng = np.random.default_rng([self.scenario.seed, 2])
        beside = self._limit + self.problem.flattest_direction(rng)
        return float(self.problem.loss(beside)) - self.problem.minimum

    def _modes(self) -> Array:
        modes = self.problem.modes(self._w, self._limit)
        return np.asarray(np.abs(modes[self._shown]))

    def _leave_rate(self) -> None:
        self._predicted = self._decayed()

    def _decayed(self) -> Array:
        steps = self.step - self._rate_step
        factors = self.problem.decay(self.learning_rate, steps)[self._shown]
        return np.asarray(self._predicted * np.abs(factors))

    def _move(self, steps: int) -> None:
        block = max(1, BLOCK_ENTRIES // self.problem.p)
        while steps > 0 and not self._left_finite:
            asked = min(steps, block)
            path = self.problem.step(self._w, self.learning_rate, asked)
            self._left_finite = len(path) < asked
            if len(path):
                self._w = path[-1].copy()
            steps -= asked

    def _finite(self) -> bool:
        return not self._left_finite

    def _row(self) -> dict[str, Any]:
        loss = float(self.problem.loss(self._w))
        initial = self._initial_modes
        relative = np.divide(self._modes(), initial, out=np.zeros_like(initial), where=initial > 0)
        return {
            "loss": loss,
            "gap": loss - self.problem.minimum,
            "distance": float(np.linalg.norm(self._w - self._limit)),
            "minimum_norm_distance": float(np.linalg.norm(self._w - self._minimum_norm)),
            "displacement": float(np.linalg.norm(self._w - self._w0)),
            "off_image": float(self.problem.off_image(self._w, self._w0)),
            "modes": relative,
            "modes_predicted": self._decayed(),
        }

    def _frame(self) -> dict[str, Array]:
        return {"weights": self._w.copy()} if self.problem.p <= SHOWN_WEIGHTS else {}

    def _converged(self, row: Mapping[str, Any]) -> bool:
        return bool(row["distance"] <= 1e-14 * (1.0 + np.linalg.norm(self._limit)))

    def _state(self) -> dict[str, Any]:
        return {"w": self._w.copy(), "predicted": self._predicted.copy()}

    def _set_state(self, state: Mapping[str, Any]) -> None:
        self._w, self._predicted = np.array(state["w"]), np.array(state["predicted"])
        self._left_finite = False

    def diverged_sentence(self) -> str:
        """Why the run left the finite numbers: η against 2/λ_max(XXᵀ)."""
        limit, top = self.problem.stability_limit, float(self.problem.eigenvalues[0])
        factor = 1.0 - self.learning_rate * top
        return (
            f"Diverged at step {self.step}: η = {self.learning_rate:.4g} > 2/λmax = {limit:.4g}, "
            f"so each step multiplies the steepest mode by {signed(factor)}. "
            f"Choose η below {limit:.4g}."
        )
