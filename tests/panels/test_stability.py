from __future__ import annotations

import pytest

from lazygui.panels.number_text import short
from lazygui.panels.stability import Remark, stability_remark
from lazygui.scenarios.base import Scenario
from tests.panels.runs import SCENARIOS, history_of


def remark(scenario: Scenario, steps: int = 1) -> Remark:
    found = stability_remark(history_of(scenario, steps))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("rate", "level", "text"),
    [
        (2.1, "bad", "η = 2.1 &gt; 2/λ<sub>max</sub> = 2: each step multiplies the error by −1.1."),
        (2.0, "warn", "η = 2 = 2/λ<sub>max</sub> = 2: each step flips the sign of the error, "
                      "which never shrinks."),
        (0.5, "good", "η = 0.5 &lt; 2/λ<sub>max</sub> = 2: each step multiplies the error by 0.5."),
        (2.00001, "bad", "η = 2.00001 &gt; 2/λ<sub>max</sub> = 2: each step multiplies the error "
                         "by −1."),
    ],
)  # fmt: skip
def test_quadratic(rate: float, level: str, text: str) -> None:
    # F = (w - w*)²/2 has λ = 1: the factor of a step is 1 - η.
    found = remark(SCENARIOS["descent"].replace(learning_rate=rate))
    assert (found.level, found.text) == (level, text)


def test_the_factor_is_that_of_the_run() -> None:
    scenario = SCENARIOS["descent"].replace(learning_rate=2.3)
    errors = history_of(scenario, 5)["iterate"][:, 0] - 0.4
    measured = errors[3] / errors[2]
    assert f"by {short(float(measured))}." in remark(scenario).text


def test_many_dimensions_name_the_direction() -> None:
    found = remark(SCENARIOS["plane"].replace(learning_rate=0.5))
    assert "the error along the steepest direction" in found.text
    found = remark(SCENARIOS["least-squares"])
    assert "steepest direction" in found.text


def test_kink_has_a_note_instead_of_a_limit() -> None:
    found = remark(SCENARIOS["kink"])
    assert found.level == "plain"
    assert "kink" in found.text


def test_network_may_outlive_its_linearization() -> None:
    limit = history_of(SCENARIOS["lazy"], 1).facts["stability_limit"]
    above = remark(SCENARIOS["lazy"].replace(learning_rate=1.05 * limit))
    assert above.level == "bad"
    assert above.text.endswith("the linearization diverges; the network may catapult.")
    below = remark(SCENARIOS["lazy"].replace(learning_rate=0.1 * limit))
    assert below.level == "good"
    assert below.text.endswith("the linearization converges.")
    near = remark(SCENARIOS["lazy"].replace(learning_rate=0.9 * limit))
    assert near.level == "good"
    assert "alternating" in near.text


def test_a_change_on_the_way_counts() -> None:
    history = history_of(SCENARIOS["descent"], 5)
    history.scenario = history.scenario.with_change(5, "learning_rate", 3.0)
    found = stability_remark(history)
    assert found is not None
    assert found.level == "bad"
    assert "η = 3 " in found.text
