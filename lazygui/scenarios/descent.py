"""Gradient descent on the lecture's objectives in one and two dimensions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import model_validator

from lazygui.numerics.objectives import OBJECTIVES, Objective, objective
from lazygui.scenarios.base import Scenario
from lazygui.scenarios.faults import did_you_mean
from lazygui.scenarios.parameters import parameter

_TITLES = {name: family.title for name, family in OBJECTIVES.items()}


def _using(name: str) -> dict[str, tuple[str, ...]]:
    """The objectives that have the parameter `name`."""
    users = tuple(key for key, family in OBJECTIVES.items() if name in family.parameters)
    return {"objective": users}


class DescentScenario(Scenario):
    """w ← w − η ∇F(w) on one objective from one start (slide "Gradient descent")."""

    kind: Literal["descent"] = "descent"
    objective: str = parameter(
        "quadratic",
        symbol="F",
        title="objective",
        help="The function to minimise.",
        choice_titles=_TITLES,
    )
    start: tuple[float, ...] = parameter(
        (3.0,),
        symbol="w<sub>0</sub>",
        title="start",
        help="Where gradient descent starts; drag it in the objective's view.",
    )
    minimizer: tuple[float, ...] = parameter(
        (0.4,),
        symbol="w*",
        title="minimizer",
        help="Where the objective is smallest.",
        applies=_using("minimizer"),
    )
    slope: float = parameter(
        2.0,
        symbol="G",
        title="slope",
        help="Slope of G|w − w*| on both sides.",
        applies=_using("slope"),
        gt=0.0,
        le=1e6,
        log=True,
        typical=(0.1, 10.0),
    )
    condition: float = parameter(
        10.0,
        symbol="cond",
        title="conditioning",
        help="cond(M) = λ<sub>max</sub>/λ<sub>min</sub> of the quadratic: "
        "how flat its level sets are.",
        applies=_using("condition"),
        ge=1.0,
        le=1e8,
        log=True,
        typical=(1.0, 1000.0),
    )
    angle: float = parameter(
        30.0,
        symbol="θ",
        title="angle",
        help="Rotation of the quadratic's axes.",
        unit="°",
        applies=_using("angle"),
        ge=-180.0,
        le=180.0,
        typical=(-90.0, 90.0),
    )

    @model_validator(mode="after")
    def _fits_the_objective(self) -> Self:
        self.build_objective()
        return self

    @classmethod
    def adapted(cls, values: dict[str, Any], asked: Mapping[str, Any]) -> dict[str, Any]:
        """A new objective brings its own start and minimizer when the dimension changes."""
        family = OBJECTIVES.get(values["objective"])
        if "objective" not in asked or family is None:
            return values
        if len(values["start"]) != family.dim and "start" not in asked:
            values = {**values, "start": family.build().default_start}
        if len(values["minimizer"]) != family.dim and "minimizer" not in asked:
            values = {**values, "minimizer": (0.0,) * family.dim}
        return values

    def build_objective(self) -> Objective:
        """The objective with this scenario's parameters. Raises ValueError naming the field."""
        family = OBJECTIVES.get(self.objective)
        if family is None:
            known = ", ".join(OBJECTIVES)
            hint = did_you_mean(self.objective, OBJECTIVES)
            raise ValueError(f"objective: '{self.objective}' is not known{hint}; known: {known}")
        vectors = {"start": self.start}
        if "minimizer" in family.parameters:
            vectors["minimizer"] = self.minimizer
        for name, vector in vectors.items():
            if len(vector) != family.dim:
                raise ValueError(
                    f"{name}: {len(vector)} number(s) given, the objective "
                    f"'{self.objective}' lives in {family.dim} dimension(s)"
                )
        values = {name: getattr(self, name) for name in family.parameters}
        return objective(self.objective, **values)
