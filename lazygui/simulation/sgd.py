"""Stochastic gradient descent, many runs side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from lazygui.numerics.empirical_risk import EmpiricalRisk, chord_excess, random_risk
from lazygui.numerics.sgd import Draws, MeanSquareTheory, drawn_gradients, step_factor
from lazygui.scenarios.sgd import SgdScenario
from lazygui.simulation.history import Array, Column
from lazygui.simulation.marks import learning_rate_marks
from lazygui.simulation.protocol import Simulation

CHORDS = 60
CHORD_SHARES = np.linspace(0.0, 1.0, 41)

COLUMNS = (
    Column("loss", "F(w)", "risk of run 1"),
    Column("gap", "F(w) − F*", "gap of run 1"),
    Column("gap_median", "median F(w) − F*", "median gap"),
    Column("gap_low", "10 % F(w) − F*", "10 % quantile of the gap"),
    Column("gap_high", "90 % F(w) − F*", "90 % quantile of the gap"),
    Column("mean_gap", "mean F(w) − F*", "mean gap"),
    Column("mean_gap_error", "s/√R", "standard error of the mean gap"),
    Column("distance", "‖w − w*‖", "distance of run 1"),
    Column("mean_distance", "mean ‖w − w*‖", "mean distance"),
    Column("iterate", "w", "iterate of run 1", shape=(2,), log=False),
    Column("draw_z", "z", "mean of g<sub>t</sub> − ∇F in standard errors", shape=(2,), log=False),
)
EXPECTED_GAP = Column("expected_gap", "E F(w) − F*", "expected gap")


def build_risk(scenario: SgdScenario) -> EmpiricalRisk:
    """The empirical risk of a scenario. Raises ValueError when it has no minimizer."""
    rng = np.random.default_rng([scenario.data_seed, 1])
    return random_risk(scenario.samples, scenario.condition, scenario.noise, scenario.loss, rng)


def theory_of(scenario: SgdScenario, risk: EmpiricalRisk) -> MeanSquareTheory | None:
    """The exact moments of the scenario's runs; None where they are not known."""
    if scenario.loss != "square" or scenario.sampling != "uniform":
        return None
    return MeanSquareTheory(risk, scenario.batch_size)


class SgdSimulation(Simulation):
    """w ← w − η_t g_t for R runs at once. The scenario is an SgdScenario.

    Runs are columns of `_w` (2, R). The draws are a function of the step, so that the state holds
    no random generator.
    """

    scenario: SgdScenario

    def __init__(self, scenario: SgdScenario) -> None:
        self.risk = build_risk(scenario)
        self.theory = theory_of(scenario, self.risk)
        known = () if self.theory is None else (EXPECTED_GAP,)
        super().__init__(scenario, (*COLUMNS, *known))
        self._draws = Draws(
            scenario.samples,
            scenario.batch_size,
            scenario.runs,
            scenario.seed,
            shuffled=scenario.sampling == "shuffled",
        )
        start = np.array(scenario.start, dtype=float)
        self._w = np.repeat(start[:, None], scenario.runs, axis=1)
        self._deviations = np.zeros_like(self._w)
        self._squares = np.zeros_like(self._w)
        self._moments = np.zeros(6) if self.theory is None else self.theory.begin(start)
        self.facts = self._facts(scenario)

    def _facts(self, scenario: SgdScenario) -> dict[str, Any]:
        x, y = scenario.start
        goal = self.risk.objective((x, y), self._note())
        return {
            "objective": goal,
            "risk": self.risk,
            "theory": self.theory,
            "start": np.array(scenario.start, dtype=float),
            "learning_rate_marks": self._marks(),
            "chord_shares": CHORD_SHARES,
            "chord_excess": chord_excess(goal, CHORDS, CHORD_SHARES, scenario.seed),
        }

    def _note(self) -> str:
        if self.theory is None:
            return ""
        return f"The mean gap stays bounded for η < {self.theory.largest_learning_rate:.3g} only."

    def _marks(self) -> tuple[tuple[float, str], ...]:
        if self.theory is None:
            return learning_rate_marks(self.risk.curvatures[0], None)
        return ((self.theory.largest_learning_rate, "η<sub>max</sub>"),)

    def _move(self, steps: int) -> None:
        for t in range(self.step, self.step + steps):
            rate = self.learning_rate * self._factor(t)
            g = drawn_gradients(self.risk, self._w, self._draws.at(t))
            deviation = g - self.risk.gradient(self._w.T).T
            self._deviations = self._deviations + deviation
            self._squares = self._squares + deviation**2
            self._w = self._w - rate * g
            if self.theory is not None:
                self._moments = self.theory.after_step(self._moments, rate)

    def _factor(self, step: int) -> float:
        return step_factor(self.scenario.schedule, step, self.scenario.decay_steps)

    def _finite(self) -> bool:
        return bool(np.isfinite(self.risk.gap(self._w.T)).all())

    def _row(self) -> dict[str, Any]:
        gaps = self.risk.gap(self._w.T)
        distances = np.linalg.norm(self._w.T - self.risk.minimizer, axis=1)
        low, median, high = np.quantile(gaps, (0.1, 0.5, 0.9))
        row = {
            "loss": float(self.risk.minimum + gaps[0]),
            "gap": gaps[0],
            "gap_median": median,
            "gap_low": low,
            "gap_high": high,
            "mean_gap": gaps.mean(),
            "mean_gap_error": gaps.std() / np.sqrt(max(len(gaps) - 1, 1)),
            "distance": distances[0],
            "mean_distance": distances.mean(),
            "iterate": self._w[:, 0].copy(),
            "draw_z": self._draw_z(),
        }
        if self.theory is not None:
            row["expected_gap"] = self.theory.expected_gap(self._moments[2:])
        return row

    def _draw_z(self) -> Array:
        """Sum of g_t − ∇F(w_t) over runs and steps, by the root of the sum of its squares.

        A martingale when I_t is uniform and independent of w_t: nearly standard Gaussian.
        """
        total, squares = self._deviations.sum(axis=1), self._squares.sum(axis=1)
        return np.asarray(np.divide(total, np.sqrt(squares), out=np.zeros(2), where=squares > 0))

    def _frame(self) -> dict[str, Array]:
        return {
            "iterates": np.ascontiguousarray(self._w.T),
            "sample_gradients": self.risk.sample_gradients(self._w[:, 0]),
        }

    def _converged(self, row: Mapping[str, Any]) -> bool:
        scale = 1.0 + float(np.linalg.norm(self.risk.minimizer))
        return bool(row["mean_distance"] <= 1e-14 * scale)

    def _state(self) -> dict[str, Any]:
        return {
            "w": self._w.copy(),
            "deviations": self._deviations.copy(),
            "squares": self._squares.copy(),
            "moments": self._moments.copy(),
        }

    def _set_state(self, state: Mapping[str, Any]) -> None:
        self._w = np.array(state["w"])
        self._deviations = np.array(state["deviations"])
        self._squares = np.array(state["squares"])
        self._moments = np.array(state["moments"])

    def diverged_sentence(self) -> str:
        """Why a run left the finite numbers: η against the bound for the mean square."""
        if self.theory is None or self.learning_rate < self.theory.largest_learning_rate:
            return super().diverged_sentence()
        limit = self.theory.largest_learning_rate
        return (
            f"Diverged at step {self.step}: η = {self.learning_rate:.4g} is above {limit:.4g}, "
            "where the mean gap stops being bounded. Choose a smaller η or a larger batch."
        )
