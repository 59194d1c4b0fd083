"""Whatever goes wrong: one sentence, the old file, and nothing half-written."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lazygui.export.atomic import ExportError
from lazygui.recording.formats import FilmError
from lazygui.recording.video import Video
from tests.recording.films import filmed, leftovers

pytestmark = pytest.mark.usefixtures("qapp")

FORMATS = ["a.mp4", "a.gif", "a.webp", "a.pdf", "frames"]


@pytest.mark.parametrize("name", FORMATS)
def test_a_cancelled_film_leaves_the_old_file_alone(tmp_path: Path, name: str):
    old = tmp_path / name
    if old.suffix:
        old.write_bytes(b"the old film")

    def cancel(phase: str, done: int, total: int) -> None:
        if phase == "drawing" and done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        filmed(old, cancel)
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == (
        [name] if old.suffix else []
    )
    if old.suffix:
        assert old.read_bytes() == b"the old film"
    assert leftovers(tmp_path) == []


def test_an_encoder_that_dies_is_told_and_leaves_nothing(tmp_path: Path, monkeypatch):
    (tmp_path / "a.mp4").write_bytes(b"the old film")
    calls = []

    def die(self: Video, picture: Any) -> None:
        calls.append(picture)
        if len(calls) == 3:
            raise RuntimeError("out of registers")

    monkeypatch.setattr(Video, "write", die)
    with pytest.raises(ExportError, match="out of registers"):
        filmed(tmp_path / "a.mp4")
    assert (tmp_path / "a.mp4").read_bytes() == b"the old film"
    assert leftovers(tmp_path) == []


def test_without_pyav_a_sentence_says_what_to_install(tmp_path: Path, monkeypatch):
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(ExportError, match="pip install av"):
        filmed(tmp_path / "a.mp4")
    filmed(tmp_path / "a.pdf", seconds=0.2)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.pdf", "a.tex"]


def test_without_the_codec_a_sentence_names_the_format(tmp_path: Path, monkeypatch):
    from dataclasses import replace

    from lazygui.recording import formats

    lacking = replace(formats.FORMATS["mp4"], codec="libnothing")
    monkeypatch.setitem(formats.FORMATS, "mp4", lacking)
    with pytest.raises(ExportError, match="no encoder for mp4"):
        filmed(tmp_path / "a.mp4")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", [".mp4", ".gif", ".pdf", ""])
@pytest.mark.parametrize("name", ["nowhere/a", "a\0b", "x" * 300])
def test_names_that_cannot_be_written(tmp_path: Path, name: str, suffix: str):
    if name == "nowhere/a" and not suffix:
        name = "file/a"
        (tmp_path / "file").write_bytes(b"")
    before = list(tmp_path.iterdir())
    with pytest.raises(ExportError, match="Choose another folder or name"):
        filmed(tmp_path / (name + suffix), seconds=0.2)
    assert list(tmp_path.iterdir()) == before


def test_a_folder_in_the_place_of_a_film_is_refused(tmp_path: Path):
    (tmp_path / "a.mp4").mkdir()
    with pytest.raises(ExportError, match="it is a folder"):
        filmed(tmp_path / "a.mp4")
    assert leftovers(tmp_path) == []


def test_accents_and_spaces_are_fine(tmp_path: Path):
    filmed(tmp_path / "café à 90 %.mp4", seconds=0.2)
    assert (tmp_path / "café à 90 %.mp4").stat().st_size > 1000


def test_pictures_never_mix_with_others(tmp_path: Path):
    (tmp_path / "frames").mkdir()
    (tmp_path / "frames" / "notes.txt").write_text("mine")
    with pytest.raises(ExportError, match="holds files already"):
        filmed(tmp_path / "frames")
    filmed(tmp_path / "frames" / "shot-%03d.png", seconds=0.2)
    with pytest.raises(ExportError, match="pictures of that name"):
        filmed(tmp_path / "frames" / "shot-%03d.png")
    names = sorted(file.name for file in (tmp_path / "frames").iterdir())
    assert names == ["notes.txt", "shot-000.png", "shot-001.png"]


def test_a_view_that_the_run_has_not_is_named(tmp_path: Path):
    with pytest.raises(FilmError, match="no view 'kernel'"):
        filmed(tmp_path / "a.mp4", views=("kernel",))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a.mp4", "a.gif", "a.pdf"])
def test_a_disk_that_takes_no_more(tmp_path: Path, name: str):
    resource = pytest.importorskip("resource")

    def only_a_little() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    (tmp_path / name).write_bytes(b"the old film")
    done = subprocess.run(
        [sys.executable, "-m", "lazygui", "record", "conditioning", "-o", str(tmp_path / name),
         "--seconds", "1", "--size", "640x360"],
        capture_output=True, text=True, timeout=120, check=False, preexec_fn=only_a_little,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("lazygui: Cannot write")
    assert done.stderr.count("\n") == 1
    assert (tmp_path / name).read_bytes() == b"the old film"
    assert leftovers(tmp_path) == []
