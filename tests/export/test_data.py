"""The numbers of a run in every format: all there, exact, the same bytes every time."""

from __future__ import annotations

import csv
import errno
import io
import json
import locale
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lazygui.export.arrays import history_npz
from lazygui.export.atomic import ExportError
from lazygui.export.data import DATA_FORMATS, write_data
from lazygui.export.long_table import frame_rows, long_rows
from lazygui.export.provenance import provenance_of, read_provenance
from lazygui.scenarios.descent import DescentScenario
from lazygui.simulation.history import Batch, Column, Frame, History
from tests.export.runs import small_run, small_sweep

WITHOUT_EXTRA = [item.ending for item in DATA_FORMATS if "parquet" not in item.ending]


def read_csv(path: Path) -> list[dict[str, str]]:
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines))


def with_frames(*frames: Frame) -> History:
    """A history of its own making, whose frames may have any shape."""
    columns = tuple(Column(name, name, name) for name in ("step", "time", "loss"))
    history = History(DescentScenario(), columns)
    rows = {"step": np.array([0.0]), "time": np.array([0.0]), "loss": np.array([1.0])}
    history.append(Batch(0, frames[-1].step, rows, None, frames, frames[-1]))
    return history


@pytest.mark.parametrize("ending", WITHOUT_EXTRA)
def test_each_file_is_the_same_twice_and_leads_back_to_its_run(ending: str, tmp_path: Path):
    first, again = tmp_path / f"é a{ending}", tmp_path / f"b{ending.upper()}"
    write_data(small_run(), first)
    write_data(small_run(), again)
    assert first.read_bytes() == again.read_bytes()
    assert read_provenance(first) == provenance_of(small_run())


def test_the_long_table_holds_every_number_once(tmp_path: Path):
    history = small_run()
    write_data(history, tmp_path / "run.long.csv")
    rows = read_csv(tmp_path / "run.long.csv")
    names = [column.name for column in history.columns if column.name not in ("step", "time")]
    assert list(rows[0]) == ["run", "step", "time", "quantity", "value"]
    assert len(rows) == len(history) * len(names)
    assert {row["run"] for row in rows} == {"1"}
    for name in names:
        mine = [row for row in rows if row["quantity"] == name]
        assert [int(row["step"]) for row in mine] == history["step"].tolist()
        for column, key in (("time", "time"), (name, "value")):
            read = np.array([float(row[key]) for row in mine])
            assert read.tobytes() == np.ascontiguousarray(history[column]).tobytes()


def test_the_runs_of_a_sweep_keep_apart_in_the_long_table():
    sweep = small_sweep()
    rows = long_rows(sweep)
    scales = rows["value"][rows["quantity"] == "scale"]
    assert scales.tolist() == sweep["scale"].tolist()
    assert rows["run"][rows["quantity"] == "loss"].tolist() == [1, 2, 3, 4, 5, 6]
    assert set(rows["step"].tolist()) == {30}
    assert np.isnan(rows["time"]).all()
    assert not {"step", "time", "steps_made"} & set(rows["quantity"].tolist())


@pytest.mark.parametrize("ending", [".csv", ".long.csv", ".npz"])
def test_sweeps_are_written_too(ending: str, tmp_path: Path):
    write_data(small_sweep(), tmp_path / f"sweep{ending}")
    assert read_provenance(tmp_path / f"sweep{ending}") == provenance_of(small_sweep())


def test_the_frames_hold_every_number_with_its_place(tmp_path: Path):
    history = small_run()
    write_data(history, tmp_path / "run.frames.csv")
    rows = read_csv(tmp_path / "run.frames.csv")
    assert list(rows[0]) == ["step", "quantity", "index", "component", "coordinate", "value"]
    assert len(rows) == sum(a.size for frame in history.frames for a in frame.arrays.values())
    last = history.frames[-1]
    grid = [r for r in rows if r["quantity"] == "grid_outputs" and int(r["step"]) == last.step]
    assert [float(r["value"]) for r in grid] == last.arrays["grid_outputs"].tolist()
    assert [float(r["coordinate"]) for r in grid] == history.facts["grid"].tolist()
    neurons = [r for r in rows if r["quantity"] == "neurons" and int(r["step"]) == last.step]
    places = [(int(r["index"]) - 1, int(r["component"]) - 1) for r in neurons]
    assert places == [(i, j) for i in range(6) for j in range(2)]
    read = [float(r["value"]) for r in neurons]
    assert read == [last.arrays["neurons"][place] for place in places]
    assert {r["coordinate"] for r in neurons} == {"nan"}


