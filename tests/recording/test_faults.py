"""Whatever goes wrong: one sentence, the old file, and nothing half-written."""

from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from lazygui.export.atomic import ExportError
from lazygui.recording.film import Film
from lazygui.recording.formats import FilmError
from lazygui.recording.video import Video
from tests.recording.films import filmed, leftovers

pytestmark = pytest.mark.usefixtures("qapp")

FORMATS = ["a.mp4", "a.webm", "a.gif", "a.webp", "a.pdf", "frames"]


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
    else:
        assert not old.exists()
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


def test_an_encoder_that_dies_at_the_end_is_told_and_leaves_nothing(tmp_path: Path, monkeypatch):
    (tmp_path / "a.mp4").write_bytes(b"the old film")
    library = Video._open

    def brittle(self: Video, film: Film) -> None:
        library(self, film)
        self._stream = Brittle(self._stream)

    monkeypatch.setattr(Video, "_open", brittle)
    with pytest.raises(ExportError, match="the encoder is gone"):
        filmed(tmp_path / "a.mp4")
    assert (tmp_path / "a.mp4").read_bytes() == b"the old film"
    assert leftovers(tmp_path) == []


class Brittle:
    """A stream that takes every picture and fails when it is asked for the rest."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def encode(self, frame: Any = None) -> Any:
        if frame is None:
            raise EOFError("the encoder is gone")
        return self._stream.encode(frame)


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
def test_a_killed_program_leaves_the_old_film(tmp_path: Path):
    (tmp_path / "a.mp4").write_bytes(b"the old film")
    words = ["record", "quadratic", "-o", str(tmp_path / "a.mp4"), "--seconds", "100", "--progress"]
    process = subprocess.Popen(
        [sys.executable, "-m", "lazygui", *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith(b"drawing 3 "):
            process.kill()
    process.communicate(timeout=20)
    assert process.returncode == -9
    assert (tmp_path / "a.mp4").read_bytes() == b"the old film"
    assert len(leftovers(tmp_path)) == 1  # hidden, and the window removes even this


@pytest.mark.parametrize("name", ["a.gif", "a.webp", "frames", "a.pdf"])
def test_odd_sizes_are_drawn_where_the_format_takes_them(tmp_path: Path, name: str):
    filmed(tmp_path / name, seconds=0.2, width=321, height=181)
    if name == "a.pdf":
        box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", (tmp_path / name).read_bytes())
        assert float(box[1]) / float(box[2]) == pytest.approx(321 / 181, rel=5e-3)
    else:
        file = tmp_path / name / "frame-0000.png" if name == "frames" else tmp_path / name
        with Image.open(file) as picture:
            assert picture.size == (321, 181)
            picture.load()


@pytest.mark.parametrize("name", ["a.mp4", "a.webm"])
def test_odd_sizes_are_refused_where_the_codec_halves_them(tmp_path: Path, name: str):
    with pytest.raises(FilmError, match="choose 322x182"):
        filmed(tmp_path / name, width=321, height=181)
    assert list(tmp_path.iterdir()) == []


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


@pytest.mark.parametrize("suffix", [".mp4", ".webm", ".gif", ".webp", ".pdf", ""])
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


@pytest.mark.parametrize("name", FORMATS)
def test_a_full_disk_is_told_when_the_film_gets_its_name(tmp_path: Path, name: str, monkeypatch):
    if Path(name).suffix:
        (tmp_path / name).write_bytes(b"the old film")

    def full(*words: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    monkeypatch.setattr(os, "mkdir", os.mkdir if Path(name).suffix else _only_temporary(os.mkdir))
    with pytest.raises(ExportError, match=r"Cannot write .*: No space left on device"):
        filmed(tmp_path / name, seconds=0.3)
    left = [file for file in tmp_path.iterdir() if file.suffix != ".tex"]
    assert [file.read_bytes() for file in left] == [b"the old film"] * len(left)
    assert leftovers(tmp_path) == []


def _only_temporary(make: Any) -> Any:
    def mkdir(path: Any, *words: Any, **options: Any) -> None:
        if Path(path).name == "frames":
            raise OSError(errno.ENOSPC, "No space left on device")
        make(path, *words, **options)

    return mkdir


def test_a_full_disk_is_told_in_the_midst_of_the_pictures(tmp_path: Path, monkeypatch):
    write = Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        if path.name == "frame-0002.png":
            write(path, data[:100])
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(ExportError, match="No space left on device"):
        filmed(tmp_path / "frames")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a.mp4", "a.webm", "a.gif", "a.webp", "a.pdf"])
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
