"""`name=value` texts of the command line."""

from __future__ import annotations

from typing import Any

import pytest

from lazygui.scenarios.base import Scenario
from lazygui.scenarios.descent import DescentScenario
from lazygui.scenarios.faults import ScenarioError
from lazygui.scenarios.lazy import LazyScenario
from lazygui.scenarios.settings import number_from_text, with_settings


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0.25", 0.25),
        ("0,25", 0.25),
        ("1e-3", 1e-3),
        ("1,5e3", 1500.0),
        ("1 000", 1000.0),
        ("1\u202f000,5", 1000.5),
        ("1\u00a0000", 1000.0),
        ("1_000", 1000.0),
        (" 7 ", 7.0),
        ("−2", -2.0),
        ("+3", 3.0),
        (".5", 0.5),
    ],
)
def test_numbers_as_people_type_them(text: str, number: float):
    assert number_from_text(text) == number


@pytest.mark.parametrize(
    "text",
    ["", "abc", "1,2,3", "1.2.3", "nan", "inf", "-inf", "1e999", "0x10", "1;2", "1,000.5", "½"],
)
def test_what_is_not_a_finite_number_is_refused_and_quoted(text: str):
    with pytest.raises(ValueError, match="is not a") as caught:
        number_from_text(text)
    assert f"'{text}'" in str(caught.value)


@pytest.mark.parametrize(
    ("scenario", "setting", "name", "value"),
    [
        (LazyScenario(), "scale=0,25", "scale", 0.25),
        (LazyScenario(), "steps=1 000", "steps", 1000),
        (LazyScenario(), "steps = 1e4", "steps", 10_000),
        (LazyScenario(), "bias=yes", "bias", True),
        (LazyScenario(bias=True), "bias=off", "bias", False),
        (LazyScenario(), "activation=relu", "activation", "relu"),
        (DescentScenario(), "start=(2.5)", "start", (2.5,)),
        (
            DescentScenario(objective="quadratic_2d", start=(0.0, 0.0), minimizer=(0.0, 0.0)),
            "start=[1; -2.5]",
            "start",
            (1.0, -2.5),
        ),
    ],
)
def test_a_setting_gives_its_parameter_the_value(
    scenario: Scenario, setting: str, name: str, value: Any
):
    got = getattr(with_settings(scenario, [setting]), name)
    assert got == value
    assert type(got) is type(value)


def test_the_last_of_two_settings_counts():
    assert with_settings(LazyScenario(), ["scale=2", "scale=3"]).scale == 3.0  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("scale", "'scale' is not of the form name=value"),
        ("", "'' is not of the form name=value"),
        ("widht=3", "widht: there is no such parameter; did you mean 'width'?"),
        ("kind=descent", "kind: there is no such parameter"),
        ("changes=3", "changes: there is no such parameter"),
        ("scale=abc", "scale: 'abc' is not a number"),
        ("scale=", "scale: '' is not a number"),
        ("scale=nan", "scale: 'nan' is not a finite number"),
        ("scale=-1", "scale: -1.0 is not allowed: it must be greater than 0"),
        ("width=2.5", "width: '2.5' is not a whole number"),
        ("width=1e400", "width: '1e400' is not a finite number"),
        ("width=7", "width: m = 7 is odd"),
        ("bias=maybe", "bias: 'maybe' is neither true nor false"),
        ("activation=tan", "activation: 'tan' is not allowed: choose 'tanh', 'relu'"),
        ("seed=-1", "seed: -1 is not allowed: it must be at least 0"),
        ("samples=1000000", "samples: 1000000 is not allowed: it must be at most 100000"),
    ],
)
def test_a_wrong_setting_gives_a_sentence(setting: str, sentence: str):
    with pytest.raises(ScenarioError) as caught:
        with_settings(LazyScenario(), [setting])
    assert str(caught.value).startswith(sentence)


def test_all_wrong_settings_are_named_at_once():
    with pytest.raises(ScenarioError) as caught:
        with_settings(LazyScenario(), ["widht=3", "scale=x", "bias=2", "steps"])
    assert [fault.field for fault in caught.value.faults] == ["widht", "scale", "bias", ""]