def test_too_many_frames_are_thinned_evenly_and_the_newest_stays():
    frames = [Frame(step, {"point": np.array([float(step), 1.0])}) for step in range(20)]
    history = with_frames(*frames)
    rows, stride = frame_rows(history, limit=16)
    assert stride == 3
    assert sorted(set(rows["step"].tolist())) == [0, 3, 6, 9, 12, 15, 18, 19]
    assert frame_rows(history, limit=40)[1] == 1
    assert set(frame_rows(history, limit=0)[0]["step"].tolist()) == {0, 19}


def test_a_run_without_frames_says_so(tmp_path: Path):
    with pytest.raises(ExportError, match="no frames"):
        write_data(small_sweep(), tmp_path / "sweep.frames.csv")
    assert os.listdir(tmp_path) == []


def test_arrays_read_back_to_the_last_bit(tmp_path: Path):
    history = small_run()
    write_data(history, tmp_path / "run.npz")
    with np.load(tmp_path / "run.npz", allow_pickle=False) as arrays:
        for column in history.columns:
            assert arrays[column.name].tobytes() == history[column.name].tobytes()
        assert arrays["frames_step"].tolist() == [frame.step for frame in history.frames]
        for name in ("grid_outputs", "neurons", "outputs"):
            stacked = np.stack([frame.arrays[name] for frame in history.frames])
            assert arrays[f"frames_{name}"].tobytes() == stacked.tobytes()
        assert arrays["fact_inputs"].tobytes() == history.facts["inputs"].tobytes()
        assert arrays["fact_lambda_max"] == history.facts["lambda_max"]
        assert arrays["provenance"].shape == ()
        assert json.loads(str(arrays["provenance"])) == json.loads(provenance_of(history).to_json())


def test_frames_that_grow_are_filled_up_with_nan():
    history = with_frames(
        Frame(0, {"path": np.ones((1, 2))}),
        Frame(1, {"path": np.full((3, 2), 2.0), "late": np.array(5.0)}),
    )
    with np.load(io.BytesIO(history_npz(history)), allow_pickle=False) as arrays:
        path, late = arrays["frames_path"], arrays["frames_late"]
    assert path.shape == (2, 3, 2)
    np.testing.assert_array_equal(path[0], [[1, 1], [np.nan] * 2, [np.nan] * 2])
    np.testing.assert_array_equal(path[1], 2.0)
    np.testing.assert_array_equal(late, [np.nan, 5.0])


def test_no_locale_changes_a_file(tmp_path: Path):
    history = small_run()
    before = [item.content(history) for item in DATA_FORMATS[:4]]
    kept = locale.setlocale(locale.LC_ALL)
    try:
        for name in ("fr_FR.UTF-8", "de_DE.UTF-8", "C"):
            try:
                locale.setlocale(locale.LC_ALL, name)
            except locale.Error:
                continue  # not installed here
            assert [item.content(history) for item in DATA_FORMATS[:4]] == before
    finally:
        locale.setlocale(locale.LC_ALL, kept)


# What cannot be written


@pytest.mark.parametrize("name", ["run", "run.xlsx", "run.csv.gz", "run.", "x" * 300])
def test_an_unknown_ending_names_those_that_are_known(name: str, tmp_path: Path):
    with pytest.raises(ExportError, match=r"\.long\.csv, .*\.npz, .*\.parquet") as caught:
        write_data(small_run(), tmp_path / name)
    assert "\n" not in str(caught.value)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("ending", [".parquet", ".long.parquet", ".frames.parquet"])
def test_without_pyarrow_the_remedy_is_named(
    ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ExportError, match=r"pip install lazygui\[parquet\]"):
        write_data(small_run(), tmp_path / f"run{ending}")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("ending", WITHOUT_EXTRA)
def test_a_full_disk_keeps_the_old_file(
    ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / f"run{ending}"
    path.write_text("old")

    def full(descriptor: int) -> Any:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ExportError, match="No space left on device") as caught:
        write_data(small_run(), path)
    assert str(path) in str(caught.value)
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == [path.name]


@pytest.mark.parametrize("name", ["no/such/folder/run.csv", "n\0l.npz", "x" * 300 + ".csv"])
def test_a_bad_name_is_one_sentence(name: str, tmp_path: Path):
    with pytest.raises(ExportError, match="Cannot write") as caught:
        write_data(small_run(), tmp_path / name)
    assert "\n" not in str(caught.value)
    assert os.listdir(tmp_path) == []
