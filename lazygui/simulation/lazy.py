"""A network and its linearization, trained from the same start with the same step."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from lazygui.numerics.datasets import Dataset
from lazygui.numerics.losses import LOSSES
from lazygui.numerics.networks import (
    Initialization,
    Network,
    Parameterization,
    TwoLayer,
    build_network,
)
from lazygui.numerics.training import Trainer, make_trainer
from lazygui.scenarios.lazy import LazyScenario
from lazygui.simulation.datasets import build_dataset
from lazygui.simulation.history import Array
from lazygui.simulation.kernel_tracker import KernelTracker, tracked_columns
from lazygui.simulation.lazy_columns import lazy_columns
from lazygui.simulation.lazy_diagnosis import (
    Start,
    heuristic_facts,
    infinite_width_facts,
    laziness_facts,
    taylor_facts,
)
from lazygui.simulation.lazy_linear import linear_start
from lazygui.simulation.lazy_rows import Counts, LazyRows
from lazygui.simulation.marks import learning_rate_marks
from lazygui.simulation.points import Points
from lazygui.simulation.protocol import Finding, Simulation
from lazygui.simulation.threads import pin_threads, resolve_device

# Of a wider network the first ones stand for all: checkpoints are many and must stay small.
SHOWN_NEURONS = 2000


def network_of(scenario: LazyScenario, inputs: int) -> Network:
    """The network that the scenario describes, for inputs of that dimension."""
    layers = 1 if scenario.network == "two-layer" else scenario.hidden_layers
    return build_network(
        scenario.network,
        inputs,
        (scenario.width,) * layers,
        scenario.activation,
        scenario.bias,
        Parameterization(scenario.parameterization),
        Initialization(scenario.initialization),
    )


class LazySimulation(Simulation):
    """Gradient descent on F_α beside the linearization at w₀ (Chizat, Oyallon, Bach 2019).

    The outputs shown are αh(w) and αh̄(w̄), with h replaced by h − h(w₀) when centred.
    Raises ValueError when the data cannot be used.
    """

    def __init__(self, scenario: LazyScenario) -> None:
        data = build_dataset(scenario)
        has_test = len(data.test_targets) > 0
        columns = lazy_columns(has_test, data.classification)
        columns += tracked_columns(scenario) if scenario.track_kernel else ()
        super().__init__(scenario, columns)
        device, self.notices = resolve_device(scenario)
        pin_threads(scenario.threads)
        self.data, self.loss = data, LOSSES[scenario.loss]
        self.network = network_of(scenario, data.inputs.shape[1])
        self._start(scenario, device)
        pin_threads(scenario.threads)
        self.facts = self._initial_facts()

    def _start(self, scenario: LazyScenario, device: str) -> None:
        rng = np.random.default_rng(scenario.seed)
        initialization = Initialization(scenario.initialization)
        laws: dict[str, Any] = {"output_law": scenario.output_law, "gain": scenario.gain}
        if isinstance(self.network, TwoLayer):
            laws["row_law"] = scenario.row_law
        self._w0 = self.network.initial(rng, initialization, **laws)
        self._w0_norm = float(np.linalg.norm(self._w0))
        centred = initialization is Initialization.CENTRED
        X, y, alpha = self.data.inputs, self.data.targets, scenario.scale
        self._fitted = 1e-28 * float(np.mean(y * y))
        self._scale = alpha
        raw = self.network.output(self._w0, X)
        self._offset = raw if centred else np.zeros_like(raw)
        self._trainer = make_trainer(
            self.network, self._w0, X, y, alpha, self._offset, self.loss, scenario.dtype, device
        )
        tracked = scenario.track_kernel
        self._tracker = KernelTracker(self.network, self._w0, X) if tracked else None
        f0 = alpha * (raw - self._offset)
        self._spectrum = linear_start(self.network, self._w0, X, f0, y, alpha, self.loss)
        self._linear = self._spectrum.model
        self._measured = LazyRows(
            self.network, self._w0, X, y, self._trainer, self._linear, self.loss,
            self.data.classification,
        )  # fmt: skip
        places = {"test": self.data.test_inputs}
        if self.data.grid is not None:
            places["grid"] = self.data.grid.inputs
        self._points = {
            name: Points(self.network, self._w0, X, inputs, alpha, centred, self._linear)
            for name, inputs in places.items()
            if len(inputs)
        }

    def _initial_facts(self) -> dict[str, Any]:
        top = self._spectrum.lambda_max * self.loss.smoothness
        limit = 2.0 / top if top > 0 else None
        facts: dict[str, Any] = {
            "inputs": self.data.inputs,
            "targets": self.data.targets,
            "classification": self.data.classification,
            "description": self.data.description,
            "eigenvalues" if self._spectrum.complete else "ritz_values": self._spectrum.eigenvalues,
            "lambda_max": self._spectrum.lambda_max,
            "n_parameters": self.network.n_parameters,
            "backend": _backend_name(self._trainer),
            "stability_limit": limit,
            "best_learning_rate": None,
            "learning_rate_marks": learning_rate_marks(top, None),
        }
        return facts | _geometry(self.data)

    @property
    def releases_interpreter(self) -> bool:
        """Whether the network trains without the interpreter."""
        return self._trainer.releases_interpreter

    def _move(self, steps: int) -> None:
        self._trainer.advance(steps, self.learning_rate)
        self._linear.advance(steps, self.learning_rate)

    def _finite(self) -> bool:
        # The linearization may diverge while the network catapults: only the network counts.
        return bool(np.isfinite(self._trainer.loss))

    @property
    def _many_rows(self) -> bool:
        return self._measured.many and "test" not in self._points and self._tracker is None

    def _rows_through(self, counts: Counts) -> list[dict[str, Any]]:
        return self._measured.through(counts, self.learning_rate)

    def _row(self) -> dict[str, Any]:
        row = self._measured.now(self.learning_rate)
        if "test" in self._points:
            row |= self._test_row(self._trainer.weights)
        if self._tracker is not None:
            row |= self._tracker.row(self._trainer.weights)
        return row

    def _test_row(self, w: Array) -> dict[str, Any]:
        targets, points = self.data.test_targets, self._points["test"]
        outputs, linear = points.outputs(w), points.linearized()
        row = {
            "test_loss": float(self.loss.value(outputs, targets, np)),
            "test_loss_linearized": float(self.loss.value(linear, targets, np)),
        }
        if self.data.classification:
            row["test_accuracy"] = _accuracy(outputs, targets)
            row["test_accuracy_linearized"] = _accuracy(linear, targets)
        return row

    def _frame(self) -> dict[str, Array]:
        w = self._trainer.weights
        frame = {"outputs": self._trainer.outputs(), "outputs_linearized": self._linear.outputs()}
        if "grid" in self._points:
            points = self._points["grid"]
            frame["grid_outputs"] = points.outputs(w)
            frame["grid_outputs_linearized"] = points.linearized()
        if self.data.inputs.shape[1] <= 3 and isinstance(self.network, TwoLayer):
            neurons, weights = self.network.features(w)
            # Copies: a view would keep the arrays of all neurons alive with every frame.
            frame["neurons"] = neurons[:SHOWN_NEURONS, :2].copy()
            frame["neuron_outputs"] = weights[:SHOWN_NEURONS].copy()
        if self._tracker is not None:
            frame |= self._tracker.frame(w)
        return frame

    def findings(self) -> list[Finding]:
        """κ(w₀) with its three factors, and what else is known at w₀ (see `lazy_diagnosis`)."""
        scenario = self.scenario
        assert isinstance(scenario, LazyScenario)
        start = Start(
            self.network, self._w0, self.data.inputs, self.data.targets, self._scale, self._offset
        )
        limit = self.facts["stability_limit"]
        # A kernel at hand is decomposed again: κ and the run's spectrum check each other.
        known = None if self._spectrum.complete else self._spectrum.lambda_max
        return [
            partial(laziness_facts, start, self.loss, known),
            partial(taylor_facts, start, scenario.seed),
            partial(heuristic_facts, start, self.loss, self.learning_rate, limit),
            partial(infinite_width_facts, start, scenario),
        ]

    def _converged(self, row: Mapping[str, Any]) -> bool:
        return bool(row["loss"] <= self._fitted)

    def _state(self) -> dict[str, Any]:
        return {"w": self._trainer.weights, "linear": self._linear.state()}

    def _set_state(self, state: Mapping[str, Any]) -> None:
        self._trainer.set_weights(state["w"])
        self._linear.set_state(state["linear"])

    def diverged_sentence(self) -> str:
        """Why the run left the finite numbers: η against 2/λ_max(Θ/n)."""
        limit = self.facts["stability_limit"]
        if limit is None or self.learning_rate <= limit:
            return (
                f"Diverged at step {self.step} with η = {self.learning_rate:.4g}: the tangent "
                "kernel grew on the way. Choose a smaller η."
            )
        return (
            f"Diverged at step {self.step}: η = {self.learning_rate:.4g} is "
            f"{self.learning_rate / limit:.2f} × 2/λmax = {limit:.4g}, beyond what the network "
            f"can survive by a catapult. Choose η below {limit:.4g}."
        )


def _geometry(data: Dataset) -> dict[str, Any]:
    """What places the samples on a line, the circle or in the plane."""
    facts: dict[str, Any] = {}
    if data.grid is not None:
        facts["grid"], facts["grid_label"] = data.grid.coordinates, data.grid.label
        facts["sample_coordinates"] = data.coordinates
    if data.teacher is not None:
        facts["teacher_rows"], facts["teacher_signs"] = data.teacher.rows, data.teacher.signs
    return facts


def _backend_name(trainer: Trainer) -> str:
    """numpy or torch, and the device where it is not the processor."""
    if trainer.releases_interpreter:
        return "numba"
    backend = getattr(trainer, "backend", None)
    if backend is None:
        return "torch, autograd"
    name = str(backend.xp.__name__)
    return f"{name}, CUDA" if backend.device == "cuda" else name


def _accuracy(outputs: Array, targets: Array) -> float:
    return float(np.mean((outputs > 0) == (targets > 0)))
