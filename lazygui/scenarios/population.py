"""A network trained online on a population loss: fresh samples of a teacher for every step."""

from __future__ import annotations

from typing import Literal

from lazygui.scenarios.lazy import LazyScenario
from lazygui.scenarios.parameters import Group, parameter


class PopulationScenario(LazyScenario):
    """Stochastic gradient descent with a fresh batch of n samples for every step.

    There are no training samples to fit, hence no linearization with a kernel of their own. Source:
    Chizat, Oyallon, Bach 2019, figure 2 (b).
    """

    kind: Literal["population"] = "population"  # type: ignore[assignment]  # its own kind

    network: Literal["two-layer"] = parameter(
        "two-layer",
        symbol="h",
        title="network",
        help="Two layers: the gradient of every batch is in closed form.",
        choice_titles={"two-layer": "Two layers"},
    )
    initialization: Literal["plain", "doubled"] = parameter(
        "doubled",
        symbol="w<sub>0</sub>",
        title="initialization",
        help="Doubled (each neuron has a mirror with the opposite sign) starts at zero output; "
        "plain does not.",
        choice_titles={"plain": "plain", "doubled": "doubled, h(w₀) = 0"},
    )
    data: Literal["teacher"] = parameter(
        "teacher",
        symbol="(x, y)",
        title="data",
        help="Inputs uniform on the sphere, targets of a teacher network.",
        group=Group.DATA,
        choice_titles={"teacher": "teacher–student"},
    )
    samples: int = parameter(
        100,
        symbol="b",
        title="batch",
        help="Fresh samples drawn for every step.",
        group=Group.DATA,
        ge=1,
        le=2048,
        log=True,
        typical=(10, 512),
    )
    test_samples: int = parameter(
        2000,
        symbol="n<sub>test</sub>",
        title="test samples",
        help="Held-out samples on which the population loss is estimated.",
        group=Group.DATA,
        ge=100,
        le=100_000,
        typical=(500, 10_000),
    )
    window: int = parameter(
        200,
        symbol="window",
        title="steps averaged",
        help="The loss shown is the mean over about this many of the last batches.",
        group=Group.COMPUTE,
        ge=1,
        le=1_000_000,
        log=True,
        advanced=True,
    )

    def memory_bytes(self) -> int:
        """Weights, one batch through the network, the test samples and the neurons of frames."""
        batch = 6 * self.width * self.samples + 3 * self.samples * self.input_dimension
        test = self.test_samples * (self.input_dimension + 4) + 4 * 65_536
        neurons = 600 * 3 * min(self.width, 2000) if self.input_dimension <= 3 else 0
        return 8 * (8 * self.n_parameters + batch + test + neurons)
