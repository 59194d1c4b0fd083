"""The command line: list, run, and one clear sentence for whatever is wrong."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import tomllib
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from lazygui import __version__, headless
from lazygui.cli import main
from lazygui.scenarios.catalogue import entries
from lazygui.simulation.protocol import Simulation

ROOT = Path(__file__).parent.parent
FILES = {"history.csv", "scenario.toml", "summary.json"}
FAST = ["run", "lazy-scale", "--steps", "60", "--set", "width=10", "--quiet"]
FOUR_FAULTS = 'format = 1\nkind = "lazy"\nwidht = 50\nsamples = 1\nscale = "big"\nloss = "x"\n'


def command(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "lazygui", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def contents(folder: Path) -> set[str]:
    return set(os.listdir(folder)) if folder.exists() else set()


def test_the_version_is_told_fast_and_without_numpy_or_qt():
    started = time.perf_counter()
    done = command("--version")
    seconds = time.perf_counter() - started
    assert (done.returncode, done.stdout, done.stderr) == (0, f"LazyGUI {__version__}\n", "")
    assert seconds < 2.0
    code = (
        "import sys; from lazygui.cli import _parser; _parser()\n"
        "print({'numpy', 'torch', 'PySide6', 'pydantic'} & set(sys.modules))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert loaded.stdout == "set()\n"


def test_a_run_without_a_window_loads_neither_qt_nor_torch(tmp_path: Path):
    code = (
        "import sys; from lazygui.cli import main\n"
        f"assert main({[*FAST, '--out', str(tmp_path)]!r}) == 0\n"
        "print({'torch', 'PySide6', 'pyqtgraph', 'matplotlib'} & set(sys.modules))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert loaded.stdout == "set()\n"


def test_list_shows_every_scenario_with_its_claim(capsys: pytest.CaptureFixture[str]):
    assert main(["list"]) == 0
    out = capsys.readouterr().out
    for item in entries():
        assert f"  {item.id} " in out
        assert item.claim in out
    sections = list(dict.fromkeys(item.section for item in entries()))
    assert [line for line in out.splitlines() if line and line[0] != " "] == sections


def test_a_run_writes_three_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    out = tmp_path / "results" / "here"
    assert main(["run", "quadratic", "--steps", "20", "--set", "learning_rate=0,5",
                 "--out", str(out)]) == 0  # fmt: skip
    assert contents(out) == FILES
    table = np.genfromtxt(out / "history.csv", delimiter=",", names=True, skip_header=7)
    assert table["step"].tolist() == list(range(21))
    errors = table["iterate_1"] - 0.4
    np.testing.assert_allclose(errors, errors[0] * 0.5 ** np.arange(21), rtol=1e-9)
    scenario = tomllib.loads((out / "scenario.toml").read_text("utf-8"))
    assert (scenario["learning_rate"], scenario["steps"]) == (0.5, 20)
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    assert summary["outcome"] == "step_limit"
    assert summary["final"]["iterate"] == [table["iterate_1"][-1]]
    assert "history.csv, scenario.toml, summary.json" in capsys.readouterr().out


def test_a_quiet_run_says_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main([*FAST, "--out", str(tmp_path)]) == 0
    assert capsys.readouterr() == ("", "")


def test_a_scenario_file_gives_the_same_bytes_again(tmp_path: Path):
    for index, name in enumerate(("lazy-scale", "not-lazy", "overparameterized", "huber")):
        first, again = tmp_path / f"{index}a", tmp_path / f"{index}b"
        assert main(["run", name, "--steps", "300", "--quiet", "--out", str(first)]) == 0
        file = str(first / "scenario.toml")
        assert main(["run", file, "--quiet", "--out", str(again)]) == 0
        for name in ("history.csv", "scenario.toml"):
            assert (first / name).read_bytes() == (again / name).read_bytes()


def test_three_processes_write_the_same_bytes(tmp_path: Path):
    results = set()
    for index in range(3):
        out = tmp_path / str(index)
        assert command(*FAST, "--out", str(out)).returncode == 0
        results.add((out / "history.csv").read_bytes())
    assert len(results) == 1


def test_a_second_run_replaces_the_files_of_the_first(tmp_path: Path):
    assert main([*FAST, "--out", str(tmp_path)]) == 0
    before = (tmp_path / "history.csv").read_bytes()
    assert main([*FAST, "--set", "seed=1", "--out", str(tmp_path)]) == 0
    assert contents(tmp_path) == FILES
    assert (tmp_path / "history.csv").read_bytes() != before


def test_divergence_is_a_result_with_its_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["run", "quadratic", "--set", "learning_rate=2.5", "--steps", "5000",
                 "--out", str(tmp_path)]) == 0  # fmt: skip
    summary = json.loads((tmp_path / "summary.json").read_text("utf-8"))
    assert summary["outcome"] == "diverged"
    assert "η = 2.5 > 2/λmax = 2" in summary["sentence"]
    assert summary["sentence"] in capsys.readouterr().out


def write(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


BAD = {
    "unknown scenario": (["lazy-scael"], "did you mean 'lazy-scale'?"),
    "missing file": (["{tmp}/none.toml"], "cannot read the file: No such file or directory"),
    "folder": (["{tmp}/."], "a folder without a run"),
    "faulty file": (["{faulty}"], "widht: there is no such parameter; did you mean 'width'?"),
    "unknown name": (
        ["lazy-scale", "--set", "widht=3"],
        "widht: there is no such parameter; did you mean 'width'?",
    ),
    "no value": (["lazy-scale", "--set", "width"], "'width' is not of the form name=value"),
    "not a number": (["lazy-scale", "--set", "scale=big"], "scale: 'big' is not a number"),
    "out of bounds": (["lazy-scale", "--steps", "0"], "steps: 0 is not allowed: it must be at"),
    "too large": (["lazy-scale", "--set", "width=1e9"], "width: 1,000,000,000 needs"),
    "text in data": (
        ["lazy-scale", "--set", "data=csv", "--set", "data_file={text}"],
        "column 'y', row 3: 'abc' is not a number",
    ),
    "nan in data": (
        ["lazy-scale", "--set", "data=csv", "--set", "data_file={nan}"],
        "column 'y', row 3: 'nan' is not a finite number",
    ),
    "no data": (
        ["lazy-scale", "--set", "data=csv", "--set", "data_file={tmp}/none.csv"],
        "There is no file",
    ),
    "no data file named": (["lazy-scale", "--set", "data=csv"], "data_file: choose a CSV file"),
    "few rows": (
        ["lazy-scale", "--set", "data=csv", "--set", "data_file={good}"],
        "n is 12, but the file has 3 rows",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_wrong_input_gives_one_sentence_and_no_file(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    words, sentence = BAD[case]
    places = {
        "tmp": str(tmp_path),
        "faulty": write(tmp_path / "faulty.toml", FOUR_FAULTS),
        "text": write(tmp_path / "text.csv", "x,y\n1,2\n2,abc\n"),
        "nan": write(tmp_path / "nan.csv", "x,y\n1,2\n2,nan\n"),
        "good": write(tmp_path / "good.csv", "x,y\n1,2\n2,3\n3,5\n"),
    }
    out = tmp_path / "out"
    arguments = [word.format(**places) for word in words]
    assert main(["run", *arguments, "--out", str(out)]) == 2
    output, error = capsys.readouterr()
    assert output == ""
    assert error.startswith("lazygui: ")
    assert sentence in error
    assert "Traceback" not in error
    assert not out.exists()


def test_four_faults_of_a_file_are_four_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file = write(tmp_path / "mine.toml", FOUR_FAULTS)
    assert main(["run", file, "--out", str(tmp_path / "out")]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == f"lazygui: {file}:"
    assert len(lines) == 5
    assert all("(line " in line for line in lines[1:])


@pytest.mark.parametrize(
    ("out", "reason"),
    [
        ("file.txt", "File exists"),
        ("file.txt/inside", "Not a directory"),
        ("x" * 300, "File name too long"),
        ("/proc/nowhere", "No such file or directory"),
    ],
)
def test_a_folder_that_cannot_be_written_gives_a_sentence(
    out: str, reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "file.txt").write_text("mine", encoding="utf-8")
    folder = tmp_path / out
    assert main([*FAST, "--out", str(folder)]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"lazygui: Cannot write into the folder {folder}: {reason}")
    assert error.count("\n") == 1
    assert (tmp_path / "file.txt").read_text("utf-8") == "mine"


@pytest.mark.parametrize(
    "arguments",
    [["fly"], ["run"], ["run", "lazy-scale"], ["run", "x", "--steps", "many", "--out", "y"],
     ["run", "x", "--device", "abacus", "--out", "y"]],
)  # fmt: skip
def test_a_wrong_command_ends_with_status_2_and_the_usage(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: lazygui" in capsys.readouterr().err


def test_no_traceback_reaches_the_terminal():
    done = command("run", "lazy-scael", "--out", "nowhere")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert not (ROOT / "nowhere").exists()


def test_a_run_out_of_memory_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def refuse(self: Simulation, steps: int) -> None:
        raise MemoryError

    monkeypatch.setattr(Simulation, "proceed", refuse)
    assert main([*FAST, "--out", str(tmp_path)]) == 1
    assert "not enough memory" in capsys.readouterr().err
    assert contents(tmp_path) == set()


def test_ctrl_c_keeps_what_was_computed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """The last row belongs to its step: the same run to that step gives the same numbers."""
    proceed, calls = Simulation.proceed, []

    def interrupted(self: Simulation, steps: int) -> None:
        calls.append(steps)
        if len(calls) == 6:
            signal.raise_signal(signal.SIGINT)
        proceed(self, steps)

    monkeypatch.setattr(Simulation, "proceed", interrupted)
    before = signal.getsignal(signal.SIGINT)
    out, whole = tmp_path / "out", tmp_path / "whole"
    assert main(["run", "lazy-scale", "--steps", "90000", "--out", str(out)]) == 1
    assert signal.getsignal(signal.SIGINT) is before
    assert "Cancelled" in capsys.readouterr().out
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    assert summary["outcome"] == "cancelled"
    steps = summary["steps"]
    assert 0 < steps < 90_000
    monkeypatch.undo()
    assert main(["run", "lazy-scale", "--steps", str(steps), "--quiet", "--out", str(whole)]) == 0
    tables = [(folder / "history.csv").read_text().splitlines() for folder in (out, whole)]
    assert tables[0][7:] == tables[1][7:]


def test_ctrl_c_while_kappa_is_found_keeps_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def endless(*args: object) -> dict[str, object]:
        signal.raise_signal(signal.SIGINT)
        raise AssertionError("Ctrl-C came later")

    monkeypatch.setattr("lazygui.simulation.lazy.laziness_facts", endless)
    out = tmp_path / "out"
    assert main(["run", "lazy-scale", "--steps", "40", "--out", str(out)]) == 1
    shown = capsys.readouterr()
    assert "interrupted before κ was found" in shown.err
    assert "Finished" in shown.out
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    assert summary["steps"] == 40
    assert summary["outcome"] == "step_limit"
    assert "kappa" not in summary["laziness"]
    assert summary["laziness"]["lambda_max"] > 0


@pytest.mark.skipif(os.name == "nt", reason="no pseudo-terminals")
def test_a_terminal_is_told_what_takes_a_while(tmp_path: Path):
    import pty

    command = [sys.executable, "-m", "lazygui", "run", "lazy-scale", "--steps", "40"]
    ours, theirs = pty.openpty()
    with open(theirs, "wb") as terminal:
        process = subprocess.Popen(
            [*command, "--out", str(tmp_path)], stdout=subprocess.DEVNULL, stderr=terminal
        )
    shown = b""
    with suppress(OSError), open(ours, "rb", buffering=0) as screen:
        while chunk := screen.read(4096):
            shown += chunk
    assert process.wait() == 0
    assert shown.decode().index("preparing the run") < shown.decode().index("finding κ")


def test_the_second_ctrl_c_ends_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def hang(self: Simulation, steps: int) -> None:
        for _ in range(2):
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(Simulation, "proceed", hang)
    assert main([*FAST, "--out", str(tmp_path)]) == 1
    assert "interrupted" in capsys.readouterr().err
    assert contents(tmp_path) == set()


def test_progress_is_reported_from_first_to_last_step():
    from lazygui.scenarios.catalogue import named_scenario
    from lazygui.simulation.build import build_simulation

    seen: list[tuple[int, int]] = []
    scenario = named_scenario("quadratic").replace(steps=500, learning_rate=1e-3)
    history, interrupted = headless.run(
        build_simulation(scenario), lambda step, steps: seen.append((step, steps))
    )
    assert not interrupted
    assert [step for step, _ in seen] == sorted(step for step, _ in seen)
    assert seen[-1] == (500, 500)
    assert history.last_step == 500
