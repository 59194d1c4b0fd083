"""The claims of the chosen demo are read while it runs, and the catalogue keeps the verdicts."""

from __future__ import annotations

import dataclasses
import threading
import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from lazygui.app import checker, director
from lazygui.app.settings import Settings
from lazygui.claims import registry
from lazygui.claims.claim import Claim, Reading, Verdict, near, pending
from lazygui.engine.session import State
from lazygui.numerics.interruption import checkpoint
from lazygui.scenarios.catalogue import entry
from lazygui.scenarios.files import dumps
from lazygui.scenarios.kinds import build_scenario
from lazygui.simulation.history import History
from tests.app.conftest import Bench
from tests.claims.fakes import FakeClaims

Key = Qt.Key


class Lecture:
    """Claims of two demos, counted as they are read."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str]] = []

    def factor(self, history: History) -> Reading:
        self.seen.append(("quadratic", history.scenario.kind))
        if len(history) < 3:
            return pending("0.8")
        gap = history["distance"]
        return near(float(gap[1] / gap[0]), abs(1.0 - history.scenario.learning_rate), 1e-9)

    def broken(self, history: History) -> Reading:
        self.seen.append(("not-lazy", history.scenario.kind))
        raise KeyError("no such column")


@pytest.fixture
def lecture(monkeypatch: pytest.MonkeyPatch) -> Lecture:
    made = Lecture()
    fakes = (Claim("D06", "A factor", made.factor), Claim("D31", "Broken", made.broken))
    monkeypatch.setattr(registry, "CLAIMS", FakeClaims({claim.id: claim for claim in fakes}))
    named = {"quadratic": ("D06",), "not-lazy": ("D31",), "huber": ("D99",)}

    def chosen(name: str) -> object:
        return dataclasses.replace(entry(name), speed=0.0, claims=named.get(name, ()))

    monkeypatch.setattr(director, "entry", chosen)
    return made


def ended(bench: Bench) -> None:
    bench.until(lambda: bench.session.state is State.ENDED)
    bench.until(lambda: not bench.window.checker.is_reading)
    bench.rest()


def badge(bench: Bench, name: str) -> Verdict | None:
    return bench.window.sides.lecture.catalogue.verdict(name)


def test_the_verdict_is_live_and_stays(bench: Bench, lecture: Lecture):
    bar = bench.window.workspace.claims
    bench.choose("quadratic")
    ended(bench)
    assert bar.isVisible()
    assert bar.row("D06").texts() == (
        "A factor", "predicted 0.8", "measured 0.8 ± 1·10⁻⁹", "holds"
    )  # fmt: skip
    assert badge(bench, "quadratic") is Verdict.HOLDS
    bench.choose("accuracy")
    assert not bar.isVisible()
    assert badge(bench, "quadratic") is Verdict.HOLDS
    assert badge(bench, "accuracy") is None


def test_a_claim_that_raises_fails_with_its_text(bench: Bench, lecture: Lecture):
    bench.choose("not-lazy")
    bench.until(lambda: badge(bench, "not-lazy") is Verdict.FAILS)
    assert "KeyError: 'no such column'" in str(bench.window.workspace.claims.row("D31").texts())
    bench.until(lambda: bench.session.state in (State.RUNNING, State.ENDED))


class Endless:
    """A claim whose check goes on until nobody waits for it."""

    def __init__(self) -> None:
        self.begun, self.left = threading.Event(), threading.Event()

    def __call__(self, history: History) -> Reading:
        self.begun.set()
        try:
            while True:
                checkpoint()
                time.sleep(0.002)
        finally:
            self.left.set()


@pytest.fixture
def endless(bench: Bench, lecture: Lecture, monkeypatch: pytest.MonkeyPatch) -> Endless:
    """The claim of the demo on show, whose check is under way."""
    made = Endless()
    monkeypatch.setitem(registry.CLAIMS, "D31", Claim("D31", "Endless", made))
    bench.choose("not-lazy")
    assert made.begun.wait(5.0)
    return made


def test_the_window_never_waits_for_a_check(bench: Bench, endless: Endless):
    bench.until(lambda: bench.session.state is State.ENDED or bench.history.last_step > 20)
    assert bench.window.checker.is_reading
    assert badge(bench, "not-lazy") is None
    bench.choose("quadratic")
    assert endless.left.wait(5.0)
    ended(bench)
    assert badge(bench, "quadratic") is Verdict.HOLDS
    assert badge(bench, "not-lazy") is None


def test_closing_the_window_ends_a_check(bench: Bench, endless: Endless):
    bench.window.close()
    assert endless.left.is_set()


def test_no_claim_reads_the_run_of_another_demo(bench: Bench, lecture: Lecture):
    for name in ("quadratic", "not-lazy", "quadratic", "not-lazy", "quadratic"):
        bench.window.director.choose(name)
        bench.rest(15)
    ended(bench)
    assert set(lecture.seen) <= {("quadratic", "descent"), ("not-lazy", "lazy")}
    assert ("quadratic", "descent") in lecture.seen


def test_claims_are_read_four_times_a_second_at_most(bench: Bench, lecture: Lecture):
    bench.choose("not-lazy")
    bench.window.session.set_speed(300.0)
    bench.awaited(bench.window.director.restart)
    bench.rest(300)
    lecture.seen.clear()
    bench.rest(1000)
    assert bench.session.state is State.RUNNING
    assert 2 <= len(lecture.seen) <= 1 + 1000 // checker.INTERVAL_MS


def test_an_unfinished_check_leaves_no_verdict(
    bench: Bench, lecture: Lecture, monkeypatch: pytest.MonkeyPatch
):
    bench.choose("quadratic")
    ended(bench)
    assert badge(bench, "quadratic") is Verdict.HOLDS
    monkeypatch.setitem(registry.CLAIMS, "D06", Claim("D06", "", undecided))
    bench.choose("quadratic")
    bench.until(lambda: badge(bench, "quadratic") is Verdict.PENDING)
    bench.choose("not-lazy")
    assert badge(bench, "quadratic") is Verdict.HOLDS


def undecided(history: History) -> Reading:
    return pending("0.8")


def test_a_file_hides_the_claims(bench: Bench, lecture: Lecture, tmp_path: Path):
    bench.choose("quadratic")
    file = tmp_path / "mine.toml"
    file.write_text(dumps(entry("quadratic").scenario), "utf-8")
    bench.awaited(lambda: bench.window.director.open(file))
    ended(bench)
    assert not bench.window.workspace.claims.isVisible()
    assert bench.window.sides.lecture.catalogue.current() == ""
    assert bench.window.director.entry is None


def test_a_refused_file_leaves_the_demo(bench: Bench, lecture: Lecture, tmp_path: Path):
    bench.choose("quadratic")
    (tmp_path / "bad.toml").write_text("format = 1", "utf-8")
    bench.window.director.open(tmp_path / "bad.toml")
    assert bench.window.workspace.claims.isVisible()
    assert bench.window.director.entry is not None


def test_an_unknown_claim_is_told_and_hurts_nothing(bench: Bench, lecture: Lecture):
    bench.choose("quadratic")
    told: list[str] = []
    bench.window.director.told.connect(lambda level, text: told.append(text))
    bench.choose("huber")
    assert "D99" in told[0]
    assert not bench.window.workspace.claims.isVisible()


def test_v_hides_the_verdict_in_the_catalogue_too(bench: Bench, lecture: Lecture):
    bench.choose("quadratic")
    bench.key(Key.Key_V)
    ended(bench)
    assert badge(bench, "quadratic") is None
    assert bench.window.workspace.claims.row("D06").texts()[-1] == "?"
    bench.key(Key.Key_V)
    assert badge(bench, "quadratic") is Verdict.HOLDS
    assert bench.window.workspace.claims.row("D06").texts()[-1] == "holds"


def test_folding_is_remembered(bench: Bench, lecture: Lecture, tmp_path: Path):
    bench.choose("quadratic")
    assert bench.window.workspace.claims.is_open
    bench.window.toolbar._actions["claims"].trigger()
    assert not bench.window.workspace.claims.is_open
    assert not Settings(tmp_path / "settings.ini").claims_open
    bench.window.toolbar._actions["claims"].trigger()
    assert Settings(tmp_path / "settings.ini").claims_open


SWEEP = {
    "kind": "sweep",
    "base": {"kind": "descent", "objective": "quadratic", "start": [3.0], "minimizer": [0.4],
             "steps": 20},
    "axes": [{"name": "learning_rate", "values": [0.5, 1.0, 1.5]}],
    "metrics": ["distance"],
}  # fmt: skip


def test_a_run_of_a_sweep_opens_and_leads_back(bench: Bench, lecture: Lecture):
    sweep = build_scenario(SWEEP)
    bench.show(sweep)
    ended(bench)
    run = bench.awaited(lambda: bench.window.stage.open_requested.emit(2))
    assert run.scenario.kind == "descent"
    assert run.scenario.learning_rate == 1.5
    assert bench.message.startswith("Run 3 of 3 of the sweep: learning_rate = 1.5.")
    again = bench.awaited(lambda: bench.key(Key.Key_Backspace))
    assert again.scenario == sweep
    assert bench.message == ""
    # There is nothing to go back to from the sweep itself.
    bench.key(Key.Key_Backspace)
    bench.rest()
    assert bench.history is again
