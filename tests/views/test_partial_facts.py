"""Claims and views while the facts that take a while are still coming in, one after the other."""

from __future__ import annotations

from contextlib import closing

import numpy as np
import pytest

from lazygui.claims.claim import Verdict
from lazygui.claims.judging import judged
from lazygui.claims.registry import claims_named
from lazygui.scenarios.catalogue import Entry, entries
from lazygui.simulation.build import build_simulation
from lazygui.simulation.history import History
from tests.views.showing import by_name, paint

STEPS = 60
DEMOS = [
    pytest.param(item, id=item.id)
    for item in entries()
    if item.scenario.kind in ("lazy", "landscape", "population")
]


@pytest.mark.parametrize("item", DEMOS)
def test_no_claim_fails_and_no_view_breaks_on_the_way(shown, item: Entry):
    simulation = build_simulation(item.scenario)
    with closing(simulation):
        history = History(item.scenario, simulation.columns, dict(simulation.facts))
        history.append(simulation.advance(STEPS))
        findings = simulation.findings()
    views = [shown(by_name(name), history) for name in item.views]
    readings = []
    for find in (dict, *findings):
        history.record_facts(find())
        readings.append({claim.id: judged(claim, history) for claim in claims_named(item.claims)})
        for view in views:
            view.refresh()
            paint(view)
    for early in readings[:-1]:
        for name, reading in early.items():
            final = readings[-1][name].verdict
            assert reading.verdict in (Verdict.PENDING, final), name
            assert reading.measured or reading.verdict is not Verdict.PENDING, name
    assert np.isfinite(history["loss"]).all()
