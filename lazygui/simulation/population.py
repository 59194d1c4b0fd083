"""A network trained online on a population loss (Chizat, Oyallon, Bach 2019, figure 2 b)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from lazygui.numerics.datasets import Dataset, teacher
from lazygui.numerics.laziness import laziness
from lazygui.numerics.losses import LOSSES
from lazygui.numerics.networks import Initialization, TwoLayer
from lazygui.numerics.population import PopulationTrainer, Stream
from lazygui.numerics.tangent_kernel import eigenvalues
from lazygui.scenarios.population import PopulationScenario
from lazygui.simulation.history import Array, Column
from lazygui.simulation.lazy import SHOWN_NEURONS, network_of
from lazygui.simulation.lazy_diagnosis import NO_KAPPA, factors
from lazygui.simulation.marks import learning_rate_marks
from lazygui.simulation.protocol import Finding, Simulation
from lazygui.simulation.threads import pin_threads

COLUMNS = (
    Column("loss", "R(αh)", "mean loss of the last batches"),
    Column("test_loss", "R<sub>test</sub>(αh)", "population loss, on held-out samples"),
    Column("displacement", "‖w − w<sub>0</sub>‖", "displacement"),
    Column(
        "relative_displacement",
        "‖w − w<sub>0</sub>‖ / ‖w<sub>0</sub>‖",
        "relative displacement",
    ),
)


class PopulationSimulation(Simulation):
    """w ← w − η ∇F_α on a fresh batch for every step, with the population loss beside it."""

    def __init__(self, scenario: PopulationScenario) -> None:
        super().__init__(scenario, COLUMNS)
        pin_threads(scenario.threads)
        self.loss = LOSSES[scenario.loss]
        self.data = teacher(
            scenario.samples,
            scenario.test_samples,
            scenario.dimension,
            scenario.teachers,
            seed=scenario.data_seed,
        )
        network = network_of(scenario, scenario.dimension)
        assert isinstance(network, TwoLayer)
        self.network = network
        self._w0 = _initial(network, scenario)
        self._w0_norm = float(np.linalg.norm(self._w0))
        self._trainer = PopulationTrainer(
            network, self._w0, _stream(scenario, self.data), scenario.scale, self.loss,
            scenario.window,
        )  # fmt: skip
        self.facts = self._initial_facts(scenario)

    def _initial_facts(self, scenario: PopulationScenario) -> dict[str, Any]:
        inputs, _ = self._trainer.stream.batch(0)
        kernel = self.network.tangent_kernel(self._w0, inputs)
        top = float(eigenvalues(kernel)[0])
        smoothness = top * self.loss.smoothness
        assert self.data.teacher is not None
        return {
            "classification": False,
            "description": f"A fresh batch of {scenario.samples} points on the unit sphere of "
            f"dimension {scenario.dimension} for every step, targets of a ReLU network with "
            f"{scenario.teachers} neurons.",
            "lambda_max": top,
            "n_parameters": self.network.n_parameters,
            "backend": "numpy",
            "stability_limit": 2.0 / smoothness if smoothness > 0 else None,
            "best_learning_rate": None,
            "learning_rate_marks": learning_rate_marks(smoothness, None),
            "teacher_rows": self.data.teacher.rows,
            "teacher_signs": self.data.teacher.signs,
        }

    def _move(self, steps: int) -> None:
        self._trainer.advance(steps, self.learning_rate)

    def _finite(self) -> bool:
        return bool(np.isfinite(self._trainer.mean_loss))

    def _row(self) -> dict[str, Any]:
        w = self._trainer.weights
        outputs = self._trainer.scale * self.network.output(w, self.data.test_inputs)
        displacement = float(np.linalg.norm(w - self._w0))
        return {
            "loss": self._trainer.mean_loss,
            "test_loss": float(self.loss.value(outputs, self.data.test_targets, np)),
            "displacement": displacement,
            "relative_displacement": displacement / self._w0_norm,
        }

    def _frame(self) -> dict[str, Array]:
        if self.network.inputs > 3:
            return {}
        neurons, signs = self.network.features(self._trainer.weights)
        return {
            "neurons": neurons[:SHOWN_NEURONS, :2].copy(),
            "neuron_outputs": signs[:SHOWN_NEURONS].copy(),
        }

    def findings(self) -> list[Finding]:
        """κ(w₀) with its factors, on the first batch."""
        if self.loss.name != "square":
            return [NO_KAPPA.copy]
        problem = (self.network, self._w0, *self._trainer.stream.batch(0), self._trainer.scale)
        return [lambda: factors(laziness(*problem))]

    def _state(self) -> dict[str, Any]:
        trainer = self._trainer
        return {
            "w": trainer.weights.copy(),
            "step": trainer.step,
            "mean_loss": trainer.mean_loss,
        }

    def _set_state(self, state: Mapping[str, Any]) -> None:
        self._trainer.set_state(state["w"], state["step"], state["mean_loss"])


def _initial(network: TwoLayer, scenario: PopulationScenario) -> Array:
    return network.initial(
        np.random.default_rng(scenario.seed),
        Initialization(scenario.initialization),
        output_law=scenario.output_law,
        gain=scenario.gain,
    )


def _stream(scenario: PopulationScenario, data: Dataset) -> Stream:
    assert data.teacher is not None
    return Stream(data.teacher, scenario.samples, scenario.dimension, scenario.seed, scenario.noise)
