from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QScrollArea, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from lazygui.claims.claim import Claim, Reading, Verdict, at_most, near, pending
from lazygui.claims.judging import failed, judged, overall
from lazygui.panels.claim_statement import LINES, ClaimStatement, broken
from lazygui.panels.claims_bar import ClaimsBar
from lazygui.panels.verdict import badge, ground, word
from lazygui.scenarios.descent import DescentScenario
from lazygui.simulation.history import History
from lazygui.style.contrast import contrast
from lazygui.style.themes import THEMES, Theme

LONG = "Gradient descent on a strongly convex function converges for every start " * 4
HOLDS, FAILS, WAITS = near(-1.98, -2.0, 0.08), at_most(3.0, 1.0), pending("−1", "3 of 8 runs")


def unread(history: History) -> Reading:
    raise AssertionError("the bar shows readings and makes none")


def claims(count: int, statement: str = "κ ∝ <i>α</i><sup>−1</sup>") -> list[Claim]:
    return [Claim(f"D06.{n}", statement, unread, "Lazy training") for n in range(count)]


@pytest.fixture
def bar(qtbot: QtBot) -> ClaimsBar:
    made = ClaimsBar()
    qtbot.addWidget(made)
    made.resize(900, 200)
    made.show()
    return made


def texts(bar: ClaimsBar, claim_id: str) -> str:
    return " | ".join(bar.row(claim_id).texts())


def scroll(bar: ClaimsBar) -> QScrollArea:
    found = bar.findChild(QScrollArea, "claims-scroll")
    assert found is not None
    return found


def summary(bar: ClaimsBar) -> str:
    label = bar.findChild(QLabel, "claims-summary")
    assert label is not None
    return label.text()


def test_no_claims_no_bar(bar: ClaimsBar) -> None:
    bar.set_claims(claims(1))
    assert bar.isVisible()
    bar.set_claims(())
    assert not bar.isVisible()


def test_a_row_says_all_that_was_read(bar: ClaimsBar) -> None:
    bar.set_claims(claims(3))
    assert "being checked" in texts(bar, "D06.0")
    bar.show_readings([HOLDS, FAILS, WAITS])
    assert texts(bar, "D06.0") == "κ ∝ α⁻¹ | predicted −2 | measured −1.980 ± 0.08 | holds"
    assert texts(bar, "D06.1") == "κ ∝ α⁻¹ | predicted ≤ 1 | measured 3 | fails"
    assert texts(bar, "D06.2") == "κ ∝ α⁻¹ | predicted −1 | measured 3 of 8 runs | being checked"
    assert summary(bar) == "1 of 3 fail"
    said = bar.row("D06.0").accessibleName()
    assert "measured −1.98" in said
    assert "holds" in said


def test_what_was_measured_is_text_and_no_markup(bar: ClaimsBar) -> None:
    bar.set_claims(claims(1))
    bar.show_readings([failed("η < 2 <b>and</b> more")])
    label = bar.findChild(QLabel, "claim-D06.0-measured")
    assert label is not None
    assert "&lt;b&gt;" in label.text()
    assert "&lt;b&gt;" in label.toolTip()


def test_v_predict_then_reveal(bar: ClaimsBar) -> None:
    seen: list[bool] = []
    bar.revealed.connect(seen.append)
    bar.set_claims(claims(2))
    bar.show_readings([HOLDS, FAILS])
    bar.toggle_revealed()
    for number in range(2):
        shown = texts(bar, f"D06.{number}")
        assert shown.endswith("measured ? | ?")
    everything = [w.toolTip() + w.accessibleName() for w in bar.findChildren(QWidget)]
    assert not any("1.98" in text or "fails" in text for text in everything)
    bar.show_readings([FAILS, FAILS])
    assert "fails" not in texts(bar, "D06.0")
    bar.toggle_revealed()
    assert "fails" in texts(bar, "D06.0")
    assert seen == [False, True]


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("width", [420, 900, 1500])
def test_three_rows_at_most_and_nothing_is_cut(
    qtbot: QtBot, bar: ClaimsBar, theme: Theme, width: int
) -> None:
    bar.set_theme(theme)
    bar.resize(width, 300)
    bar.fit_into(3000)
    heights = []
    for count in (1, 2, 3, 4, 9):
        bar.set_claims(claims(count))
        qtbot.wait(1)
        heights.append(scroll(bar).height())
    assert heights[0] < heights[1] < heights[2] == heights[3] == heights[4]
    row = bar.row("D06.0")
    for part in row.findChildren(QWidget):
        assert row.rect().contains(part.geometry()), part.objectName()
    bar.fit_into(round(2.2 * heights[0] / 0.18))
    assert scroll(bar).height() == heights[1]
    bar.fit_into(100)
    assert scroll(bar).height() == heights[0]


