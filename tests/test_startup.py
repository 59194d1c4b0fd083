"""What must hold before a window opens; nothing here may abort the process."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import metadata

import pytest

from lazygui import startup

REFERENCES = """
import sys
from PySide6.QtCore import QObject, QRectF, Signal

class Sender(QObject):
    sent = Signal()

sender, rectangle = Sender(), QRectF()
before = sys.getrefcount(None), sys.getrefcount(True)
for _ in range(200):
    rectangle.setLeft(0.0)
for _ in range(100_000):
    sender.sent.emit()
after = sys.getrefcount(None), sys.getrefcount(True)
print(after[0] - before[0], after[1] - before[1])
"""


def run(code: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_qt_keeps_the_references_to_none_and_true():
    """PySide6 6.12.0 on Python 3.11 loses one per call, and aborts."""
    done = run(REFERENCES)
    assert done.returncode == 0, done.stderr
    none, true = map(int, done.stdout.split())
    assert none > -20
    assert true > -20


@pytest.mark.parametrize("python", [(3, 10, 13), (3, 11, 7), (3, 11)])
@pytest.mark.parametrize("pyside", ["6.12.0", "6.12.1"])
def test_a_known_bad_pair_is_refused_with_both_versions_and_the_fix(python, pyside):
    sentence = startup.check_pair(python, pyside)
    assert sentence is not None
    assert pyside in sentence
    assert f"Python {python[0]}.{python[1]} " in sentence
    assert "pip install 'PySide6-Essentials<6.11'" in sentence
    assert "Python 3.12" in sentence


@pytest.mark.parametrize(
    ("python", "pyside"),
    [
        ((3, 11, 7), "6.8.3"),
        ((3, 11, 7), "6.10.3"),
        ((3, 11, 7), "6.11.3"),
        ((3, 12, 1), "6.12.0"),
        ((3, 13, 0), "6.12.0"),
        ((4, 0, 0), "6.12.0"),
    ],
)
def test_a_sound_pair_passes(python, pyside):
    assert startup.check_pair(python, pyside) is None


def test_the_running_pair_is_sound():
    assert startup.pyside_version() == metadata.version("shiboken6")
    startup.refuse_known_bad_pair()


def test_the_version_is_read_off_the_folder_that_pip_wrote(tmp_path, monkeypatch):
    (tmp_path / "PySide6").mkdir()
    (tmp_path / "PySide6" / "__init__.py").touch()
    (tmp_path / "PySide6_Essentials-6.12.0.dist-info").mkdir()
    (tmp_path / "PySide6_Essentials-6.9.0.txt").touch()
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    for name in [name for name in sys.modules if name.partition(".")[0] == "PySide6"]:
        monkeypatch.delitem(sys.modules, name)
    assert startup.pyside_version() == "6.12.0"


def test_the_guard_refuses_the_running_pair_if_it_is_bad(monkeypatch):
    monkeypatch.setattr(startup, "pyside_version", lambda: "6.12.0")
    monkeypatch.setattr(sys, "version_info", (3, 11, 7, "final", 0))
    with pytest.raises(startup.StartupError, match=r"6\.12\.0 crashes on Python 3\.11"):
        startup.refuse_known_bad_pair()


def test_a_missing_pyside_is_said_in_a_sentence(monkeypatch):
    def absent(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", absent)
    monkeypatch.setattr(startup, "_version_beside", lambda package, prefix: "")
    with pytest.raises(startup.StartupError, match="PySide6 is not installed"):
        startup.pyside_version()


def test_missing_libraries_are_found_by_loading_them():
    there = startup.Library("libc.so.6" if sys.platform == "linux" else sys.executable, "libc6")
    absent = startup.Library("libno-such-thing.so.7", "libno-such-thing7")

    def load(soname: str) -> None:
        if soname == absent.soname:
            raise OSError(soname)

    assert startup.missing_libraries([there, absent], load) == [absent]
    if sys.platform == "linux":
        assert startup.missing_libraries([there, absent]) == [absent]


def test_the_sentence_names_each_missing_library_and_the_line_to_type():
    sentence = startup.library_problem(startup.QT_LIBRARIES[:2])
    assert sentence is not None
    assert "libEGL.so.1, libGL.so.1" in sentence
    assert "sudo apt-get install -y --no-install-recommends libegl1 libgl1\n" in sentence
    assert startup.library_problem([]) is None


@pytest.mark.parametrize(
    ("environ", "platform", "x11"),
    [
        ({"DISPLAY": ":0"}, "linux", True),
        ({"QT_QPA_PLATFORM": "xcb", "WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", False),
        ({"QT_QPA_PLATFORM": "offscreen", "DISPLAY": ":0"}, "linux", False),
    ],
)
def test_x11_libraries_are_asked_for_only_where_x11_is_used(environ, platform, x11):
    needed = startup.needed_libraries(environ, platform)
    assert set(startup.QT_LIBRARIES) <= set(needed)
    assert (set(startup.X11_LIBRARIES) <= set(needed)) is x11


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_other_systems_need_no_libraries_and_no_display(platform):
    assert startup.needed_libraries({}, platform) == ()
    assert startup.display_problem({}, platform) is None
    assert startup.unreachable_display({"DISPLAY": ":4242"}, platform) is None


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"DISPLAY": ""},
        {"QT_QPA_PLATFORM": "xcb"},
        {"QT_QPA_PLATFORM": "wayland-egl;xcb", "DISPLAY": ":0"},
    ],
)
def test_without_a_display_the_user_learns_what_to_do_instead(environ):
    sentence = startup.display_problem(environ, "linux")
    assert sentence is not None
    for way in ("lazygui run", "xvfb-run", "ssh -X", "QT_QPA_PLATFORM=offscreen"):
        assert way in sentence


@pytest.mark.parametrize(
    "environ",
    [
        {"DISPLAY": ":0"},
        {"WAYLAND_DISPLAY": "wayland-0"},
        {"QT_QPA_PLATFORM": "offscreen"},
        {"QT_QPA_PLATFORM": "minimal:opt=1"},
    ],
)
def test_with_a_display_or_a_platform_without_one_nothing_is_said(environ):
    assert startup.display_problem(environ, "linux") is None


def test_a_display_that_does_not_answer_is_refused_before_qt_aborts():
    environ = {"DISPLAY": ":4242"}
    sentence = startup.unreachable_display(environ, sys.platform)
    assert (sentence is not None and "DISPLAY=:4242" in sentence) is (sys.platform == "linux")
    environ["QT_QPA_PLATFORM"] = "offscreen"
    assert startup.unreachable_display(environ, sys.platform) is None


def test_require_window_names_the_first_problem(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("QT_QPA_PLATFORM", "")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    with pytest.raises(startup.StartupError, match="no screen"):
        startup.require_window()
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    startup.require_window()
    monkeypatch.setattr(startup, "missing_libraries", lambda: [startup.QT_LIBRARIES[0]])
    with pytest.raises(startup.StartupError, match=r"libEGL\.so\.1"):
        startup.require_window()


def test_the_checks_load_no_qt_and_nothing_installed():
    done = run(
        "import sys; from lazygui import startup; startup.refuse_known_bad_pair();"
        "print([m for m in sys.modules if m.startswith(('PySide6', 'numpy', 'torch'))])"
    )
    assert done.stdout.strip() == "[]", done.stderr
