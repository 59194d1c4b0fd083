"""What must hold before a window may open: a sound pair of Python and Qt, libraries, a display.

Qt aborts the process where any of these is missing, so that each is looked at before Qt is loaded.
Nothing here imports Qt, or anything else that has to be installed.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

# The first Python in which None and True are never freed, whatever the reference counts say.
IMMORTAL_NONE = (3, 12)


class StartupError(RuntimeError):
    """The window can't open; the message is for the user, and says what to do."""


class Library(NamedTuple):
    """A shared library of the system, and the Debian package that holds it."""

    soname: str
    package: str


QT_LIBRARIES = (
    Library("libEGL.so.1", "libegl1"),
    Library("libGL.so.1", "libgl1"),
    Library("libX11.so.6", "libx11-6"),
    Library("libdbus-1.so.3", "libdbus-1-3"),
    Library("libfontconfig.so.1", "libfontconfig1"),
    Library("libglib-2.0.so.0", "libglib2.0-0"),
    Library("libxkbcommon.so.0", "libxkbcommon0"),
)
"""What `import PySide6.QtWidgets` needs, with or without a screen."""

X11_LIBRARIES = (
    Library("libX11-xcb.so.1", "libx11-xcb1"),
    Library("libxcb-cursor.so.0", "libxcb-cursor0"),
    Library("libxcb-icccm.so.4", "libxcb-icccm4"),
    Library("libxcb-image.so.0", "libxcb-image0"),
    Library("libxcb-keysyms.so.1", "libxcb-keysyms1"),
    Library("libxcb-randr.so.0", "libxcb-randr0"),
    Library("libxcb-render-util.so.0", "libxcb-render-util0"),
    Library("libxcb-render.so.0", "libxcb-render0"),
    Library("libxcb-shape.so.0", "libxcb-shape0"),
    Library("libxcb-shm.so.0", "libxcb-shm0"),
    Library("libxcb-sync.so.1", "libxcb-sync1"),
    Library("libxcb-util.so.1", "libxcb-util1"),
    Library("libxcb-xfixes.so.0", "libxcb-xfixes0"),
    Library("libxcb-xkb.so.1", "libxcb-xkb1"),
    Library("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
)
"""What a window on an X11 screen needs besides."""


def check_pair(python_version: Sequence[int], pyside_version: str) -> str | None:
    """Return why this pair of versions must not run, or None for a sound pair.

    PySide6 6.12 loses one reference to None with nearly every call, and to True with every signal.
    Before Python 3.12, where these objects can be freed, it aborts within seconds.
    """
    python = tuple(python_version[:2])
    if python >= IMMORTAL_NONE or not pyside_version.startswith("6.12."):
        return None
    return (
        f"PySide6 {pyside_version} crashes on Python {python[0]}.{python[1]} within seconds: "
        "install an older PySide6 with  pip install 'PySide6-Essentials<6.11'  or use "
        "Python 3.12 or newer."
    )


def pyside_version() -> str:
    """Return the installed version of PySide6 without loading Qt.

    Raises StartupError if PySide6 isn't installed.
    """
    found = _version_beside("PySide6", "pyside6_essentials-")
    if found:
        return found
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("PySide6-Essentials")
    except PackageNotFoundError:
        message = (
            "PySide6 is not installed in this Python: start LazyGUI by  python3 main.py  , which "
            "installs what is needed, or run  pip install PySide6-Essentials ."
        )
        raise StartupError(message) from None


def _version_beside(package: str, prefix: str) -> str:
    """Return the version in the name of the folder that pip wrote beside a package, or "".

    Python's own answer reads all of it, by a parser of mail that takes longer to load.
    """
    found = importlib.util.find_spec(package)
    for folder in (found and found.submodule_search_locations) or ():
        for name in os.listdir(os.path.dirname(folder)):
            stem, suffix = os.path.splitext(name)
            if suffix == ".dist-info" and stem.lower().startswith(prefix):
                return stem[len(prefix) :]
    return ""


def refuse_known_bad_pair() -> None:
    """Raise StartupError if the running Python and the installed PySide6 are a known-bad pair."""
    problem = check_pair(sys.version_info[:2], pyside_version())
    if problem:
        raise StartupError(problem)


def needed_libraries(environ: Mapping[str, str], platform: str) -> tuple[Library, ...]:
    """Return the system libraries of the Qt platform that `environ` chooses; on Linux only."""
    if not platform.startswith("linux"):
        return ()
    chosen = _chosen_platform(environ)
    on_x11 = chosen == "xcb" or (not chosen and not environ.get("WAYLAND_DISPLAY"))
    return QT_LIBRARIES + X11_LIBRARIES if on_x11 else QT_LIBRARIES


def missing_libraries(
    libraries: Iterable[Library] | None = None, load: Callable[[str], object] = ctypes.CDLL
) -> list[Library]:
    """Return those of `libraries` (default: all that the platform in use needs) not found here."""
    if libraries is None:
        libraries = needed_libraries(os.environ, sys.platform)
    return [library for library in libraries if not _loads(library.soname, load)]


def _loads(soname: str, load: Callable[[str], object]) -> bool:
    try:
        load(soname)
    except OSError:
        return False
    return True


def library_problem(missing: Sequence[Library]) -> str | None:
    """Return the sentence that names the missing libraries and the line that installs them."""
    if not missing:
        return None
    names = ", ".join(library.soname for library in missing)
    line = " ".join(apt_install([library.package for library in missing]))
    return (
        f"Qt needs libraries that this system lacks: {names}. On Debian or Ubuntu, install them "
        f"with:\n  sudo {line}\nElsewhere, install the packages that hold these files."
    )


def apt_install(packages: Iterable[str]) -> list[str]:
    """Return the command that installs Debian `packages`, without a question."""
    return ["apt-get", "install", "-y", "--no-install-recommends", *packages]


def display_problem(environ: Mapping[str, str], platform: str) -> str | None:
    """Return why no window can be shown, with what to do instead, or None if one can."""
    if not platform.startswith("linux"):
        return None
    variables = {"": ("DISPLAY", "WAYLAND_DISPLAY"), "xcb": ("DISPLAY",)}
    variables["wayland"] = ("WAYLAND_DISPLAY",)
    chosen = _chosen_platform(environ)
    if chosen not in variables or any(environ.get(name) for name in variables[chosen]):
        return None
    unset = " and ".join(variables[chosen])
    return _instead(f"There is no screen to open a window on ({unset} not set).")


def unreachable_display(environ: Mapping[str, str], platform: str) -> str | None:
    """Return why the X11 screen that DISPLAY names can't be used, or None.

    Asks the X server itself, because Qt aborts the process if it doesn't answer.
    """
    display = environ.get("DISPLAY", "")
    needs_x11 = X11_LIBRARIES[0] in needed_libraries(environ, platform)
    if not needs_x11 or not display or _display_answers(display):
        return None
    return _instead(f"The screen DISPLAY={display} doesn't answer.")


def _display_answers(display: str) -> bool:
    try:
        x11 = ctypes.CDLL("libX11.so.6")
    except OSError:
        return True  # the missing library is the problem to report, not the screen
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XOpenDisplay.argtypes = [ctypes.c_char_p]
    x11.XCloseDisplay.argtypes = [ctypes.c_void_p]
    connection = x11.XOpenDisplay(display.encode())
    if connection:
        x11.XCloseDisplay(connection)
    return bool(connection)


def _chosen_platform(environ: Mapping[str, str]) -> str:
    """Return the name of the Qt platform asked for: "wayland" of "wayland-egl;xcb:opt=1"."""
    first = environ.get("QT_QPA_PLATFORM", "").split(";")[0].split(":")[0].lower()
    return "wayland" if first.startswith("wayland") else first


def _instead(problem: str) -> str:
    return (
        f"{problem} Instead, you can\n"
        "  compute without a window:    lazygui run lazy-scale --out results\n"
        "  use a virtual screen:        xvfb-run lazygui\n"
        "  show it over the network:    ssh -X to this machine, then lazygui\n"
        "  run the window unseen:       QT_QPA_PLATFORM=offscreen lazygui"
    )


def require_window() -> None:
    """Check everything that a window needs, before Qt is loaded.

    Raises StartupError with a sentence for the user; the command line then ends with status 2.
    """
    refuse_known_bad_pair()
    problem = (
        display_problem(os.environ, sys.platform)
        or library_problem(missing_libraries())
        or unreachable_display(os.environ, sys.platform)
    )
    if problem:
        raise StartupError(problem)
