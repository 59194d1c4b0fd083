"""What every scenario has in common: step size, seed, length, changes on the way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from lazygui.scenarios.parameters import Effect, Group, Parameter, parameter, parameters_of

STEPS_LIMIT = 1_000_000_000
SEED_LIMIT = 2**32 - 1


class Change(BaseModel):
    """A live parameter that took a new value at a step of the run (a replay repeats it)."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    step: Annotated[int, Field(ge=0, le=STEPS_LIMIT)]
    name: str
    value: float


class Scenario(BaseModel):
    """A frozen description of one run: enough to repeat it to the last bit.

    Raises pydantic's ValidationError listing every fault; `scenarios.faults` turns that into
    sentences.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, validate_default=True
    )

    kind: str
    learning_rate: float = parameter(
        0.1,
        symbol="η",
        title="step size",
        help="Learning rate of gradient descent: w ← w − η ∇F(w). It acts at once.",
        group=Group.TRAINING,
        log=True,
        effect=Effect.LIVE,
        gt=0.0,
        le=1e12,
        typical=(1e-3, 1e1),
    )
    steps: int = parameter(
        1000,
        symbol="K",
        title="steps",
        help="Number of gradient steps after which the run ends.",
        group=Group.TRAINING,
        log=True,
        ge=1,
        le=STEPS_LIMIT,
        typical=(10, 1_000_000),
    )
    seed: int = parameter(
        0,
        symbol="seed",
        title="seed",
        help="Seed of every random draw; the same seed gives the same run to the last bit.",
        group=Group.TRAINING,
        ge=0,
        le=SEED_LIMIT,
        typical=(0, 99),
    )
    record_every: int = parameter(
        0,
        symbol="record",
        title="record every",
        help="Steps between recorded rows; 0 records densely at first and ever more thinly, "
        "so that every time scale keeps at least 256 points.",
        group=Group.COMPUTE,
        ge=0,
        le=STEPS_LIMIT,
        advanced=True,
    )
    changes: tuple[Change, ...] = ()

    live: ClassVar[tuple[str, ...]] = ("learning_rate",)

    @model_validator(mode="before")
    @classmethod
    def _lists_are_tuples(cls, values: Any) -> Any:
        if not isinstance(values, Mapping):
            return values
        return {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}

    @model_validator(mode="after")
    def _changes_are_live_and_ordered(self) -> Self:
        for change in self.changes:
            if change.name not in self.live:
                known = ", ".join(self.live)
                raise ValueError(
                    f"changes: '{change.name}' cannot change during a run; only {known} can"
                )
            if not change.value > 0:
                raise ValueError(
                    f"changes: {change.name} = {change.value:g} at step {change.step} "
                    "must be greater than 0"
                )
        steps = [change.step for change in self.changes]
        if steps != sorted(steps):
            raise ValueError("changes: the steps must be in increasing order")
        return self

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        """Every declared parameter, in the order of declaration."""
        return tuple(parameters_of(cls))

    @classmethod
    def parameter(cls, name: str) -> Parameter:
        """The declared parameter of that name. Raises KeyError if there is none."""
        return {item.name: item for item in cls.parameters()}[name]

    def offered_parameters(self) -> tuple[Parameter, ...]:
        """Every parameter that may be edited, whatever the choices made."""
        return self.parameters()

    def active_parameters(self) -> tuple[Parameter, ...]:
        """The parameters that mean something for the choices made."""
        return tuple(item for item in self.offered_parameters() if item.applies_to(self))

    def value_of(self, name: str) -> Any:
        """The value of one of `offered_parameters`."""
        return getattr(self, name)

    def replace(self, **values: Any) -> Self:
        """A copy with other values, validated as a whole. Raises pydantic's ValidationError.

        Companions that the new values rule out follow them (see `adapted`).
        """
        return type(self).model_validate(self.adapted({**self.model_dump(), **values}, values))

    @classmethod
    def adapted(cls, values: dict[str, Any], asked: Mapping[str, Any]) -> dict[str, Any]:
        """`values` with those changed that cannot stand beside the values `asked` for."""
        return values

    def redrawn(self) -> Self:
        """The same scenario from another draw: the next seed; after the largest comes 0."""
        return self.replace(seed=self.seed + 1 if self.seed < SEED_LIMIT else 0)

    def with_change(self, step: int, name: str, value: float) -> Self:
        """The same run, except that a live parameter takes `value` after `step` steps.

        A change at the step of an earlier change of the same parameter replaces it: a slider drag
        on a paused run is one change.
        """
        kept = tuple(c for c in self.changes if not (c.step >= step and c.name == name))
        change = Change(step=step, name=name, value=value)
        return self.replace(changes=(*kept, change))

    def without_changes(self) -> Self:
        """The scenario of a fresh run that starts with the values now in force."""
        latest = {change.name: change.value for change in self.changes}
        return self.replace(changes=(), **latest)

    def value_at(self, name: str, step: int) -> float:
        """The value of a live parameter in force for the step after `step` steps."""
        value = float(getattr(self, name))
        for change in self.changes:
            if change.name == name and change.step <= step:
                value = change.value
        return value

    def largest_run(self) -> Scenario:
        """The run that needs most memory: itself, where the scenario is one run."""
        return self

    def memory_bytes(self) -> int:
        """Bytes the run will hold at its peak, estimated before anything is allocated."""
        return 0


Dtype = Literal["float64", "float32"]
Device = Literal["auto", "cpu", "cuda"]
