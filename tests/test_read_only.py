"""A folder that may not be written to gets a sentence, and nothing is left in it."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

DEMO = "quadratic"
WORDS = {
    "gap.pdf": ["export", DEMO, "--view", "gap", "-o"],
    "seen.png": ["export", DEMO, "--view", "gap", "--as-seen", "-o"],
    "run.csv": ["export", DEMO, "--data"],
    "film.gif": ["record", DEMO, "--fps", "5", "--seconds", "1", "-o"],
    "film.pdf": ["record", DEMO, "--fps", "5", "--seconds", "1", "-o"],
    "frames": ["record", DEMO, "--fps", "5", "--seconds", "1", "-o"],
    "results": ["run", DEMO, "--steps", "10", "--out"],
}
# The superuser writes wherever he likes by a capability of its own: the program starts without it.
WITHOUT = """
import ctypes, os, sys
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 24, 1
if os.getuid() == 0 and ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0):
    sys.exit("the capability stays")
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Path]:
    """A folder that may be looked into, with a file in it."""
    folder = tmp_path / "locked"
    folder.mkdir()
    (folder / "old.csv").write_text("the old numbers")
    folder.chmod(0o555)
    yield folder
    folder.chmod(0o755)


def without_privileges(*words: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.run(
        [sys.executable, "-c", WITHOUT, *map(str, words)],
        capture_output=True, text=True, timeout=60, check=False, env=environment,
    )  # fmt: skip


# Elsewhere the permissions of a folder mean something else.
if sys.platform.startswith("linux"):

    @pytest.mark.parametrize("name", WORDS)
    def test_what_cannot_be_written_is_said_and_nothing_is_left(locked: Path, name: str):
        done = without_privileges("-m", "lazygui", *WORDS[name], locked / name, "--quiet")
        assert done.returncode in (1, 2)
        (sentence,) = [line for line in done.stderr.splitlines() if line.startswith("lazygui: ")]
        assert f"{locked / name}" in sentence
        assert "Permission denied" in sentence
        assert "Choose another" in sentence
        assert "Traceback" not in done.stderr
        assert os.listdir(locked) == ["old.csv"]
        assert (locked / "old.csv").read_text() == "the old numbers"

    def test_the_same_command_writes_where_it_may(locked: Path):
        """Else the test above would prove nothing."""
        locked.chmod(stat.S_IRWXU)
        path = locked / "run.csv"
        done = without_privileges("-m", "lazygui", *WORDS["run.csv"], path, "--quiet")
        assert done.returncode == 0, done.stderr
        assert path.stat().st_size > 1000