def test_many_claims_can_be_scrolled_by_keyboard(bar: ClaimsBar) -> None:
    bar.set_claims(claims(2))
    assert scroll(bar).focusPolicy() is Qt.FocusPolicy.NoFocus
    bar.set_claims(claims(8))
    assert scroll(bar).focusPolicy() is Qt.FocusPolicy.StrongFocus


def test_folding_leaves_a_line_with_the_result(bar: ClaimsBar) -> None:
    seen: list[bool] = []
    bar.opened.connect(seen.append)
    bar.set_claims(claims(2))
    bar.show_readings([HOLDS, HOLDS])
    fold = bar.findChild(QToolButton, "claims-fold")
    assert fold is not None
    fold.click()
    assert not bar.is_open
    assert not scroll(bar).isVisible()
    assert summary(bar) == "all hold"
    bar.toggle_open()
    assert scroll(bar).isVisible()
    assert seen == [False, True]


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_a_long_sentence_takes_two_lines(qtbot: QtBot, theme: Theme) -> None:
    html = f"<i>w</i><sub>t</sub>: {LONG}"
    cut = broken(html, theme, 400).toPlainText()
    assert cut.startswith("wt: Gradient")
    assert cut.endswith("…")
    assert len(cut) > 60
    shown = ClaimStatement("statement", html)
    qtbot.addWidget(shown)
    shown.set_theme(theme)
    assert shown.height_for(400) < shown.height_for(4000) * (LINES + 1)
    assert LONG.strip() in shown.toolTip()
    assert broken("short", theme, 400).toPlainText() == "short"


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("verdict", Verdict)
def test_verdicts_can_be_read_on_their_ground(theme: Theme, verdict: Verdict) -> None:
    assert contrast(badge(verdict, theme)[1], ground(verdict, theme)) >= 4.5


def test_each_verdict_has_its_own_word() -> None:
    assert len({word(verdict) for verdict in (None, *Verdict)}) == 4


def test_together_one_failure_fails_and_one_open_question_stays_open() -> None:
    holds, fails, waits = Verdict.HOLDS, Verdict.FAILS, Verdict.PENDING
    assert overall([]) is None
    assert overall([holds, holds]) is holds
    assert overall([holds, waits]) is waits
    assert overall([waits, fails, holds]) is fails


def test_an_error_in_a_claim_is_its_failure() -> None:
    reading = judged(claims(1)[0], History(DescentScenario(), ()))
    assert reading.verdict is Verdict.FAILS
    assert reading.measured == "AssertionError: the bar shows readings and makes none"


@pytest.mark.parametrize("fraction", ["1/α²", "1/<i>α</i><sup>2</sup>"])
def test_no_line_ends_within_a_fraction(qtbot: QtBot, fraction: str) -> None:
    html = f"From network to linearization, <i>w</i> falls like {fraction}."
    for width in range(60, 420, 3):
        document = broken(html, THEMES["light"], width)
        layout = document.firstBlock().layout()
        text = document.toPlainText()
        lines = [layout.lineAt(number) for number in range(layout.lineCount())]
        ends = [text[: line.textStart() + line.textLength()] for line in lines]
        assert not any(end.rstrip("\N{WORD JOINER}").endswith("/") for end in ends)


@pytest.mark.parametrize(("width", "above"), [(420, False), (900, True), (1500, True)])
def test_captions_stand_above_the_columns_or_before_the_numbers(
    qtbot: QtBot, bar: ClaimsBar, width: int, above: bool
) -> None:
    bar.resize(width, 300)
    bar.set_claims(claims(1))
    bar.show_readings([HOLDS])
    qtbot.wait(1)
    for name in ("predicted", "measured"):
        caption = bar.findChild(QLabel, f"claims-{name}")
        number = bar.findChild(QLabel, f"claim-D06.0-{name}")
        assert caption is not None
        assert number is not None
        assert caption.isVisible() is above
        assert (name in number.text()) is not above
        left = number.mapTo(bar, number.rect().topLeft()).x()
        assert not above or abs(caption.x() - left) <= 2
    bar.set_open(False)
    assert not bar.findChild(QLabel, "claims-measured").isVisible()
