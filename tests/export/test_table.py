"""The history as CSV: reads back to the last bit, under any locale."""

from __future__ import annotations

import csv
import io
import locale
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QLocale

from lazygui.export.table import history_csv, recorded, rows_csv, safe_text, write_history_csv
from lazygui.scenarios.base import Scenario
from lazygui.scenarios.descent import DescentScenario
from lazygui.scenarios.lazy import LazyScenario
from lazygui.scenarios.least_squares import LeastSquaresScenario
from lazygui.scenarios.sweep_texts import swept
from lazygui.simulation.history import Batch, Column, History
from tests.simulation.records import run

SCENARIOS = (
    DescentScenario(learning_rate=0.3, steps=60),
    DescentScenario(objective="rosenbrock", start=(-1.0, 1.5), learning_rate=1e-3, steps=900),
    LeastSquaresScenario(steps=50),
    LazyScenario(width=6, test_samples=3, steps=50),
)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
def test_every_number_reads_back_to_the_last_bit(scenario: Scenario):
    history = run(scenario)
    text = history_csv(history)
    lines = text.splitlines()
    assert [line[:2] for line in lines[:8]] == ["# "] * 7 + ["st"]
    names = lines[7].split(",")
    table = np.loadtxt(io.StringIO(text), delimiter=",", skiprows=8, ndmin=2)
    assert table.shape == (len(history), len(names))
    flat = [history[c.name].reshape(len(history), -1) for c in history.columns]
    assert np.concatenate(flat, axis=1).tobytes() == table.tobytes()


def test_columns_are_named_as_in_the_history():
    history = run(DescentScenario().replace(objective="rosenbrock", steps=3, learning_rate=1e-3))
    header = rows_csv(recorded(history)).partition("\n")[0]
    assert header == "step,time,loss,gap,distance,gradient_norm,iterate_1,iterate_2"


def test_the_numbers_are_those_of_the_run():
    """On the parabola at η = 1/2 every number is known by hand."""
    scenario = DescentScenario(start=(5.0,), minimizer=(1.0,), learning_rate=0.5, steps=2)
    assert rows_csv(recorded(run(scenario))) == (
        "step,time,loss,gap,distance,gradient_norm,iterate_1\n"
        "0,0.0,8.0,8.0,4.0,4.0,5.0\n"
        "1,0.5,2.0,2.0,2.0,2.0,3.0\n"
        "2,1.0,0.5,0.5,1.0,1.0,2.0\n"
    )


def test_numbers_that_are_not_finite_are_kept():
    columns = (Column("step", "k", "step"), Column("loss", "F", "loss"))
    history = History(DescentScenario(), columns)
    rows = {"step": np.arange(4.0), "loss": np.array([5e-324, np.inf, -np.inf, np.nan])}
    history.append(Batch(0, 3, rows, {"step": np.array(3.0), "loss": np.array(np.nan)}))
    cells = [row["loss"] for row in csv.DictReader(io.StringIO(rows_csv(recorded(history))))]
    assert cells == ["5e-324", "inf", "-inf", "nan"]


def test_no_locale_changes_the_file():
    history = run(SCENARIOS[0])
    before = history_csv(history)
    QLocale.setDefault(QLocale("fr_FR"))
    kept = locale.setlocale(locale.LC_NUMERIC)
    try:
        for name in ("fr_FR.UTF-8", "de_DE.UTF-8"):
            try:
                locale.setlocale(locale.LC_NUMERIC, name)
            except locale.Error:
                continue  # not installed here; Qt's own is tried in any case
        assert history_csv(history) == before
    finally:
        locale.setlocale(locale.LC_NUMERIC, kept)


def test_the_file_holds_the_text_with_plain_line_ends(tmp_path: Path):
    history = run(SCENARIOS[0])
    write_history_csv(history, tmp_path / "history.csv")
    content = (tmp_path / "history.csv").read_bytes()
    assert content == history_csv(history).encode("utf-8")
    assert b"\r" not in content
    assert content.endswith(b"\n")


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("loss", "loss"),
        ("=1+1", "'=1+1"),
        ("+SUM(A1)", "'+SUM(A1)"),
        ("-x", "'-x"),
        ("@import", "'@import"),
        ("\t=1", "'\t=1"),
        ("-1.5e-3", "-1.5e-3"),
        ("+inf", "+inf"),
        ("a,b", '"a,b"'),
        ('say "x"', '"say ""x"""'),
        ('=HYPERLINK("x","y")', '"\'=HYPERLINK(""x"",""y"")"'),
    ],
)
def test_no_cell_is_a_formula(text: str, cell: str):
    assert safe_text(text) == cell
    shown = text if cell.strip('"')[0] != "'" else f"'{text}"
    assert next(csv.reader([cell])) == [shown]


def test_a_sweep_without_a_finished_run_has_a_header_only():
    sweep = swept(LazyScenario(), ["scale=1,2"], ["loss"])
    columns = (Column("step", "k", "step"), Column("time", "t", "t"), Column("loss", "F", "F"))
    assert rows_csv(recorded(History(sweep, columns))) == "step,time,loss\n"
