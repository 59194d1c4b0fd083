"""D23, D25, D26, D37 and D38: their demos confirm them, tampered records refute them."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from lazygui.claims.catapult import CLAIMS_OF_CATAPULT
from lazygui.claims.claim import Reading, Verdict
from lazygui.claims.heuristics import CLAIMS_OF_HEURISTICS
from lazygui.claims.tangent_kernel import CLAIMS_OF_TANGENT_KERNEL
from lazygui.headless import run
from lazygui.scenarios.base import Scenario
from lazygui.scenarios.catalogue import entry
from lazygui.simulation.build import build_simulation
from lazygui.simulation.history import History
from tests.claims.smaller import smaller

CLAIMS = {
    claim.id: claim
    for claim in (*CLAIMS_OF_HEURISTICS, *CLAIMS_OF_TANGENT_KERNEL, *CLAIMS_OF_CATAPULT)
}
DEMOS = {
    "taylor": ("D23.slope", "D23.constant"),
    "heuristic": ("D25.ratio", "D25.sign", "D26.bound", "D26.ratio"),
    "kernel": ("D37.spectrum", "D37.eigenvalues"),
    "kernel-width": ("D37.error", "D37.drift"),
    "catapult": ("D38.linearization", "D38.network", "D38.curvature"),
    "catapult-scale": ("D38.peak",),
    "catapult-rate": ("D38.threshold",),
    "catapult-reach": ("D38.survival",),
}


def ran(scenario: Scenario) -> History:
    simulation = build_simulation(scenario)
    history, _ = run(simulation)
    history.record_facts(simulation.diagnose())
    return history


@cache
def demo(name: str) -> History:
    return ran(smaller(name))


class Tampered:
    """A history in which some facts or columns were falsified."""

    def __init__(self, history: History, columns: dict[str, np.ndarray], **facts: Any) -> None:
        self._history, self._columns = history, columns
        self.facts = {**history.facts, **facts}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._history, name)

    def __contains__(self, name: str) -> bool:
        return name in self._history

    def __len__(self) -> int:
        return len(self._history)

    def __getitem__(self, name: str) -> np.ndarray:
        return self._columns.get(name, self._history[name])

    def latest(self, name: str) -> np.ndarray:
        return self[name][-1]


def read(claim: str, history: Any) -> Reading:
    return CLAIMS[claim].read(history)


def tampered(name: str, columns: dict[str, np.ndarray] | None = None, **facts: Any) -> Any:
    return Tampered(demo(name), columns or {}, **facts)


@pytest.mark.parametrize(("name", "claim"), [(n, c) for n, ids in DEMOS.items() for c in ids])
def test_the_demo_names_its_claim(name: str, claim: str) -> None:
    assert claim.partition(".")[0] in {c.partition(".")[0] for c in entry(name).claims}


@pytest.mark.parametrize("name", ["taylor", "heuristic", "kernel", "catapult"])
def test_too_early_is_pending(name: str) -> None:
    simulation = build_simulation(entry(name).scenario)
    history = History(simulation.scenario, simulation.columns, dict(simulation.facts))
    history.append(simulation.advance(0))
    for claim in DEMOS[name]:
        assert read(claim, history).verdict is Verdict.PENDING, claim


@pytest.mark.parametrize(
    "name", ["kernel-width", "catapult-scale", "catapult-rate", "catapult-reach"]
)
def test_a_sweep_in_progress_and_another_run_are_pending(name: str) -> None:
    simulation = build_simulation(entry(name).scenario)
    history = History(simulation.scenario, simulation.columns, dict(simulation.facts))
    for claim in DEMOS[name]:
        assert read(claim, history).verdict is Verdict.PENDING
        assert read(claim, demo("taylor")).verdict is Verdict.PENDING
    simulation.close()


class TestTampered:
    def test_taylor(self) -> None:
        facts = demo("taylor").facts
        distances = facts["taylor_distances"]
        for power in (1.0, 1.5, 3.0):
            history = tampered("taylor", taylor_errors=1e-3 * distances**power)
            assert read("D23.slope", history).verdict is Verdict.FAILS
        wrong = tampered("taylor", taylor_curvature=1.1 * facts["taylor_curvature"])
        assert read("D23.constant", wrong).verdict is Verdict.FAILS

    def test_heuristic(self) -> None:
        facts = demo("heuristic").facts
        large = tampered("heuristic", relative_differential_change=facts["relative_loss_change"])
        assert read("D25.ratio", large).verdict is Verdict.FAILS
        small = tampered("heuristic", kappa=facts["kappa"] / 10)
        assert read("D25.ratio", small).verdict is Verdict.FAILS
        rising = tampered("heuristic", {"loss": demo("heuristic")["loss"][::-1]})
        assert read("D25.sign", rising).verdict is Verdict.FAILS
        for part in ("D26.bound", "D26.ratio"):
            wrong = tampered("heuristic", gradient_norm=1.0, alignment=1.01)
            assert read(part, wrong).verdict is Verdict.FAILS
        assert read("D26.ratio", tampered("heuristic", alignment=0.01)).verdict is Verdict.FAILS

    def test_kernel(self) -> None:
        norm = demo("kernel").facts["differential_norm"]
        wrong = tampered("kernel", differential_norm=1.01 * norm)
        assert read("D37.spectrum", wrong).verdict is Verdict.FAILS
        halved = tampered("kernel", {"kernel_drift": 0.3 * demo("kernel")["kernel_drift"]})
        assert read("D37.eigenvalues", halved).verdict is Verdict.FAILS

    @pytest.mark.parametrize(
        ("claim", "metric"), [("D37.error", "kernel_error"), ("D37.drift", "max_kernel_drift")]
    )
    def test_kernel_width(self, claim: str, metric: str) -> None:
        history = demo("kernel-width")
        assert read(claim, history).verdict is Verdict.HOLDS
        for power in (-0.25, 0.25):
            column = history[metric] * history["width"] ** power
            wrong = tampered("kernel-width", {metric: column})
            assert read(claim, wrong).verdict is Verdict.FAILS

    def test_catapult(self) -> None:
        history = demo("catapult")
        linear, loss = history["loss_linearized"], history["loss"]
        slower = tampered("catapult", {"loss_linearized": linear[0] * np.sqrt(linear / linear[0])})
        assert read("D38.linearization", slower).verdict is Verdict.FAILS
        wrong = tampered("catapult", stability_limit=1.05 * history.facts["stability_limit"])
        assert read("D38.linearization", wrong).verdict is Verdict.FAILS
        aloft = tampered("catapult", {"loss": loss[0] + 0 * loss})
        assert read("D38.network", aloft).verdict is Verdict.FAILS
        steep = tampered("catapult", {"kernel_eigenvalues": 2 * history["kernel_eigenvalues"]})
        assert read("D38.curvature", steep).verdict is Verdict.FAILS

    def test_catapult_sweeps(self) -> None:
        peaks = demo("catapult-scale")
        wrong = tampered("catapult-scale", {"max_loss": peaks["max_loss"] / peaks["scale"]})
        assert read("D38.peak", wrong).verdict is Verdict.FAILS
        rates = demo("catapult-rate")
        for factor in (0.99, 1.01):
            shifted = tampered("catapult-rate", {"lambda_max": factor * rates["lambda_max"]})
            assert read("D38.threshold", shifted).verdict is Verdict.FAILS
        lost = tampered("catapult-reach", {"diverged": np.ones(len(demo("catapult-reach")))})
        assert read("D38.survival", lost).verdict is Verdict.FAILS


class TestOtherParameters:
    """Predictions follow the scenario that the user made of the demo."""

    @pytest.mark.parametrize("activation", ["tanh", "softplus", "erf"])
    @pytest.mark.parametrize("scale", [0.3, 1.0, 100.0])
    @pytest.mark.parametrize("initialization", ["doubled", "plain"])
    def test_heuristic(self, activation: str, scale: float, initialization: str) -> None:
        scenario = entry("heuristic").scenario.replace(
            activation=activation, scale=scale, initialization=initialization, steps=2
        )
        history = ran(scenario)
        for claim in ("D25.ratio", "D26.bound", "D26.ratio", "D23.slope", "D23.constant"):
            reading = read(claim, history)
            assert reading.verdict in (Verdict.HOLDS, Verdict.PENDING), (claim, reading)
            assert reading.verdict is Verdict.HOLDS or claim == "D25.ratio"

    def test_relu_is_quadratic_before_its_first_kink_and_has_no_exact_kappa(self) -> None:
        history = ran(entry("taylor").scenario.replace(activation="relu", steps=2))
        assert read("D23.slope", history).verdict is Verdict.HOLDS
        assert read("D25.ratio", history).verdict is Verdict.PENDING

    @pytest.mark.parametrize(
        ("share", "verdicts"),
        [(0.9, "HOLDS PENDING PENDING"), (1.05, "HOLDS HOLDS HOLDS"), (1.6, "HOLDS HOLDS HOLDS"),
         (2.5, "HOLDS PENDING")],
    )  # fmt: skip
    def test_catapult(self, share: float, verdicts: str) -> None:
        scenario = entry("catapult").scenario
        limit = build_simulation(scenario).facts["stability_limit"]
        history = ran(scenario.replace(learning_rate=share * limit))
        for claim, expected in zip(DEMOS["catapult"], verdicts.split(), strict=False):
            assert read(claim, history).verdict.name == expected, claim

    def test_a_change_on_the_way_is_pending(self) -> None:
        scenario = entry("catapult").scenario.with_change(5, "learning_rate", 3.0)
        history = ran(scenario.replace(steps=50))
        for claim in DEMOS["catapult"]:
            assert read(claim, history).verdict is Verdict.PENDING
