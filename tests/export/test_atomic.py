"""Files are written whole or not at all, and the old one survives whatever happens."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from lazygui.export import atomic
from lazygui.export.atomic import ExportError, make_folder, write_bytes

OLD, NEW = b"the old content", b"the new content, which is longer"


def full_disk(*arguments: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "results" / "history.csv"
    path.parent.mkdir()
    path.write_bytes(OLD)
    return path


def assert_untouched(file: Path) -> None:
    assert file.read_bytes() == OLD
    assert os.listdir(file.parent) == [file.name]


def test_a_file_is_replaced_whole_and_nothing_else_is_left(file: Path):
    write_bytes(file, NEW)
    assert file.read_bytes() == NEW
    assert os.listdir(file.parent) == [file.name]


def test_a_new_file_is_created(tmp_path: Path):
    write_bytes(tmp_path / "new.csv", b"")
    assert os.listdir(tmp_path) == ["new.csv"]


def test_a_reader_of_the_old_file_keeps_it(file: Path):
    with file.open("rb") as reader:
        write_bytes(file, NEW)
        assert reader.read() == OLD


@pytest.mark.parametrize("call", ["fsync", "chmod", "replace"])
def test_the_old_file_survives_a_full_disk(file: Path, call: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, call, full_disk)
    with pytest.raises(ExportError) as caught:
        write_bytes(file, NEW)
    assert str(caught.value) == (
        f"Cannot write {file} ({len(NEW)} bytes): No space left on device. "
        "Choose another folder or name."
    )
    assert_untouched(file)


class FailingFile:
    """A file on a disk that takes `room` bytes and then refuses, or silently drops the rest."""

    def __init__(self, descriptor: int, room: int, silent: bool) -> None:
        self._descriptor, self._room, self._silent = descriptor, room, silent

    def __enter__(self) -> FailingFile:
        return self

    def __exit__(self, *exception: object) -> None:
        os.close(self._descriptor)

    def write(self, content: bytes) -> None:
        os.write(self._descriptor, content[: self._room])
        if not self._silent:
            full_disk()

    def flush(self) -> None:
        pass

    def fileno(self) -> int:
        return self._descriptor


@pytest.mark.parametrize(("silent", "reason"), [(False, "No space"), (True, "only part of it")])
def test_the_old_file_survives_half_a_write(
    file: Path, silent: bool, reason: str, monkeypatch: pytest.MonkeyPatch
):
    def open_failing(descriptor: int, mode: str) -> FailingFile:
        return FailingFile(descriptor, 7, silent)

    monkeypatch.setattr(os, "fdopen", open_failing)
    with pytest.raises(ExportError, match=reason):
        write_bytes(file, NEW)
    assert_untouched(file)


def test_an_interruption_leaves_no_stray_file(file: Path, monkeypatch: pytest.MonkeyPatch):
    def interrupt(descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_bytes(file, NEW)
    assert_untouched(file)


def test_a_symbolic_link_is_followed(file: Path):
    link = file.parent.parent / "link.csv"
    link.symlink_to(file)
    write_bytes(link, NEW)
    assert link.is_symlink()
    assert file.read_bytes() == NEW
    assert sorted(os.listdir(link.parent)) == ["link.csv", "results"]


def test_permissions_are_kept_and_new_files_follow_the_umask(file: Path):
    file.chmod(0o640)
    write_bytes(file, NEW)
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    before = os.umask(0o027)
    try:
        write_bytes(file.with_name("new.csv"), NEW)
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.with_name("new.csv").stat().st_mode) == 0o640


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("x" * 300, "File name too long"),
        ("missing/history.csv", "No such file or directory"),
        ("nul\0name.csv", "embedded null byte"),
        (".", "it is a folder or a device"),
        ("results/history.csv/inside.csv", "Not a directory"),
    ],
)
def test_an_impossible_name_gives_a_sentence(file: Path, name: str, reason: str):
    folder = file.parent.parent
    with pytest.raises(ExportError) as caught:
        write_bytes(folder / name, NEW)
    sentence = str(caught.value)
    assert sentence.startswith("Cannot write ")
    assert reason in sentence
    assert sentence.endswith("Choose another folder or name.")
    assert_untouched(file)
    assert os.listdir(folder) == ["results"]


def test_a_folder_without_permission_gives_a_sentence(file: Path, monkeypatch: pytest.MonkeyPatch):
    """The superuser may write anywhere, so the system's refusal is played back for him."""
    file.parent.chmod(0o500)
    if os.access(file.parent, os.W_OK):

        def refuse(*arguments: object, **options: object) -> None:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

        monkeypatch.setattr(atomic.tempfile, "mkstemp", refuse)
        monkeypatch.setattr(atomic.tempfile, "TemporaryFile", refuse)
    try:
        with pytest.raises(ExportError, match="Permission denied"):
            write_bytes(file, NEW)
        with pytest.raises(ExportError, match=r"Permission denied\. Choose another\."):
            make_folder(file.parent)
        assert_untouched(file)
    finally:
        file.parent.chmod(0o700)


def test_a_device_that_is_full_is_not_replaced(tmp_path: Path):
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full on this system")
    link = tmp_path / "full.csv"
    link.symlink_to("/dev/full")
    with pytest.raises(ExportError, match=r"full\.csv .*it is a folder or a device"):
        write_bytes(link, NEW)
    assert stat.S_ISCHR(os.stat("/dev/full").st_mode)


def test_folders_are_made_with_their_parents(tmp_path: Path):
    make_folder(tmp_path / "a" / "b")
    make_folder(tmp_path / "a" / "b")
    assert os.listdir(tmp_path / "a" / "b") == []


@pytest.mark.parametrize(
    "name", ["results/history.csv", "results/history.csv/x", "n\0l", "x" * 300]
)
def test_a_folder_that_cannot_be_made_gives_a_sentence(file: Path, name: str):
    with pytest.raises(ExportError, match=r"Cannot write into the folder .*Choose another\."):
        make_folder(file.parent.parent / name)
    assert_untouched(file)
