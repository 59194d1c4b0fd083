"""Processes that do one job after the other: order, deaths, Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from lazygui import lanes
from lazygui.lanes import DIED, Failure, Listen, finished, in_order

ROOT = Path(__file__).parent.parent
needs_sigkill = pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")


def squared(job: float, listen: Listen) -> float:
    """The slowest first, so that results don't come in the order of the jobs."""
    time.sleep(max(0.0, 0.4 - 0.2 * job))
    return job * job


def killed_while_there(job: str, listen: Listen) -> str:
    """Dies by SIGKILL at a job that names a file; at the second attempt it is gone."""
    if job.startswith(os.sep):
        file = Path(job)
        if file.exists():
            file.unlink()
            os.kill(os.getpid(), signal.SIGKILL)
    elif job == "dies":
        os.kill(os.getpid(), signal.SIGKILL)
    return f"{job} done"


def raises(job: str, listen: Listen) -> str:
    if job == "bad":
        raise ValueError("not this one")
    return job


def endless(job: Path, listen: Listen) -> str:
    """Goes on until it is told to stop, and says so in a file."""
    job.with_suffix(".begun").write_text(str(os.getpid()))
    try:
        while True:
            time.sleep(0.01)
            listen(0.5)
    finally:
        job.with_suffix(".stopped").touch()


def test_results_come_as_they_finish_and_in_order_where_asked():
    jobs = [0.0, 1.0, 2.0, 3.0]
    found = list(finished(jobs, squared))
    assert sorted(found) == [(0, 0.0), (1, 1.0), (2, 4.0), (3, 9.0)]
    assert list(in_order(finished(jobs, squared))) == [0.0, 1.0, 4.0, 9.0]
    late = [(2, "c"), (0, "a"), (1, "b")]
    assert list(in_order(pair for pair in late)) == ["a", "b", "c"]


def test_no_jobs_need_no_process(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lanes, "Lane", None)
    assert list(finished([], squared)) == []


@needs_sigkill
def test_a_job_whose_process_is_killed_is_done_again(tmp_path: Path):
    file = tmp_path / "kill"
    file.touch()
    jobs = ["a", str(file), "b", "dies", "c"]
    found = dict(finished(jobs, killed_while_there))
    assert found.pop(3) == Failure(DIED)
    assert found == {i: f"{jobs[i]} done" for i in (0, 1, 2, 4)}
    assert not file.exists()


@needs_sigkill
def test_a_process_killed_from_outside_is_replaced(tmp_path: Path):
    results = finished([tmp_path / "a"], endless, tick=_killer(tmp_path / "a.begun"))
    assert list(results) == [(0, Failure(DIED))]


def _killer(file: Path) -> Listen:
    def kill(done: float) -> None:
        if file.exists() and (text := file.read_text()):
            file.unlink()
            os.kill(int(text), signal.SIGKILL)

    return kill


def test_a_job_that_raises_is_a_failure_and_its_process_goes_on():
    found = dict(finished(["a", "bad", "b"], raises))
    assert found == {0: "a", 1: Failure("ValueError: not this one"), 2: "b"}


def test_an_interrupt_stops_jobs_in_their_midst(tmp_path: Path):
    shares: list[float] = []

    def interrupt(done: float) -> None:
        shares.append(done)
        if done == 1.0 and len(list(tmp_path.glob("*.begun"))) == 2:
            raise KeyboardInterrupt

    before = {child.pid for child in psutil.Process().children()}
    with pytest.raises(KeyboardInterrupt):
        list(finished([tmp_path / name for name in "ab"], endless, interrupt))
    assert shares[-1] == 1.0  # both are at one half
    assert len(list(tmp_path.glob("*.stopped"))) == 2
    assert {child.pid for child in psutil.Process().children()} <= before | _tracker()


def _tracker() -> set[int]:
    """The process by which multiprocessing cleans up, which outlives all others."""
    from multiprocessing import resource_tracker

    return {resource_tracker._resource_tracker._pid}


def one_ends(job: Path, listen: Listen) -> str:
    return "done" if job.name == "a" else endless(job, listen)


def test_a_reader_that_goes_away_ends_the_processes(tmp_path: Path):
    results = in_order(finished([tmp_path / "a", tmp_path / "b"], one_ends))
    assert next(iter(results)) == "done"
    deadline = time.monotonic() + 20
    while not (tmp_path / "b.begun").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    del results
    assert (tmp_path / "b.stopped").exists()


@needs_sigkill
def test_ctrl_c_in_a_terminal_ends_check_with_a_sentence():
    words = [sys.executable, "-m", "lazygui", "check", "P1a", "P1b", "D25"]
    process = subprocess.Popen(
        words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    children = _children_of(process.pid, 2)
    time.sleep(1.0)
    os.killpg(process.pid, signal.SIGINT)
    said = process.communicate(timeout=60)[1]
    assert said == "lazygui: interrupted; the claims after these were not checked\n"
    assert process.returncode == 1
    assert psutil.wait_procs(children, timeout=20)[1] == []


def _children_of(process: int, count: int) -> list[psutil.Process]:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        found = psutil.Process(process).children()
        if len(found) >= count:
            return found
        time.sleep(0.1)
    raise TimeoutError("no processes were started")
