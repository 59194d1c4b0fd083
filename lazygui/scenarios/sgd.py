"""Many runs of stochastic gradient descent on one empirical risk (slide "SGD")."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from lazygui.scenarios.base import Scenario
from lazygui.scenarios.parameters import Group, parameter


class SgdScenario(Scenario):
    """w ← w − η_t g_t on F(w) = (1/n) Σ ℓ(x_i·w, y_i), two weights, from one start."""

    kind: Literal["sgd"] = "sgd"
    loss: Literal["square", "logistic"] = parameter(
        "square",
        symbol="ℓ",
        title="loss",
        help="Loss of one sample; both are convex in the output.",
        choice_titles={"square": "square", "logistic": "logistic"},
    )
    start: tuple[float, ...] = parameter(
        (2.0, -1.5),
        symbol="w<sub>0</sub>",
        title="start",
        help="Where every run starts; drag it in the view of the iterates.",
    )
    batch_size: int = parameter(
        1,
        symbol="b",
        title="batch size",
        help="Samples whose gradients are averaged in one step.",
        group=Group.TRAINING,
        log=True,
        ge=1,
        le=1000,
        typical=(1, 100),
    )
    schedule: Literal["constant", "sqrt", "harmonic"] = parameter(
        "constant",
        symbol="η<sub>t</sub>",
        title="step sizes",
        help="Constant, or decreasing with the step t.",
        group=Group.TRAINING,
        choice_titles={"constant": "η", "sqrt": "η/√(t + 1)", "harmonic": "η/(1 + t/t₀)"},
    )
    decay_steps: float = parameter(
        50.0,
        symbol="t<sub>0</sub>",
        title="decay steps",
        help="Steps after which the step size is half of η.",
        group=Group.TRAINING,
        log=True,
        applies={"schedule": ("harmonic",)},
        gt=0.0,
        le=1e9,
        typical=(1.0, 1e4),
    )
    sampling: Literal["uniform", "shuffled"] = parameter(
        "uniform",
        symbol="I<sub>t</sub>",
        title="sampling",
        help="Uniform draws are independent of w; a shuffled epoch is not i.i.d., "
        "since what was drawn before rules out what comes next.",
        group=Group.TRAINING,
        choice_titles={
            "uniform": "uniform, with replacement",
            "shuffled": "shuffled epochs (not i.i.d.)",
        },
    )
    runs: int = parameter(
        200,
        symbol="R",
        title="runs",
        help="Independent runs from the same start; the band is drawn from their quantiles.",
        group=Group.TRAINING,
        log=True,
        ge=1,
        le=2000,
        typical=(10, 1000),
    )
    samples: int = parameter(
        40,
        symbol="n",
        title="samples",
        help="Number of samples n.",
        group=Group.DATA,
        log=True,
        ge=3,
        le=1000,
        typical=(3, 200),
    )
    condition: float = parameter(
        4.0,
        symbol="cond",
        title="conditioning",
        help="λ<sub>max</sub>/λ<sub>min</sub> of (1/n) Σ x<sub>i</sub>x<sub>i</sub>ᵀ; "
        "λ<sub>max</sub> is 1.",
        group=Group.DATA,
        log=True,
        ge=1.0,
        le=1e6,
        typical=(1.0, 100.0),
    )
    noise: float = parameter(
        0.5,
        symbol="σ",
        title="noise",
        help="Standard deviation of what is added to the targets x<sub>i</sub>·w; "
        "without it SGD has no noise floor.",
        group=Group.DATA,
        ge=0.0,
        le=1e3,
        typical=(0.0, 2.0),
    )
    data_seed: int = parameter(
        0,
        symbol="data",
        title="data seed",
        help="Seed of the samples; the seed above draws the indices.",
        group=Group.DATA,
        ge=0,
        le=2**32 - 1,
        typical=(0, 99),
    )

    @model_validator(mode="after")
    def _lives_in_the_plane(self) -> Self:
        if len(self.start) != 2:
            raise ValueError(f"start: {len(self.start)} number(s) given; the plane has 2")
        if self.sampling == "shuffled" and self.batch_size > self.samples:
            raise ValueError(
                f"batch_size: {self.batch_size} is more than the {self.samples} samples of an "
                "epoch; choose a smaller batch or uniform sampling"
            )
        return self

    def memory_bytes(self) -> int:
        """The samples at every run's iterate, two blocks of draws, and the frames of a history."""
        draws = 8192 + self.batch_size * self.runs
        frames = 1200 * (self.runs + self.samples)
        return 8 * (4 * self.runs * self.samples + 8 * draws + frames + 300_000)
