"""A film is decoded, and each frame compared with the step it has to show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage

from lazygui.export.provenance import read_provenance
from lazygui.recording.composer import Composer
from lazygui.recording.making import texts_of
from lazygui.recording.player import Player
from lazygui.recording.script import Look
from lazygui.recording.timeline import shots_of_run
from lazygui.scenarios.catalogue import entry
from lazygui.scenarios.files import loads
from lazygui.simulation.build import build_simulation
from lazygui.simulation.history import History
from tests.recording.films import DEMO, SMALL, colours, decoded, filmed, scenario, silent

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def ranges() -> dict[str, dict[str, tuple[float, float]]]:
    """The ranges that the film of the small run keeps."""
    film, item = SMALL, entry(DEMO)
    player = Player(film, texts_of(film, item, scenario()), [scenario()], [-1], item.views, silent)
    player.rehearse(shots_of_run(film, scenario().steps))
    assert player._composer is not None
    found = player._composer.ranges
    player.close()
    return found


@pytest.fixture
def drawn(ranges) -> Iterator[object]:
    """Draws a step in one go: a run of its own, driven there by a single call."""
    made: list[Composer] = []

    def draw(step: int) -> np.ndarray:
        simulation = build_simulation(scenario())
        history = History(simulation.scenario, simulation.columns, dict(simulation.facts))
        history.append(simulation.advance(step))
        history.record_facts(simulation.diagnose())
        composer = Composer(SMALL, texts_of(SMALL, entry(DEMO), scenario()))
        made.append(composer)
        composer.ranges = ranges
        composer.begin(history, None, [Look(name) for name in entry(DEMO).views])
        composer.refresh()
        return colours(composer.image())

    yield draw
    for composer in made:
        composer.close()
        composer.deleteLater()


def difference(first: np.ndarray, second: np.ndarray) -> float:
    return float(np.abs(first - second).mean())


def test_frame_k_of_the_decoded_film_is_step_k_times_n(tmp_path: Path, drawn):
    made = filmed(tmp_path / "film.mp4")
    frames = decoded(tmp_path / "film.mp4")
    assert made.frames == len(frames) == 12
    for k in (0, 1, 4, 11):
        step = k * SMALL.steps_per_frame
        assert difference(frames[k], drawn(step)) < 1.5
        for other in {max(step - 1, 0), step + 1, step + 3} - {step}:
            assert abs(share_of(frames[k], drawn(step), drawn(other))) < 0.25, (k, other)
        assert share_of(frames[k], drawn(step + 1), drawn(step)) > 0.75


def share_of(frame: np.ndarray, step: np.ndarray, other: np.ndarray) -> float:
    """How much of the way from one step's picture to another's a frame has gone.

    The least-squares coefficient c of frame ≈ step + c·(other − step): losses of the encoder are
    spread over the picture and hardly touch it.
    """
    way = other - step
    return float(((frame - step) * way).sum() / (way * way).sum())


def test_pictures_are_exactly_those_of_the_steps(tmp_path: Path, drawn):
    filmed(tmp_path / "frames")
    for k in (0, 5, 11):
        picture = QImage(str(tmp_path / "frames" / f"frame-{k:04d}.png"))
        assert np.array_equal(colours(picture), drawn(3 * k))


def test_the_ticker_tells_the_step(tmp_path: Path, drawn):
    strip = slice(310, None)
    first, second = drawn(3), drawn(4)
    assert difference(first[strip], second[strip]) > 0.0
    filmed(tmp_path / "with")
    filmed(tmp_path / "without", ticker=False)
    shown, hidden = (
        colours(QImage(str(tmp_path / name / "frame-0003.png"))) for name in ("with", "without")
    )
    assert not np.array_equal(shown[strip], hidden[strip])


@pytest.mark.parametrize("name", ["a.mp4", "a.webm", "a.gif", "a.webp", "a.pdf", "frames"])
def test_the_same_film_twice_has_the_same_bytes_and_leads_to_its_run(tmp_path: Path, name: str):
    contents = []
    for turn in ("first", "second"):
        (tmp_path / turn).mkdir()
        made = filmed(tmp_path / turn / name, seconds=0.6)
        files = sorted(p for p in (tmp_path / turn).rglob("*") if p.is_file())
        contents.append({file.name: file.read_bytes() for file in files})
        assert all(file.exists() for file in made.files)
    assert contents[0] == contents[1]
    file = tmp_path / "first" / name
    record = read_provenance(file / "frame-0002.png" if file.is_dir() else file)
    assert loads(record.scenario) == scenario()


def test_a_title_card_fades_into_the_first_step(tmp_path: Path):
    filmed(tmp_path / "frames", title_card=True, seconds=4.0)
    filmed(tmp_path / "plain", seconds=3.0)
    plain = colours(QImage(str(tmp_path / "plain" / "frame-0000.png")))
    film = replace(SMALL, title_card=True, seconds=4.0)
    read = [colours(QImage(str(f))) for f in sorted((tmp_path / "frames").iterdir())]
    title, fade = film.title_frames, film.fade_frames
    assert (title, fade) == (10, 4)
    assert np.array_equal(read[0], read[title - fade - 1])
    assert np.array_equal(read[title], plain)
    distances = [difference(frame, read[title]) for frame in read[title - fade - 1 : title + 1]]
    assert distances == sorted(distances, reverse=True)
    assert distances[-1] == 0.0 < distances[-2]


def test_a_film_is_the_same_at_twice_the_size(tmp_path: Path):
    filmed(tmp_path / "small", seconds=0.2)
    filmed(tmp_path / "large", seconds=0.2, width=1280, height=720)
    small, large = (
        colours(QImage(str(tmp_path / name / "frame-0001.png"))) for name in ("small", "large")
    )
    shrunk = large.reshape(360, 2, 640, 2, 3).mean(axis=(1, 3))
    # The same layout: what differs is how letters and lines meet the grid of pixels.
    assert difference(small, shrunk) < 2.5
    # Lines grow with the rest: blue ink, which only the curves have, covers the same share.
    blue = [(f[..., 2] - f[..., 0]).clip(0.0).mean() for f in (small, shrunk)]
    assert blue[1] == pytest.approx(blue[0], rel=0.05)


def test_a_run_that_ends_early_fills_the_film(tmp_path: Path):
    run = scenario().replace(learning_rate=0.5, steps=100_000)
    from lazygui.recording.making import film_run

    film = replace(SMALL, steps_per_frame=0, seconds=1.0)
    made = film_run(run, entry(DEMO), film, tmp_path / "frames", silent)
    assert 0 < made.last_step < 2000
    files = sorted((tmp_path / "frames").iterdir())
    pictures = {file.read_bytes() for file in files}
    assert len(pictures) > 0.7 * len(files)
