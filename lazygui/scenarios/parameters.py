"""Parameter metadata: everything a form, a command line, a file or a sweep needs to know.

A parameter is declared once, as a field of a scenario, by `parameter(...)`; its symbol, bounds,
scale and effect travel with the field and every front end reads them from there.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin

from pydantic import Field

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic.fields import FieldInfo


class Effect(Enum):
    """What changing a parameter does to a run in progress."""

    LIVE = "acts at once"
    RESTART = "restarts from the same seed"


class Group(StrEnum):
    """The heading of the control panel under which a parameter stands."""

    MODEL = "Model"
    TRAINING = "Training"
    DATA = "Data"
    COMPUTE = "Compute"


@dataclass(frozen=True)
class Parameter:
    """What is known of one scenario field besides its value.

    `symbol` is rich text (HTML subset), `applies` maps other fields to the values under which this
    one means anything: `{"data": ("teacher",)}` hides it for every other data set.
    """

    name: str
    symbol: str
    title: str
    help: str
    kind: type
    default: Any
    unit: str = ""
    group: Group = Group.MODEL
    log: bool = False
    effect: Effect = Effect.RESTART
    lower: float | None = None
    upper: float | None = None
    typical: tuple[float, float] | None = None
    choices: tuple[Any, ...] = ()
    choice_titles: Mapping[Any, str] = field(default_factory=dict)
    applies: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    advanced: bool = False

    @property
    def slider_range(self) -> tuple[float, float] | None:
        """The range worth a slider: the typical one, else the bounds; None without two ends."""
        if self.typical is not None:
            return self.typical
        if self.lower is None or self.upper is None:
            return None
        return self.lower, self.upper

    def applies_to(self, scenario: BaseModel) -> bool:
        """Whether the parameter means anything for the scenario's other choices."""
        return all(getattr(scenario, name) in values for name, values in self.applies.items())


def parameter(  # noqa: PLR0913 - one declaration carries all there is to know
    default: Any = ...,
    *,
    symbol: str,
    title: str,
    help: str,
    unit: str = "",
    group: Group = Group.MODEL,
    log: bool = False,
    effect: Effect = Effect.RESTART,
    typical: tuple[float, float] | None = None,
    choice_titles: Mapping[Any, str] | None = None,
    applies: Mapping[str, tuple[Any, ...]] | None = None,
    advanced: bool = False,
    **constraints: Any,
) -> Any:
    """A pydantic field that carries its own presentation; `constraints` are ge, gt, le, lt, …"""
    metadata = {
        "symbol": symbol,
        "unit": unit,
        "group": group,
        "log": log,
        "effect": effect,
        "typical": typical,
        "choice_titles": dict(choice_titles or {}),
        "applies": dict(applies or {}),
        "advanced": advanced,
    }
    # A callable keeps the metadata out of the published JSON schema, where it has no meaning.
    extra = _Metadata(metadata)
    return Field(default, title=title, description=help, json_schema_extra=extra, **constraints)


class _Metadata:
    """Presentation of a field, hidden in the one slot that pydantic passes through untouched."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values

    def __call__(self, schema: dict[str, Any]) -> None:
        schema["symbol"] = self.values["symbol"]


def parameters_of(model: type[BaseModel]) -> Iterator[Parameter]:
    """The declared parameters of a scenario class, in order of declaration."""
    for name, info in model.model_fields.items():
        if isinstance(info.json_schema_extra, _Metadata):
            yield _parameter_from(name, info, info.json_schema_extra.values)


def _parameter_from(name: str, info: FieldInfo, values: dict[str, Any]) -> Parameter:
    choices = _choices(info.annotation)
    return Parameter(
        name=name,
        title=info.title or name,
        help=info.description or "",
        kind=_kind(info.annotation),
        default=info.default,
        lower=_bound(info, "ge", "gt"),
        upper=_bound(info, "le", "lt"),
        choices=choices,
        **values,
    )


def _bound(info: FieldInfo, *attributes: str) -> float | None:
    for constraint in info.metadata:
        for attribute in attributes:
            value = getattr(constraint, attribute, None)
            if value is not None:
                return float(value)
    return None


def _choices(annotation: Any) -> tuple[Any, ...]:
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return tuple(annotation)
    return ()


def _kind(annotation: Any) -> type:
    origin = get_origin(annotation)
    if origin is Literal:
        return type(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return _kind(next(arg for arg in get_args(annotation) if arg is not type(None)))
    if origin is not None:
        return tuple if origin is tuple else object
    return annotation if isinstance(annotation, type) else object
