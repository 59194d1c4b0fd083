"""The window under load: frames, GUI delay, and the engine against a headless run.

    python -m tests.benchmarks.live [--seconds 5] [--rounds 3]

Each round interleaves a headless run with a live one of the same scenario under six views, so that
a machine whose speed drifts cancels out of the ratio. Last comes the window that plays a demo at
its own speed while a film of it is made behind. Medians over the rounds are printed with the
goals. Times are wall-clock; run it on a quiet machine, with two cores to itself.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

SCENARIOS = ("lazy-scale", "digits-lazy")
FILMED = "two-layer"
FILM_OPTIONS = ("--size", "1280x720", "--fps", "30", "--seconds", "120")
RECORD_EVERY = {"lazy-scale": 300, "digits-lazy": 9}
GOALS = {"frame": 16.7, "delay": 10.0, "ratio": 0.90, "stall": 260.0}
VIEWS_SHOWN = 6
ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Measure and print the table; 0 when every goal is met."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--child", choices=("live", "headless", "filming", "loading"))
    parser.add_argument("--scenario", default="lazy-scale")
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if options.child == "live":
        return _live(options.scenario, options.seconds)
    if options.child == "headless":
        return _headless(options.scenario, options.seconds)
    if options.child == "filming":
        return _filming(options.seconds)
    if options.child == "loading":
        return _loading()
    return _table(options)


def _table(options: argparse.Namespace) -> int:
    met = True
    print(f"{'scenario':14} {'steps/s alone':>14} {'live':>10} {'ratio':>7}", end="")
    print(f" {'frame p50':>10} {'GUI delay p99':>14}")
    for scenario in SCENARIOS:
        rounds = [_round(scenario, options.seconds) for _ in range(options.rounds)]
        alone, live, ratio, frame, delay = (
            statistics.median(values) for values in zip(*rounds, strict=True)
        )
        print(f"{scenario:14} {alone:14,.0f} {live:10,.0f} {ratio:7.2f}", end="")
        print(f" {frame:7.1f} ms {delay:11.1f} ms")
        met &= frame <= GOALS["frame"] and delay <= GOALS["delay"] and ratio >= GOALS["ratio"]
    rounds = [_child("filming", FILMED, options.seconds) for _ in range(options.rounds)]
    frame, delay = (statistics.median(values) for values in zip(*rounds, strict=True))
    print(f"{'while filming':14} {'':33} {frame:7.1f} ms {delay:11.1f} ms")
    met &= frame <= GOALS["frame"] and delay <= GOALS["delay"]
    stalls = [_child("loading", FILMED, options.seconds)[0] for _ in range(options.rounds)]
    print(f"longest delay while torch loads: {statistics.median(stalls):.0f} ms")
    met &= statistics.median(stalls) <= GOALS["stall"]
    print("goals:", ", ".join(f"{name} {value}" for name, value in GOALS.items()))
    return 0 if met else 1


def _round(scenario: str, seconds: float) -> tuple[float, float, float, float, float]:
    alone = _child("headless", scenario, seconds)[0]
    live, frame, delay = _child("live", scenario, seconds)
    return alone, live, live / alone, frame, delay


def _child(what: str, scenario: str, seconds: float) -> list[float]:
    command = [sys.executable, "-m", "tests.benchmarks.live", "--child", what]
    command += ["--scenario", scenario, "--seconds", str(seconds)]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [float(word) for word in answer.stdout.split()]


def _endless(name: str):  # type: ignore[no-untyped-def]
    """A run without end that records equally densely however far it gets."""
    from lazygui.scenarios.catalogue import entry

    values = {"steps": 10**9, "learning_rate": 1e-6, "record_every": RECORD_EVERY[name]}
    return entry(name).scenario.replace(**values)


def _headless(name: str, seconds: float) -> int:
    """Steps per second as `lazygui run` makes them."""
    from lazygui.simulation.build import build_simulation

    simulation = build_simulation(_endless(name))
    simulation.proceed(50)
    start, first = time.perf_counter(), simulation.step
    while time.perf_counter() - start < seconds:
        simulation.proceed(max(1, (simulation.step - first) // 8))
    print((simulation.step - first) / (time.perf_counter() - start))
    return 0


def _frames(window):  # type: ignore[no-untyped-def]
    from PySide6.QtCore import QTimer

    return window.findChild(QTimer, "stage-frames")


def _live(name: str, seconds: float) -> int:
    """Steps per second under six views; median frame and 99th percentile of GUI delay in ms."""
    import math

    from PySide6.QtCore import QTimer

    from lazygui.app.program import Program
    from tests.benchmarks.probes import DelayProbe, FrameProbe, Idle

    program = Program(["benchmark"])
    program.window.resize(1440, 900)
    frames, delays = FrameProbe(_frames(program.window)), DelayProbe()
    # Behind the window torch loads and κ is found, each on a thread of its own, and once only.
    diagnosed = Idle(program.session._diagnostician.thread())
    marks: list[tuple[float, int]] = []

    def begin(version: str) -> None:
        session = program.session
        session.set_speed(math.inf)
        session.set_scenario(_endless(name))
        QTimer.singleShot(1500, diagnosed.ask)

    settled = QTimer(program)
    settled.setSingleShot(True)
    settled.setInterval(1000)
    diagnosed.answered.connect(settled.start)

    def measure() -> None:
        stage = program.window.stage
        for view in stage.available():
            if len(stage.shown()) < VIEWS_SHOWN and view not in stage.shown():
                stage.toggle(view)
        assert len(stage.shown()) == VIEWS_SHOWN, stage.shown()
        QTimer.singleShot(500, mark)
        QTimer.singleShot(int(500 + 1000 * seconds), end)

    def mark() -> None:
        frames.start()
        delays.start()
        history = program.session.history
        assert history is not None
        marks.append((time.perf_counter(), history.last_step))

    def end() -> None:
        mark()
        program.window.close()

    settled.timeout.connect(measure)
    program.torch.loaded.connect(begin)
    program.run(name)
    (t0, s0), (t1, s1) = marks
    print((s1 - s0) / (t1 - t0), frames.median_ms(), delays.percentile_ms(99))
    return 0


def _filming(seconds: float) -> int:
    """Median frame and 99th percentile of GUI delay in ms while a film is made."""
    import tempfile

    from PySide6.QtCore import QTimer

    from lazygui.app.film_job import FilmJob
    from lazygui.app.program import Program
    from lazygui.scenarios.catalogue import entry
    from lazygui.scenarios.files import dumps
    from tests.benchmarks.probes import DelayProbe, FrameProbe

    program = Program(["benchmark"])
    program.window.resize(1440, 900)
    frames, delays = FrameProbe(_frames(program.window)), DelayProbe()
    job = FilmJob(program.window)
    folder = tempfile.TemporaryDirectory()
    steps: list[int] = []

    def begin(version: str) -> None:
        filmed = entry(FILMED).scenario
        program.session.set_scenario(filmed.replace(steps=100 * filmed.steps))
        job.start(dumps(filmed), FILM_OPTIONS, Path(folder.name) / "film.mp4")
        QTimer.singleShot(3000, measure)

    def measure() -> None:
        frames.start()
        delays.start()
        note()
        QTimer.singleShot(int(1000 * seconds), end)

    def note() -> None:
        history = program.session.history
        assert history is not None
        steps.append(history.last_step)

    def end() -> None:
        note()
        assert steps[1] > steps[0], "the demo stands still"
        assert job.is_running, "the film was finished before the measurement"
        job.close()
        program.window.close()

    program.torch.loaded.connect(begin)
    program.run(FILMED)
    folder.cleanup()
    print(frames.median_ms(), delays.percentile_ms(99))
    return 0


def _loading() -> int:
    """The longest GUI delay in ms while numba and torch load, and for a second after."""
    from PySide6.QtCore import QTimer

    from lazygui.app.program import Program
    from tests.benchmarks.probes import DelayProbe

    program = Program(["benchmark"])
    program.window.resize(1440, 900)
    delays = DelayProbe()
    program._torch_timer.timeout.connect(delays.start)
    program.torch.loaded.connect(lambda _: QTimer.singleShot(1000, program.window.close))
    program.run(None)
    print(delays.percentile_ms(100))
    return 0


if __name__ == "__main__":
    sys.exit(main())
