"""A grid of runs: a base scenario and the parameters that move over it."""

from __future__ import annotations

import dataclasses
import math
import os
from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self

from pydantic import SerializeAsAny, ValidationError, model_validator

from lazygui.scenarios.axis import RUNS_LIMIT, Axis, move_along
from lazygui.scenarios.base import Scenario
from lazygui.scenarios.faults import Fault, ScenarioError, faults_of
from lazygui.scenarios.lazy import LazyScenario
from lazygui.scenarios.parameters import Effect, Parameter

ROWS_PER_RUN = 200
THREADS_LIMIT = 4
AXES_LIMIT = 4
# What a sweep inherits and does not use: its steps are whole runs.
INERT: Mapping[str, Any] = {"learning_rate": 1.0, "seed": 0, "record_every": 1, "changes": ()}
_LAZY_METRICS = ("max_displacement", "max_weight_gap", "max_output_gap")


class SweepScenario(Scenario):
    """Every combination of the axes' values, each a run of `base`; the first axis moves fastest.

    `metrics` names the columns to be drawn, the first by default; they run against `abscissa`:
    the first axis if it is empty, else another axis or a metric. `steps` is the number of runs.
    """

    kind: Literal["sweep"] = "sweep"
    base: SerializeAsAny[Scenario]
    axes: tuple[Axis, ...]
    metrics: tuple[str, ...]
    abscissa: str = ""

    live: ClassVar[tuple[str, ...]] = ()

    @model_validator(mode="before")
    @classmethod
    def _completed(cls, values: Any) -> Any:
        if not isinstance(values, Mapping):
            return values
        faults: list[Fault] = []
        base = _base(values.get("base"), faults)
        axes = _axes(values.get("axes"), faults)
        if base is None or faults:
            raise ScenarioError(faults)
        _check_size(base, axes)
        axes = move_along(base, axes)
        derived = {**INERT, "steps": math.prod(len(axis.moves) for axis in axes)}
        _check_inherited(values, derived)
        usual = _LAZY_METRICS if isinstance(base, LazyScenario) else ("loss",)
        metrics = values.get("metrics") or usual
        return {**values, **derived, "base": base, "axes": axes, "metrics": metrics}

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        """None: what can be edited belongs to the base, see `offered_parameters`."""
        return ()

    def parameter(self, name: str) -> Parameter:  # type: ignore[override]
        """The base's parameter of that name. Raises KeyError if there is none."""
        return _restarting(type(self.base).parameter(name))

    def offered_parameters(self) -> tuple[Parameter, ...]:
        """The base's parameters that stay fixed over the sweep; a new value restarts it."""
        swept = self.swept
        return tuple(
            _restarting(item) for item in self.base.offered_parameters() if item.name not in swept
        )

    def active_parameters(self) -> tuple[Parameter, ...]:
        """Those of `offered_parameters` that mean something for the base's choices."""
        active = {item.name for item in self.base.active_parameters()}
        return tuple(item for item in self.offered_parameters() if item.name in active)

    def value_of(self, name: str) -> Any:
        """The base's value of a parameter."""
        return self.base.value_of(name)

    @property
    def swept(self) -> frozenset[str]:
        """The parameters that move: the axes and what is linked to them."""
        return frozenset(name for axis in self.axes for name in (axis.name, *axis.linked))

    def replace(self, **values: Any) -> Self:
        """A copy with another base, axes, metrics or abscissa; other names belong to the base.

        Raises pydantic's ValidationError, that of the base for the base's parameters.
        """
        own = {"base", "axes", "metrics", "abscissa"}
        kept = {name: getattr(self, name) for name in own}
        asked = {name: value for name, value in values.items() if name not in own}
        if asked:
            kept["base"] = self.base.replace(**asked)
        kept |= {name: value for name, value in values.items() if name in own}
        return type(self).model_validate(kept)

    def redrawn(self) -> Self:
        """The same sweep over the seeds after its own; the base's next one if it sweeps none."""
        axes = tuple(axis.redrawn() for axis in self.axes)
        if axes == self.axes:
            return self.replace(base=self.base.redrawn())
        return self.replace(axes=axes)

    def with_change(self, step: int, name: str, value: float) -> Self:
        """Refused: raises pydantic's ValidationError, nothing changes during a sweep."""
        return type(self).model_validate({**self.model_dump(), "changes": (step, name, value)})

    def without_changes(self) -> Self:
        """The sweep itself: nothing changed on the way."""
        return self

    def run(self, index: int) -> Scenario:
        """The scenario of one run, counted from 0; of the axes the first moves fastest.

        A base that records densely (`record_every` = 0) records some 200 rows here.
        Raises IndexError beyond the last run.
        """
        if not 0 <= index < self.steps:
            raise IndexError(f"there is no run {index}: the sweep has {self.steps}")
        moved: dict[str, Any] = {}
        for axis in self.axes:
            index, place = divmod(index, len(axis.moves))
            moved |= axis.moves[place]
        run = self.base.replace(**moved)
        if run.record_every:
            return run
        return run.replace(record_every=max(1, run.steps // ROWS_PER_RUN))

    def largest_run(self) -> Scenario:
        """The base with each axis at its largest value."""
        moved: dict[str, Any] = {}
        for axis in self.axes:
            moved |= axis.moves[int(axis.values().argmax())]
        return self.base.replace(**moved)

    @property
    def threads(self) -> int:
        """Runs made at a time."""
        return min(cores(), THREADS_LIMIT, self.steps)

    def memory_bytes(self) -> int:
        """As many of the largest run as are made at a time."""
        return self.threads * self.largest_run().memory_bytes()


def cores() -> int:
    """Processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def expected_seconds(scenario: Scenario) -> float:
    """About how long a run takes on one core.

    A cost model, not a measurement: 10 ms to start and record, 5 µs a step, and 6 ns a step for
    each neuron and sample.
    """
    width, samples, layers = (
        int(getattr(scenario, name, 1)) for name in ("width", "samples", "hidden_layers")
    )
    deep = layers * width if getattr(scenario, "network", "") == "mlp" else 1
    return 0.01 + scenario.steps * (5e-6 + 6e-9 * width * samples * deep)


def duration(seconds: float) -> str:
    """A time in the unit that suits it: "40 seconds", "3 hours", "12 years"."""
    for unit, length in (("years", 31_557_600), ("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:,.0f} {unit}"
    return f"{seconds:,.0f} seconds"


def _base(values: Any, faults: list[Fault]) -> Scenario | None:
    from lazygui.scenarios.kinds import build_scenario

    if isinstance(values, Scenario):
        kind: Any = values.kind
    elif isinstance(values, Mapping):
        kind = values.get("kind")
    else:
        said = "it is missing" if values is None else "it must be a table"
        faults.append(Fault("base", f"{said}; give the scenario that is swept"))
        return None
    if kind == "sweep":
        faults.append(Fault("base.kind", "a sweep cannot be swept; add an axis to it instead"))
        return None
    if isinstance(values, Scenario):
        return values
    try:
        return build_scenario(values)
    except ScenarioError as error:
        faults += [_below("base", fault) for fault in error.faults]
        return None


def _axes(values: Any, faults: list[Fault]) -> tuple[Axis, ...]:
    if not isinstance(values, list | tuple) or not 1 <= len(values) <= AXES_LIMIT:
        said = "it is missing" if values is None else "there must be one to four"
        faults.append(Fault("axes", f"{said}; give the parameters to sweep and their values"))
        return ()
    axes: list[Axis] = []
    for number, item in enumerate(values):
        try:
            # A fresh axis even of an axis: where it stands among a base's values belongs to one.
            given = item.model_dump() if isinstance(item, Axis) else item
            axes.append(Axis.model_validate(given))
        except ValidationError as error:
            faults += [_below(f"axes.{number}", fault) for fault in faults_of(error, Axis)]
    return tuple(axes)


def _below(place: str, fault: Fault) -> Fault:
    return Fault(f"{place}.{fault.field}" if fault.field else place, fault.sentence)


def _check_size(base: Scenario, axes: tuple[Axis, ...]) -> None:
    runs = math.prod(axis.length for axis in axes)
    if runs <= RUNS_LIMIT:
        return
    seconds = runs * expected_seconds(base) / min(cores(), THREADS_LIMIT)
    sentence = (
        f"{runs:,} runs would take about {duration(seconds)} here; a sweep has at most "
        f"{RUNS_LIMIT:,}. Choose fewer values."
    )
    raise ScenarioError([Fault("axes", sentence)])


def _check_inherited(values: Mapping[str, Any], derived: Mapping[str, Any]) -> None:
    faults = []
    for name, value in derived.items():
        given = values.get(name, value)
        if name == "changes" and given:
            sentence = "a sweep is made of whole runs; nothing can change on the way"
            faults.append(Fault(name, sentence))
        elif name != "changes" and given != value:
            faults.append(Fault(name, "it belongs to the runs; write it into the base"))
    if faults:
        raise ScenarioError(faults)


def _restarting(item: Parameter) -> Parameter:
    return dataclasses.replace(item, effect=Effect.RESTART)
