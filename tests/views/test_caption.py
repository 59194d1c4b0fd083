from __future__ import annotations

import pytest

from lazygui.scenarios.lazy import LazyScenario
from lazygui.simulation.history import History
from lazygui.views.caption import caption


@pytest.mark.parametrize(
    ("width", "scale", "expected"),
    [
        (100, 1.0, "m = 100, tanh, α = 1, η = 0.5"),
        (10_000_000, 1e6, "m = 10\u2009000\u2009000, tanh, α = 10⁶, η = 0.5"),
        (64, 2.5e-5, "m = 64, tanh, α = 2.5·10⁻⁵, η = 0.5"),
    ],
)
def test_numbers_are_typeset(width: int, scale: float, expected: str) -> None:
    scenario = LazyScenario(width=width, scale=scale, learning_rate=0.5, samples=12)
    assert caption(History(scenario, ())) == f"n = 12, {expected}"


def test_a_rate_changed_on_the_way_is_the_one_in_force() -> None:
    scenario = LazyScenario(samples=12, width=8, learning_rate=0.5)
    history = History(scenario.with_change(3, "learning_rate", 0.25), ())
    assert caption(history).endswith("η = 0.5")
    history.last_step = 4
    assert caption(history).endswith("η = 0.25")
