"""A parameter is declared once, with all that a form, a file and a command line need."""

from __future__ import annotations

import re

import pytest

from lazygui.scenarios.base import Scenario
from lazygui.scenarios.kinds import KINDS, model_of
from lazygui.scenarios.lazy import LazyScenario
from lazygui.scenarios.parameters import Effect, Parameter

# A sweep has no parameters of its own: it offers those of its base.
RUNS = {kind: model_of(kind) for kind in KINDS if kind != "sweep"}
DECLARED = [
    pytest.param(model, item, id=f"{kind}-{item.name}")
    for kind, model in RUNS.items()
    for item in model.parameters()
]
NOT_PARAMETERS = {"kind", "changes"}


@pytest.mark.parametrize("kind", RUNS)
def test_every_field_is_a_declared_parameter(kind: str):
    declared = {item.name for item in model_of(kind).parameters()}
    assert set(model_of(kind).model_fields) - NOT_PARAMETERS == declared


@pytest.mark.parametrize("kind", KINDS)
def test_the_name_of_a_kind_is_its_default(kind: str):
    assert model_of(kind).model_fields["kind"].default == kind


@pytest.mark.parametrize(("model", "item"), DECLARED)
def test_metadata_are_complete(model: type[Scenario], item: Parameter):
    assert item.symbol
    assert item.title
    assert item.title[0].islower() or not item.title[0].isalpha()
    assert re.search(r"[.!?]$", item.help), f"the help of {item.name} is not a sentence"


@pytest.mark.parametrize(("model", "item"), DECLARED)
def test_numbers_have_bounds_that_hold_the_default_and_the_typical_range(
    model: type[Scenario], item: Parameter
):
    if item.kind not in (int, float):
        return
    assert item.lower is not None
    assert item.upper is not None
    assert item.lower <= item.default <= item.upper
    if item.typical is not None:
        low, high = item.typical
        assert item.lower <= low < high <= item.upper
        assert not item.log or low > 0


@pytest.mark.parametrize(("model", "item"), DECLARED)
def test_choices_all_have_titles(model: type[Scenario], item: Parameter):
    if item.choices:
        assert set(item.choice_titles) == set(item.choices)
        assert item.default in item.choices


@pytest.mark.parametrize(("model", "item"), DECLARED)
def test_a_parameter_is_hidden_only_by_values_that_exist(model: type[Scenario], item: Parameter):
    for name, values in item.applies.items():
        # A kind that allows fewer choices than the one it extends keeps the rules of that one.
        known = [p for kind in model.__mro__ if issubclass(kind, Scenario)
                 for p in kind.parameters() if p.name == name]  # fmt: skip
        assert set(values) <= {value for p in known for value in p.choices or p.choice_titles}


@pytest.mark.parametrize("kind", RUNS)
def test_what_is_live_acts_at_once_and_nothing_else(kind: str):
    model = model_of(kind)
    live = {item.name for item in model.parameters() if item.effect is Effect.LIVE}
    assert live == set(model.live) == {"learning_rate"}


def test_active_parameters_follow_the_choices():
    names = {item.name for item in LazyScenario().active_parameters()}
    assert {"target", "noise", "width"} <= names
    assert not {"digit", "data_file", "teachers", "hidden_layers"} & names
    digits = LazyScenario().replace(data="digits", network="mlp")
    names = {item.name for item in digits.active_parameters()}
    assert {"digit", "hidden_layers"} <= names
    assert "target" not in names


def test_bounds_are_enforced_where_they_are_declared():
    for model in RUNS.values():
        for item in model.parameters():
            if item.kind not in (int, float):
                continue
            assert item.lower is not None
            assert item.upper is not None
            for beyond in (item.lower - 1, item.upper * 2 + 1):
                with pytest.raises(ValueError, match=item.name):
                    model.model_validate({item.name: item.kind(beyond)})
