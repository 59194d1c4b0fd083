"""What is typed after --over."""

from __future__ import annotations

import pytest

from lazygui.scenarios.faults import ScenarioError
from lazygui.scenarios.lazy import LazyScenario
from lazygui.scenarios.settings import with_settings
from lazygui.scenarios.sweep_texts import swept


@pytest.mark.parametrize(
    ("text", "values", "log"),
    [
        ("scale=1:100:log:3", [1.0, 10.0, 100.0], True),
        ("scale=1:100:3:log", [1.0, 10.0, 100.0], True),
        ("scale=1:3:3", [1.0, 2.0, 3.0], False),
        ("scale = 1 : 3 : linear : 2", [1.0, 3.0], False),
        ("seed=0:3", [0, 1, 2, 3], False),
        ("seed=5:5", [5], False),
        ("width=16,32,64", [16, 32, 64], True),
        ("scale=0,5;1,5", [0.5, 1.5], True),
        ("scale=0.5", [0.5], True),
        ("noise=0,1", [0, 1], False),
    ],
)
def test_a_text_gives_its_values(text: str, values: list[float], log: bool):
    axis = swept(LazyScenario(), [text]).axes[0]
    assert axis.values().tolist() == pytest.approx(values)
    assert axis.log is log


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("scale", "'scale' is not of the form name=START:STOP:COUNT"),
        ("scale=", "'scale=' is not of the form"),
        ("=1,2", "'=1,2' is not of the form"),
        ("scale=,", "scale: the list is empty"),
        ("scale=a,b", "scale: 'a' is not a number"),
        ("scale=1:10", "scale: '1:10' does not say how many values: add them, as in 1:10:10"),
        ("scale=1:10:log", "scale: '1:10:log' does not say how many values"),
        ("scale=1:10:2.5", "scale: '1:10:2.5' does not ask for a whole number of values"),
        ("scale=1:2:3:4", "scale: '1:2:3:4' is not of the form START:STOP:COUNT"),
        ("scale=1:2:log:3:4", "scale: '1:2:log:3:4' is not of the form"),
        ("scale=1:2:lgo:3", "scale: '1:2:lgo:3' is not of the form"),
        ("scale=10:1:3", "scale: 10 is above stop = 1: the range is empty"),
        ("seed=9:0", "seed: 9 is above stop = 0: the range is empty"),
        ("scale=0:1:log:3", "scale: 0 has no logarithm"),
        ("widht=1,2", "widht: the base has no number 'widht' that could be swept; did you mean"),
        ("seed=0:999999999", "axes: 1,000,000,000 runs would take about"),
        ("scale=1:2:1e30", "scale: 1000000000000000019884624838656 is not allowed"),
    ],
)
def test_a_wrong_text_gives_a_sentence(text: str, sentence: str):
    with pytest.raises(ScenarioError) as caught:
        swept(LazyScenario(), [text])
    assert str(caught.value).startswith(sentence)


def test_what_is_not_a_sweep_needs_an_axis():
    with pytest.raises(ScenarioError, match="name what to sweep"):
        swept(LazyScenario(), [])


def test_an_axis_of_a_sweep_gives_way_and_others_come_behind():
    sweep = swept(LazyScenario(), ["scale=1,2", "seed=0:4"], ["kappa", "loss"])
    assert (sweep.steps, sweep.metrics) == (10, ("kappa", "loss"))
    assert swept(sweep, []) == sweep
    again = swept(sweep, ["seed=0:1", "width=2,4"])
    assert [axis.name for axis in again.axes] == ["scale", "seed", "width"]
    assert again.steps == 8
    assert again.metrics == ("kappa", "loss")
    with pytest.raises(ScenarioError, match="seed: 'seed' is swept twice"):
        swept(sweep, ["seed=0:1", "seed=0:2"])


def test_settings_go_to_the_base_but_not_against_the_axes():
    sweep = swept(LazyScenario(), ["scale=1,2"])
    assert with_settings(sweep, ["width=64", "steps=7"]).run(1) == LazyScenario(  # type: ignore[attr-defined]
        width=64, steps=7, scale=2.0, record_every=1
    )
    for setting, sentence in {
        "scale=3": "scale: it is swept, so it cannot be fixed",
        "widht=3": "widht: there is no such parameter; did you mean 'width'?",
        "width=0": "width: 0 is not allowed",
    }.items():
        with pytest.raises(ScenarioError) as caught:
            with_settings(sweep, [setting])
        assert str(caught.value).startswith(sentence)
