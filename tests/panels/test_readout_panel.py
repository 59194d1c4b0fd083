from __future__ import annotations

import math

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from lazygui.panels.laziness_gauge import LazinessGauge, gauge_position
from lazygui.panels.number_text import grouped, readable
from lazygui.panels.readout_panel import ReadoutPanel
from lazygui.simulation.history import Batch, History
from lazygui.style.themes import THEMES, Theme
from tests.panels.runs import SCENARIOS, history_of


@pytest.fixture
def panel(qtbot: QtBot) -> ReadoutPanel:
    made = ReadoutPanel()
    qtbot.addWidget(made)
    made.resize(290, 700)
    made.show()
    return made


def label(panel: ReadoutPanel, key: str) -> QLabel:
    found = panel.findChild(QLabel, f"readout-{key}")
    assert found is not None, key
    return found


def test_laziness_waits_for_its_factors(panel: ReadoutPanel) -> None:
    history = history_of(SCENARIOS["lazy"])
    panel.begin(history)
    for key in ("kappa", "residual_norm", "differential_norm", "second_differential_norm"):
        assert label(panel, key).text() == "…"
        assert "being computed" in label(panel, key).toolTip()


def test_laziness_is_the_product_of_its_factors(qtbot: QtBot, panel: ReadoutPanel) -> None:
    history = history_of(SCENARIOS["lazy"], diagnosed=True)
    panel.begin(history)
    facts = history.facts
    kappa = (
        facts["residual_norm"] * facts["second_differential_norm"] / facts["differential_norm"] ** 2
    )
    assert label(panel, "kappa").text().removeprefix("≈ ") == readable(kappa)
    assert label(panel, "differential_norm").text() == readable(facts["lambda_max"])
    assert label(panel, "kappa").toolTip().count("κ(w") == 1


def test_facts_that_come_later_are_shown(qtbot: QtBot, panel: ReadoutPanel) -> None:
    history = history_of(SCENARIOS["lazy"])
    panel.begin(history)
    history.record_facts({"kappa": 0.0123, "kappa_exact": False, "kappa_note": "a < b"})
    panel.refresh()
    qtbot.waitUntil(lambda: label(panel, "kappa").text() == "≈ 0.0123", timeout=1000)
    assert label(panel, "kappa-note").text() == "a &lt; b"
    assert not label(panel, "kappa-note").isHidden()


def test_no_kappa_without_the_square_loss(panel: ReadoutPanel) -> None:
    panel.begin(history_of(SCENARIOS["classes"], diagnosed=True))
    assert label(panel, "kappa").text() == "—"
    assert "square loss" in label(panel, "kappa").toolTip()


@pytest.mark.parametrize("kind", ["lazy", "descent", "plane", "least-squares"])
def test_now_shows_the_newest_row(panel: ReadoutPanel, kind: str) -> None:
    history = history_of(SCENARIOS[kind])
    panel.begin(history)
    assert label(panel, "step").text() == grouped(20)
    for key in ("loss", "time", "gap", "distance", "output_gap", "weight_gap"):
        if key in history:
            assert label(panel, key).text() == readable(float(history.latest(key)))
        else:
            assert panel.findChild(QLabel, f"readout-{key}") is None


@pytest.mark.parametrize(
    ("kind", "lazy"), [("lazy", True), ("descent", False), ("least-squares", False)]
)
def test_laziness_is_a_card_of_networks(panel: ReadoutPanel, kind: str, lazy: bool) -> None:
    panel.begin(history_of(SCENARIOS[kind]))
    card = panel.findChild(QWidget, "readout-laziness")
    assert card is not None
    assert card.isHidden() != lazy


def test_another_kind_after_another(qtbot: QtBot, panel: ReadoutPanel) -> None:
    for kind in (*SCENARIOS, *reversed(SCENARIOS)):
        history = history_of(SCENARIOS[kind])
        panel.begin(history)
        qtbot.wait(1)
        assert label(panel, "loss").text() == readable(float(history.latest("loss")))


def test_refresh_is_ten_times_a_second_at_most(
    qtbot: QtBot, panel: ReadoutPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = history_of(SCENARIOS["descent"])
    panel.begin(history)
    reads: list[int] = []
    original = history.latest

    def latest(name: str) -> object:
        if name == "loss":
            reads.append(history.revision)
        return original(name)

    monkeypatch.setattr(history, "latest", latest)
    for _ in range(50):
        history.record_facts({})
        panel.refresh()
    assert reads == []
    qtbot.waitUntil(lambda: reads == [history.revision], timeout=1000)
    panel.refresh()
    qtbot.wait(130)
    panel.refresh()
    assert len(reads) == 1, "nothing changed, so there is nothing to read"


def test_a_history_without_rows_and_a_diverged_one(panel: ReadoutPanel) -> None:
    full = history_of(SCENARIOS["descent"])
    empty = History(full.scenario, full.columns, dict(full.facts))
    panel.begin(empty)
    assert label(panel, "loss").text() == "…"
    rows = {column.name: full[column.name][-1:] * math.inf for column in full.columns}
    empty.append(Batch(0, 1, rows, {name: values[-1] for name, values in rows.items()}))
    panel.begin(empty)
    assert label(panel, "loss").text() == "∞"


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("kind", ["lazy", "plane", "least-squares"])
def test_no_number_is_cut_at_the_smallest_width(
    qtbot: QtBot, panel: ReadoutPanel, theme: Theme, kind: str
) -> None:
    panel.set_theme(theme)
    panel.begin(history_of(SCENARIOS[kind], diagnosed=True))
    panel.resize(panel.minimumWidth(), 900)
    qtbot.wait(20)
    for shown in panel.findChildren(QLabel):
        if shown.isVisible():
            right = shown.mapTo(panel, shown.rect().topRight()).x()
            assert right <= panel.width() - 8, shown.text()


@pytest.mark.parametrize(
    ("kappa", "place"),
    [(10.0, 0.0), (1.0, 0.2), (0.1, 0.4), (1e-4, 1.0), (100.0, 0.0), (1e-9, 1.0), (0.0, 1.0),
     (math.inf, 0.0), (math.nan, 0.0)],
)  # fmt: skip
def test_gauge_reads_rightwards(kappa: float, place: float) -> None:
    assert gauge_position(kappa) == pytest.approx(place)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("kappa", [None, 0.3, 1e3, 1e-7, math.nan])
def test_gauge_paints(qtbot: QtBot, theme: Theme, kappa: float | None) -> None:
    gauge = LazinessGauge()
    qtbot.addWidget(gauge)
    gauge.set_theme(theme)
    gauge.set_kappa(kappa)
    for width in (1, 260):
        gauge.resize(width, gauge.height())
        assert not gauge.grab().isNull()
