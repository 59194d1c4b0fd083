"""The parameters that say where the samples come from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import model_validator

from lazygui.scenarios.base import Scenario
from lazygui.scenarios.parameters import Group, parameter

_TARGETS = {"line": ("sine", "step", "bump"), "circle": ("waves", "sine3")}

DataName = Literal["line", "circle", "teacher", "digits", "csv"]


class DataFields(Scenario):
    """A scenario that learns from samples (x_i, y_i)."""

    data: DataName = parameter(
        "line",
        symbol="(x, y)",
        title="data",
        help="Where the samples come from.",
        group=Group.DATA,
        choice_titles={
            "line": "1-D regression",
            "circle": "unit circle",
            "teacher": "teacher–student",
            "digits": "digits 8×8, one against the rest",
            "csv": "my own CSV file",
        },
    )
    samples: int = parameter(
        12,
        symbol="n",
        title="samples",
        help="Number of training samples; above 2,048 the linearization is computed by products "
        "with the Jacobian instead of an n×n kernel.",
        group=Group.DATA,
        ge=2,
        le=100_000,
        log=True,
        typical=(2, 512),
    )
    test_samples: int = parameter(
        0,
        symbol="n<sub>test</sub>",
        title="test samples",
        help="Number of held-out samples on which the test loss is measured; 0 for none.",
        group=Group.DATA,
        ge=0,
        le=100_000,
        typical=(0, 1000),
    )
    target: Literal["sine", "step", "bump", "waves", "sine3"] = parameter(
        "sine",
        symbol="y",
        title="target",
        help="The function to learn.",
        group=Group.DATA,
        choice_titles={
            "sine": "sin 3x",
            "step": "step",
            "bump": "bump",
            "waves": "sin 2t + ½ cos 3t",
            "sine3": "sin 3t",
        },
        applies={"data": ("line", "circle")},
    )
    noise: float = parameter(
        0.0,
        symbol="σ<sub>y</sub>",
        title="noise",
        help="Standard deviation of the noise added to the training targets.",
        group=Group.DATA,
        applies={"data": ("line", "circle", "teacher")},
        ge=0.0,
        le=1e3,
        typical=(0.0, 1.0),
    )
    dimension: int = parameter(
        10,
        symbol="d",
        title="dimension",
        help="Dimension of the inputs.",
        group=Group.DATA,
        applies={"data": ("teacher",)},
        ge=1,
        le=100_000,
        log=True,
        typical=(2, 200),
    )
    teachers: int = parameter(
        3,
        symbol="m<sub>0</sub>",
        title="teacher neurons",
        help="Hidden neurons of the teacher network.",
        group=Group.DATA,
        applies={"data": ("teacher",)},
        ge=1,
        le=10_000,
        typical=(1, 20),
    )
    bias_feature: bool = parameter(
        True,
        symbol="(x, 1)",
        title="constant feature",
        help="Append a constant to the inputs; without it a bias-free tanh net can only be odd.",
        group=Group.DATA,
        applies={"data": ("circle",)},
    )
    digit: int = parameter(
        0,
        symbol="digit",
        title="digit",
        help="The digit that is told from the rest.",
        group=Group.DATA,
        applies={"data": ("digits",)},
        ge=0,
        le=9,
    )
    data_file: str = parameter(
        "",
        symbol="CSV",
        title="data file",
        help="A CSV file with a header line; every column but the target is a feature.",
        group=Group.DATA,
        applies={"data": ("csv",)},
        max_length=4096,
    )
    target_column: str = parameter(
        "",
        symbol="y",
        title="target column",
        help="The column to predict; empty means the last one.",
        group=Group.DATA,
        applies={"data": ("csv",)},
        max_length=200,
    )
    data_seed: int = parameter(
        0,
        symbol="data seed",
        title="data seed",
        help="Seed of the data; a new seed of the run keeps the data.",
        group=Group.DATA,
        ge=0,
        le=2**32 - 1,
        typical=(0, 99),
    )

    @model_validator(mode="after")
    def _target_fits_the_data(self) -> Self:
        allowed = _TARGETS.get(self.data)
        if allowed and self.target not in allowed:
            raise ValueError(
                f"target: '{self.target}' does not go with data = '{self.data}'; "
                f"choose {' or '.join(allowed)}"
            )
        return self

    @model_validator(mode="after")
    def _file_is_named(self) -> Self:
        if self.data == "csv" and not self.data_file:
            raise ValueError("data_file: choose a CSV file, or another kind of data")
        return self

    @classmethod
    def adapted(cls, values: dict[str, Any], asked: Mapping[str, Any]) -> dict[str, Any]:
        """New data bring a target of their own."""
        allowed = _TARGETS.get(values["data"])
        if allowed and values["target"] not in allowed and "target" not in asked:
            return {**values, "target": allowed[0]}
        return values

    @property
    def input_dimension(self) -> int:
        """Features per sample as far as the scenario alone tells (64 for a CSV file)."""
        known = {"line": 2, "circle": 3 if self.bias_feature else 2, "digits": 64}
        return known.get(self.data, self.dimension if self.data == "teacher" else 64)
