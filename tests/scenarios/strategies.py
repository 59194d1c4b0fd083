"""Random valid scenarios of every kind of run, drawn from the declared bounds."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from lazygui.numerics.objectives import OBJECTIVES
from lazygui.scenarios.base import Scenario
from lazygui.scenarios.kinds import KINDS, model_of
from lazygui.scenarios.lazy import LARGEST_TRACKED
from lazygui.scenarios.parameters import Parameter

NUMBERS = st.floats(-1e300, 1e300)


def values_of(parameter: Parameter) -> st.SearchStrategy[Any]:
    """Values within the bounds of one parameter, its default among them."""
    if parameter.choices:
        return st.sampled_from(parameter.choices)
    if parameter.kind is bool:
        return st.booleans()
    lower, upper = parameter.lower, parameter.upper
    if parameter.kind is int:
        assert lower is not None
        assert upper is not None
        return st.integers(int(lower), int(upper))
    if parameter.kind is float:
        inside = st.floats(lower, upper, exclude_min=lower == 0.0)
        return st.one_of(st.just(parameter.default), inside)
    return st.text(st.characters(codec="utf-8"), max_size=40)


@st.composite
def changes(draw: st.DrawFn) -> list[dict[str, Any]]:
    steps = sorted(draw(st.lists(st.integers(0, 10**9), max_size=3)))
    rates = st.floats(0.0, 1e12, exclude_min=True)
    return [{"step": k, "name": "learning_rate", "value": draw(rates)} for k in steps]


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """A valid run: companions that exclude each other are brought together first."""
    kind = draw(st.sampled_from(sorted(set(KINDS) - {"sweep"})))
    model = model_of(kind)
    drawn = {p.name: draw(values_of(p)) for p in model.parameters() if p.kind is not tuple}
    values: dict[str, Any] = {**drawn, "kind": kind, "changes": draw(changes())}
    if kind == "descent":
        values["objective"] = draw(st.sampled_from(sorted(OBJECTIVES)))
        dim = OBJECTIVES[values["objective"]].dim
        for name in ("start", "minimizer"):
            values[name] = tuple(draw(st.lists(NUMBERS, min_size=dim, max_size=dim)))
    if values.get("sampling") == "shuffled":
        values["batch_size"] = min(values["batch_size"], values["samples"])
    if values.get("track_kernel"):
        values["samples"] = min(values["samples"], LARGEST_TRACKED)
    if values.get("data") == "csv":
        values["data_file"] = values["data_file"] or "data.csv"
    return model.model_validate(model.adapted(values, {}))
