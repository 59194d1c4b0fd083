"""What a film may be, and which step each frame shows."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lazygui.recording.film import Film, estimated
from lazygui.recording.formats import FORMATS, FilmError, format_of
from lazygui.recording.player import settled, view_named
from lazygui.recording.timeline import shots_of_run, stops

MP4, GIF, PDF = FORMATS["mp4"], FORMATS["gif"], FORMATS["pdf"]


@pytest.mark.parametrize(
    ("film", "kind", "said"),
    [
        (Film(width=1281), MP4, "choose 1282x720"),
        (Film(width=1279, height=719), FORMATS["webm"], "choose 1280x720"),
        (Film(width=10), MP4, "too small"),
        (Film(width=90_000), MP4, "too large"),
        (Film(fps=0), MP4, "frames per second"),
        (Film(fps=60), GIF, "choose 1 to 50"),
        (Film(seconds=-1.0), MP4, "-1 s"),
        (Film(seconds=float("nan")), MP4, "nan s"),
        (Film(seconds=20_000.0, fps=50), MP4, "1,000,000 frames"),
        (Film(theme="pink"), MP4, "theme 'pink'"),
        (Film(pace="fast"), MP4, "pace 'fast'"),
    ],
)
def test_a_film_that_cannot_be_made_is_refused_in_one_sentence(film, kind, said):
    with pytest.raises(FilmError, match=said) as caught:
        film.check(kind)
    assert "\n" not in str(caught.value)


def test_a_million_frames_are_refused_with_time_and_size():
    with pytest.raises(FilmError, match=r"about [\d.]+ h and [\d.]+ GB"):
        Film(seconds=20_000.0, fps=50).check(MP4)


def test_odd_sizes_are_fine_where_the_format_takes_them():
    assert Film(width=641, height=361).check(FORMATS["png"]).width == 641
    assert Film(width=641, height=361, fps=25).check(GIF).height == 361


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.mp4", "mp4"), ("a.WEBM", "webm"), ("a.gif", "gif"), ("a.webp", "webp"), ("a.pdf", "pdf"),
     ("folder", "png"), ("frame-%04d.png", "png"), ("f%d.png", "png")],
)  # fmt: skip
def test_the_ending_chooses(name, kind):
    assert format_of(Path(name)).name == kind


@pytest.mark.parametrize("name", ["a.avi", "a.png", "a-%s-%d.png", "a%.png"])
def test_other_endings_are_refused(name):
    with pytest.raises(FilmError, match=r"mp4"):
        format_of(Path(name))


@given(st.integers(1, 400), st.integers(0, 300), st.integers(0, 100_000))
def test_frame_k_shows_step_k_times_n(n, frame, steps):
    assert Film(steps_per_frame=n).step_of(frame, steps) == min(frame * n, steps)


@given(st.integers(1, 200_000), st.integers(2, 60), st.floats(0.5, 30.0), st.booleans())
def test_a_whole_run_fills_the_film_and_never_goes_back(steps, fps, seconds, log):
    film = Film(fps=fps, seconds=seconds, pace="log" if log else "steps")
    shots = shots_of_run(film, steps)
    shown = [shot.step for shot in shots]
    assert len(shots) == film.frames
    assert shown == sorted(shown)
    if len(shots) - film.title_frames > 1:
        assert (shown[0], shown[-1]) == (0, steps)
    cards = [shot.card for shot in shots]
    assert cards == sorted(cards, reverse=True)
    assert all(shot.step == 0 for shot in shots if shot.card)


def test_a_short_run_shows_each_step_equally_long():
    film = Film(fps=30, seconds=10.0, title_card=False)
    assert film.pace_for(27) == Fraction(27, 269)
    shown = [shot.step for shot in shots_of_run(film, 27)]
    lengths = [shown.count(step) for step in range(1, 27)]
    assert max(lengths) - min(lengths) <= 1
    assert stops(shots_of_run(film, 27), 0) == list(range(28))


def test_the_layout_is_the_same_from_720p_to_4k():
    sizes = [(1280, 720), (1920, 1080), (2560, 1440), (3840, 2160)]
    assert {Film(width=w, height=h).logical_size for w, h in sizes} == {(1280, 720)}
    assert {Film(width=w, height=h, views=("x",)).logical_size for w, h in sizes} == {(800, 450)}
    assert Film(width=1080, height=1080).logical_size == (1280, 1280)


def test_pages_have_no_title_card():
    assert Film().with_format(PDF).title_frames == 0
    assert Film().with_format(MP4).title_frames == 60


def test_the_estimate_grows_with_the_frames():
    short, long = (estimated(Film(seconds=s), MP4) for s in (10.0, 100.0))
    assert (short.frames, long.frames) == (300, 3000)
    assert long.bytes == 10 * short.bytes
    assert long.seconds > 5 * short.seconds


def test_a_view_is_found_by_a_part_of_its_name():
    known = ["outputs", "training_loss", "output_gap"]
    assert view_named("loss", known) == "training_loss"
    assert view_named("output-gap", known) == "output_gap"
    with pytest.raises(FilmError, match=r"did you mean 'outputs'\? It has outputs, training_loss"):
        view_named("ouputs", known)


def test_ranges_hold_all_data_but_where_a_view_zooms_in():
    grows = [{"x": (0.0, 1.0), "y": (0.0, 1.0)}, {"x": (0.0, 9.0), "y": (-2.0, 1.0)}]
    zooms = [{"x": (0.0, 9.0), "y": (0.0, 9.0)}, {"x": (0.0, 9.0), "y": (0.0, 1.0)}]
    late = [{}, {"x": (0.0, 9.0), "y": (-9.0, 1.0)}]
    found = [dict(zip("abc", pair, strict=True)) for pair in zip(grows, zooms, late, strict=True)]
    assert settled(found) == {
        "a": {"x": (0.0, 9.0), "y": (-2.0, 1.0)},
        "c": {"x": (0.0, 9.0), "y": (-9.0, 1.0)},
    }
