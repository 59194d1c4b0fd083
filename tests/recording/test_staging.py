"""What films that were killed have left is removed by the next one, and nothing else."""

from __future__ import annotations

import os
import time

import psutil
import pytest

from lazygui.recording.staging import ABANDONED_S, StagedFile, StagedFolder, prefix_of

DEAD = 999_999_937


@pytest.fixture
def leave(tmp_path):
    def left(process, age, folder=False):
        path = tmp_path / f"{prefix_of(process)}abc"
        if folder:
            path.mkdir()
            (path / "0001.png").write_bytes(b"half")
        else:
            path.write_bytes(b"half")
        then = time.time() - age
        os.utime(path, (then, then))
        return path

    return left


@pytest.mark.parametrize("folder", [False, True])
def test_what_a_killed_film_left_goes(tmp_path, leave, folder):
    assert not psutil.pid_exists(DEAD)
    left = leave(DEAD, 2 * ABANDONED_S, folder)
    staged = StagedFile(tmp_path / "film.mp4")
    assert not left.exists()
    staged.discard()
    assert list(tmp_path.iterdir()) == []


def test_so_it_does_when_a_folder_is_written(tmp_path, leave):
    left = leave(DEAD, 2 * ABANDONED_S)
    StagedFolder(tmp_path / "film").discard()
    assert not left.exists()


def test_what_may_still_be_written_stays(tmp_path, leave):
    fresh = leave(DEAD, 0.5 * ABANDONED_S)
    alive = leave(os.getpid(), 2 * ABANDONED_S)
    StagedFile(tmp_path / "film.mp4").discard()
    assert fresh.exists()
    assert alive.exists()


def test_other_files_of_the_folder_stay(tmp_path):
    names = [".lazygui-x-1", "lazygui-999999937-abc", ".lazygui-1234567890123-a", "thesis.tex"]
    for name in names:
        path = tmp_path / name
        path.write_text("mine")
        os.utime(path, (0, 0))
    StagedFile(tmp_path / "film.mp4").discard()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)
