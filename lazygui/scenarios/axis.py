"""One axis of a sweep: a parameter, its values and what moves along with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, model_validator

from lazygui.scenarios.base import SEED_LIMIT, Scenario
from lazygui.scenarios.faults import Fault, ScenarioError, did_you_mean, faults_of
from lazygui.scenarios.parameters import Parameter

RUNS_LIMIT = 20_000
_COUNT_LIMIT = 10**18
Move = dict[str, Any]


class Axis(BaseModel):
    """`count` values of a parameter from `start` to `stop`, or the `values` listed.

    `linked` names other parameters that move along: as many values of each as the axis has.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, populate_by_name=True
    )

    name: str
    start: float | None = None
    stop: float | None = None
    count: int | None = Field(None, ge=1, le=_COUNT_LIMIT)
    spacing: Literal["linear", "log"] = "linear"
    listed: tuple[float, ...] | None = Field(None, alias="values")
    linked: dict[str, tuple[float, ...]] = Field(default_factory=dict)

    _moves: tuple[Move, ...] = PrivateAttr(())
    _log: bool = PrivateAttr(False)

    @model_validator(mode="before")
    @classmethod
    def _lists_are_tuples(cls, values: Any) -> Any:
        if not isinstance(values, Mapping):
            return values
        made: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in values.items()
        }
        linked = made.get("linked")
        if isinstance(linked, Mapping):
            tuples = {k: tuple(v) if isinstance(v, list) else v for k, v in linked.items()}
            made["linked"] = tuples
        return made

    @model_validator(mode="after")
    def _holds_values(self) -> Self:
        range_given = [n for n in ("start", "stop", "count") if getattr(self, n) is not None]
        if self.listed is None and len(range_given) < 3:
            raise _fault("values", "give start, stop and count, or a list of values")
        if self.listed is not None and range_given:
            raise _fault("values", f"give either values or {range_given[0]}, not both")
        if self.listed is None:
            self._check_range()
        elif not self.listed:
            raise _fault("values", "the list is empty; give at least one value")
        for name, values in self.linked.items():
            if len(values) != self.length:
                raise _fault(
                    f"linked.{name}",
                    f"{len(values)} value(s) for {self.length} of the axis; give one for each",
                )
        return self

    def _check_range(self) -> None:
        start, stop, count = self._range()
        if start > stop:
            raise _fault("start", f"{start:g} is above stop = {stop:g}: the range is empty")
        if self.spacing == "log" and start <= 0:
            raise _fault("start", f"{start:g} has no logarithm; start above 0, or linear")
        if start == stop and count > 1:
            raise _fault("count", f"{count} values between {start:g} and {stop:g}: choose 1")
        if count == 1 and start != stop:
            raise _fault("count", "1 value cannot reach from start to stop; choose at least 2")

    def _range(self) -> tuple[float, float, int]:
        assert self.start is not None
        assert self.stop is not None
        assert self.count is not None
        return self.start, self.stop, self.count

    @property
    def length(self) -> int:
        """The number of values asked for, before those that coincide are one."""
        return len(self.listed) if self.listed is not None else self._range()[2]

    @property
    def moves(self) -> tuple[Move, ...]:
        """What each value changes of the base: the parameter and those linked to it.

        Empty for an axis that belongs to no sweep.
        """
        return self._moves

    @property
    def log(self) -> bool:
        """Whether the values belong on a logarithmic scale."""
        return self._log or self.spacing == "log"

    def values(self) -> NDArray[np.float64]:
        """The values in order; within a sweep as the runs take them: rounded, without twins."""
        if self._moves:
            return np.array([move[self.name] for move in self._moves], dtype=float)
        return self._asked()

    def redrawn(self) -> Axis:
        """The axis with the seeds after its own, also those linked to it; else as it is."""
        linked = {name: _later(name, values) for name, values in self.linked.items()}
        asked = tuple(self._asked().tolist())
        later = _later(self.name, asked)
        if later == asked and linked == self.linked:
            return self
        return Axis.model_validate({"name": self.name, "values": later, "linked": linked})

    def _asked(self) -> NDArray[np.float64]:
        if self.listed is not None:
            return np.array(self.listed, dtype=float)
        start, stop, count = self._range()
        space = np.geomspace if self.spacing == "log" else np.linspace
        return np.asarray(space(start, stop, count), dtype=float)

    def _settle(self, base: Scenario, parameters: Mapping[str, Parameter], place: str) -> None:
        """Find what the values mean for `base`. Raises ScenarioError for one it refuses."""
        moves: dict[Any, Move] = {}
        for number, value in enumerate(self._asked().tolist()):
            asked = {self.name: value} | {n: v[number] for n, v in self.linked.items()}
            typed = {n: _typed(parameters[n], v) for n, v in asked.items()}
            try:
                run = base.replace(**typed)
            except ValidationError as error:
                first = faults_of(error, type(base))[0]
                said = first.sentence if first.field == self.name else str(first)
                raise ScenarioError([Fault(place, f"{self.name} = {value:g}: {said}")]) from None
            moves.setdefault(getattr(run, self.name), {n: getattr(run, n) for n in typed})
        self._moves = tuple(moves.values())
        given = self.listed is not None and min(moves) > 0
        self._log = given and parameters[self.name].log


def _later(name: str, values: tuple[float, ...]) -> tuple[float, ...]:
    """Seeds moved on by their span, so that none comes again; from 0 at the end of the range."""
    if not name.endswith("seed"):
        return values
    low, high = min(values), max(values)
    offset = high - low + 1
    offset = offset if high + offset <= SEED_LIMIT else -low
    return tuple(value + offset for value in values)


def move_along(base: Scenario, axes: tuple[Axis, ...]) -> tuple[Axis, ...]:
    """The axes, settled on the values that runs of `base` take.

    Raises ScenarioError for a name that cannot be swept and a value that the base refuses.
    """
    numeric = {p.name: p for p in base.offered_parameters() if _can_be_swept(p)}
    active = {p.name for p in base.active_parameters()}
    faults: list[Fault] = []
    seen: set[str] = set()
    for number, axis in enumerate(axes):
        for place, name in ((f"axes.{number}.name", axis.name), *_links(number, axis)):
            sentence = _objection(name, numeric, active, seen)
            seen.add(name)
            if sentence:
                faults.append(Fault(place, sentence))
    if faults:
        raise ScenarioError(faults)
    for number, axis in enumerate(axes):
        axis._settle(base, numeric, f"axes.{number}")
    return axes


def _links(number: int, axis: Axis) -> list[tuple[str, str]]:
    return [(f"axes.{number}.linked.{name}", name) for name in axis.linked]


def _can_be_swept(item: Parameter) -> bool:
    # The number of threads belongs to the process: runs beside each other share it.
    return item.kind in (int, float) and not item.choices and item.name != "threads"


def _objection(
    name: str, numeric: Mapping[str, Parameter], active: set[str], seen: set[str]
) -> str:
    if name not in numeric:
        hint = did_you_mean(name, numeric)
        return f"the base has no number '{name}' that could be swept{hint}"
    if name in seen:
        return f"'{name}' is swept twice"
    if name not in active:
        return f"'{name}' means nothing for the base's other choices"
    return ""


def _typed(item: Parameter, value: float) -> Any:
    return round(value) if item.kind is int else value


def _fault(field: str, sentence: str) -> ScenarioError:
    return ScenarioError([Fault(field, sentence)])
