"""From a bare clone to a running program, with nothing but Python's standard library.

`python3 main.py` makes the environment `.venv` beside main.py, installs the package into it and
runs it there. A stamp in the environment says what was installed, so that later starts only
compare it. Inside an environment that has every dependency, the program runs at once.
"""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "lazygui.stamp"

# Rarest first: in an environment made for something else, the first look-up ends the search.
RUN_MODULES = (
    "ziamath",
    "pyqtgraph",
    "PySide6",
    "tomlkit",
    "contourpy",
    "av",
    "matplotlib",
    "numba",
    "torch",
    "scipy",
    "pydantic",
    "platformdirs",
    "psutil",
    "threadpoolctl",
    "rich",
    "numpy",
)
TEST_MODULES = ("importlinter", "pytestqt", "xdist", "hypothesis", "mypy", "ruff", "pytest")


class BootstrapError(RuntimeError):
    """The environment can't be made; the message says why and what to do."""


def main(arguments: list[str]) -> int:
    """Run LazyGUI, or every check if the first argument is `test`; return the exit status."""
    testing = arguments[:1] == ["test"]
    try:
        python = environment(testing)
    except BootstrapError as error:
        print(f"LazyGUI: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nLazyGUI: stopped; the next start goes on from here.", file=sys.stderr)
        return 130
    if testing:
        return hand_over([python, str(ROOT / "tests" / "run_all.py"), *arguments[1:]])
    if python != sys.executable:
        return hand_over([python, str(ROOT / "main.py"), *arguments])
    from lazygui.cli import main as run

    return run(arguments)


def environment(testing: bool) -> str:
    """Return the interpreter to run in; make and fill the environment where that is needed.

    Raises BootstrapError if that fails.
    """
    inside = Path(sys.prefix) == VENV
    if not inside and has_modules(testing):
        return sys.executable
    if not is_installed(testing):
        install(testing)
    return sys.executable if inside else str(PYTHON)


def has_modules(testing: bool) -> bool:
    """Whether the running interpreter finds every dependency."""
    modules = RUN_MODULES + TEST_MODULES if testing else RUN_MODULES
    return all(find_spec(name) for name in modules)


def fingerprint() -> str:
    """Return a hash of all that decides what has to be installed, and where."""
    import hashlib

    parts = [(ROOT / name).read_bytes() for name in ("pyproject.toml", "constraints.txt")]
    # The folder is part of it: an environment keeps absolute paths, so that a move breaks it.
    return hashlib.sha256(b"\0".join([*parts, os.fsencode(ROOT)])).hexdigest()


def is_installed(testing: bool) -> bool:
    """Whether `.venv` holds what the present files ask for, with the test tools if `testing`."""
    stamped, extra = read_stamp()
    return PYTHON.exists() and stamped == fingerprint() and (extra == "test" or not testing)


def read_stamp() -> tuple[str, str]:
    """Return the fingerprint and the extra ("test" or "") of the last finished installation."""
    try:
        stamped, _, extra = STAMP.read_text(encoding="ascii").partition(" ")
    except (OSError, UnicodeDecodeError):
        return "", ""
    return stamped, extra.strip()


def install(testing: bool) -> None:
    """Make `.venv` if it is missing, install LazyGUI into it, and write the stamp last.

    Raises BootstrapError if a step fails; the next start repeats it.
    """
    extra = "test" if testing else read_stamp()[1]
    print(f"LazyGUI: installing into {VENV} (some minutes, once) ...", flush=True)
    add_libraries(testing)
    if not has_pip():
        make_environment()
    target = f".[{extra}]" if extra else "."
    arguments = ["--disable-pip-version-check", "--no-input", "-c", "constraints.txt"]
    if not sys.dont_write_bytecode:
        # Most of what is installed is never imported: what is, Python compiles when it is.
        arguments += ["--no-compile"]
    if call([str(PYTHON), "-m", "pip", "install", *arguments, "-e", target]):
        raise BootstrapError(
            "pip could not install the packages (its own message is above). Check the network, "
            "and run the same command again."
        )
    compile_ahead()
    STAMP.write_text(f"{fingerprint()} {extra}\n", encoding="ascii")


# The columns of the window are loaded after its first frame.
WINDOW = ("lazygui.app.program", "lazygui.app.lecture", "lazygui.app.parameters")


def compile_ahead() -> None:
    """Compile the training steps and the window now: the first start would wait for it."""
    call([str(PYTHON), "-c", "import lazygui.numerics.compiled_passes"], quiet=True)
    if not sys.dont_write_bytecode:
        call([str(PYTHON), "-c", f"import {', '.join(WINDOW)}, torch"], quiet=True)


def has_pip() -> bool:
    """Whether `.venv` is whole enough to install into it."""
    return PYTHON.exists() and call([str(PYTHON), "-m", "pip", "--version"], quiet=True) == 0


def make_environment() -> None:
    """Make `.venv` anew. Raises BootstrapError if Python's venv module can't."""
    add_venv_module()
    if call([sys.executable, "-m", "venv", "--clear", str(VENV)]):
        raise BootstrapError(
            f"the environment {VENV} could not be made (the message is above). Check that the "
            "folder is writable and that the disk isn't full."
        )


def add_venv_module() -> None:
    """Install what Debian leaves out of its Python: without ensurepip, venv makes no pip.

    Raises BootstrapError, with the line to type, if that takes an administrator.
    """
    if find_spec("ensurepip") and find_spec("venv"):
        return
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if not apt_get([package]):
        raise BootstrapError(
            "this Python can't make environments, because its module ensurepip is missing. "
            f"Install it with:\n  sudo apt-get install -y {package}"
        )


def add_libraries(testing: bool) -> None:
    """Install the system libraries of Qt that are missing, or say which; never stops the start.

    The tests draw offscreen and need fewer of them. Without a window the program runs anyway, so
    that this is only a note here; opening the window refuses.
    """
    from lazygui import startup

    environ = {"QT_QPA_PLATFORM": "offscreen"} if testing else os.environ
    missing = startup.missing_libraries(startup.needed_libraries(environ, sys.platform))
    if missing and not apt_get([library.package for library in missing]):
        print(f"LazyGUI: {startup.library_problem(missing)}", file=sys.stderr, flush=True)


def apt_get(packages: list[str]) -> bool:
    """Install Debian packages if we may (root, with apt-get); return whether it worked."""
    import shutil

    from lazygui import startup

    if not is_root() or not shutil.which("apt-get"):
        return False
    print(f"LazyGUI: installing {' '.join(packages)} by apt-get ...", flush=True)
    call(["apt-get", "update"])
    return call(startup.apt_install(packages)) == 0


def is_root() -> bool:
    """Whether this process may install system packages."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def call(command: list[str], quiet: bool = False) -> int:
    """Run `command` in the project's folder without a keyboard; return its exit status."""
    import subprocess

    output = subprocess.DEVNULL if quiet else None
    return subprocess.call(
        command,
        cwd=ROOT,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
    )


def hand_over(command: list[str]) -> int:
    """Replace this process by `command`; on Windows, wait for it and return its exit status."""
    if os.name == "nt":  # execv there returns to the shell before the program has ended
        import subprocess

        return subprocess.call(command)
    sys.stdout.flush()
    os.execv(command[0], command)
