"""From a bare clone to a running program, and the one command that runs every check."""

from __future__ import annotations

import ast
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
import types
from pathlib import Path

import pytest

import main as entry
from lazygui import bootstrap, startup
from tests import run_all

ROOT = Path(__file__).resolve().parent.parent
find_missing = startup.missing_libraries  # before any test fakes it
COMPILE = [
    ["-c", "import lazygui.numerics.compiled_passes"],
    ["-c", f"import {', '.join(bootstrap.WINDOW)}, torch"],
]
PIP = ["-m", "pip", "install", "--disable-pip-version-check", "--no-input"]


class Machine:
    """A faked machine: records every command, and answers by exit status."""

    def __init__(self) -> None:
        self.commands: list[list[str]] = []
        self.failing: set[str] = set()
        self.compiled = 0

    def call(self, command: list[str], quiet: bool = False) -> int:
        if command[1:] == ["-m", "pip", "--version"]:
            return 0
        if command[1:] in COMPILE:
            self.compiled += 1
            return 1  # a machine that can't compile now compiles later
        self.commands.append(command)
        if "venv" in command:
            bootstrap.PYTHON.parent.mkdir(parents=True, exist_ok=True)
            bootstrap.PYTHON.touch()
        return int(bool(self.failing & set(command)))

    def taken(self) -> list[list[str]]:
        """Return the commands since the last call."""
        commands, self.commands = self.commands, []
        return commands


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A fresh clone on a machine with nothing but Python, and with all libraries."""
    clone = tmp_path / "clone"
    clone.mkdir()
    for name in ("pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, clone)
    place(clone, monkeypatch)
    machine = Machine()
    monkeypatch.setattr(bootstrap, "call", machine.call)
    monkeypatch.setattr(bootstrap, "has_modules", lambda testing: False)
    monkeypatch.setattr(startup, "missing_libraries", lambda libraries: [])
    monkeypatch.setattr(bootstrap, "is_root", lambda: False)
    return machine


def place(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "ROOT", folder)
    monkeypatch.setattr(bootstrap, "VENV", folder / ".venv")
    monkeypatch.setattr(bootstrap, "PYTHON", folder / ".venv" / "bin" / "python")
    monkeypatch.setattr(bootstrap, "STAMP", folder / ".venv" / "lazygui.stamp")


def pip_install(target: str) -> list[str]:
    spared = [] if sys.dont_write_bytecode else ["--no-compile"]
    return [str(bootstrap.PYTHON), *PIP, "-c", "constraints.txt", *spared, "-e", target]


def test_the_first_start_makes_the_environment_and_later_ones_do_nothing(machine):
    assert bootstrap.environment(testing=False) == str(bootstrap.PYTHON)
    venv = [sys.executable, "-m", "venv", "--clear", str(bootstrap.VENV)]
    assert machine.taken() == [venv, pip_install(".")]
    assert bootstrap.environment(testing=False) == str(bootstrap.PYTHON)
    assert machine.taken() == []
    assert machine.compiled == (1 if sys.dont_write_bytecode else len(COMPILE))


@pytest.mark.parametrize("spared", [False, True])
def test_what_python_may_compile_later_is_not_compiled_at_once(machine, monkeypatch, spared):
    monkeypatch.setattr(sys, "dont_write_bytecode", not spared)
    bootstrap.environment(testing=False)
    assert ("--no-compile" in machine.taken()[-1]) is spared
    assert machine.compiled == (2 if spared else 1)


def test_the_test_tools_are_added_once_and_stay(machine):
    bootstrap.environment(testing=False)
    machine.taken()
    bootstrap.environment(testing=True)
    assert machine.taken() == [pip_install(".[test]")]
    bootstrap.environment(testing=True)
    bootstrap.environment(testing=False)
    assert machine.taken() == []


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_changed_requirements_are_installed_with_the_same_extra(machine, name):
    bootstrap.environment(testing=True)
    machine.taken()
    with (bootstrap.ROOT / name).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    bootstrap.environment(testing=False)
    assert machine.taken() == [pip_install(".[test]")]


def test_a_moved_folder_is_installed_again(machine, tmp_path, monkeypatch):
    bootstrap.environment(testing=False)
    machine.taken()
    place((bootstrap.ROOT).rename(tmp_path / "moved"), monkeypatch)
    bootstrap.environment(testing=False)
    assert machine.taken() == [pip_install(".")]


def test_an_environment_whose_python_is_gone_is_made_anew(machine):
    bootstrap.environment(testing=False)
    machine.taken()
    bootstrap.PYTHON.unlink()
    bootstrap.environment(testing=False)
    assert ["venv" in command for command in machine.taken()] == [True, False]


@pytest.mark.parametrize(("step", "said"), [("install", "pip could not"), ("venv", "writable")])
def test_a_failed_step_is_said_and_repeated_by_the_next_start(machine, capsys, step, said):
    machine.failing = {step}
    assert bootstrap.main([]) == 1
    assert said in capsys.readouterr().err
    assert not bootstrap.STAMP.exists()
    machine.failing = set()
    assert bootstrap.environment(testing=False) == str(bootstrap.PYTHON)
    assert bootstrap.STAMP.exists()


def test_a_damaged_stamp_means_a_new_installation(machine):
    bootstrap.environment(testing=False)
    machine.taken()
    bootstrap.STAMP.write_bytes(b"\xff\x00 test")
    bootstrap.environment(testing=False)
    assert machine.taken() == [pip_install(".")]


def lack(monkeypatch: pytest.MonkeyPatch, *sonames: str) -> None:
    """Take libraries away from the machine."""

    def load(soname: str) -> None:
        if soname in sonames:
            raise OSError(f"{soname}: cannot open shared object file")

    def missing(libraries: list[startup.Library]) -> list[startup.Library]:
        return find_missing(libraries, load)

    monkeypatch.setattr(startup, "missing_libraries", missing)
    monkeypatch.setattr(sys, "platform", "linux")


def test_root_on_debian_gets_the_missing_libraries_installed(machine, monkeypatch, capsys):
    lack(monkeypatch, "libEGL.so.1", "libxcb-cursor.so.0")
    monkeypatch.setattr(bootstrap, "is_root", lambda: True)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setenv("QT_QPA_PLATFORM", "")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    bootstrap.environment(testing=False)
    install = ["apt-get", "install", "-y", "--no-install-recommends", "libegl1", "libxcb-cursor0"]
    assert machine.taken()[:2] == [["apt-get", "update"], install]
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(("root", "apt"), [(False, "/usr/bin/apt-get"), (True, None)])
def test_others_are_told_the_line_and_the_start_goes_on(machine, monkeypatch, capsys, root, apt):
    lack(monkeypatch, "libEGL.so.1")
    monkeypatch.setattr(bootstrap, "is_root", lambda: root)
    monkeypatch.setattr(shutil, "which", lambda name: apt)
    bootstrap.environment(testing=False)
    assert not any("apt-get" in command for command in machine.taken())
    said = capsys.readouterr().err
    assert "libEGL.so.1" in said
    assert "sudo apt-get install -y --no-install-recommends libegl1" in said
    assert bootstrap.STAMP.exists()


def test_the_tests_need_no_x11_libraries(machine, monkeypatch, capsys):
    lack(monkeypatch, "libxcb-cursor.so.0")
    bootstrap.environment(testing=True)
    assert capsys.readouterr().err == ""


def test_debian_python_without_ensurepip(machine, monkeypatch, capsys):
    monkeypatch.setattr(bootstrap, "find_spec", lambda name: None if name == "ensurepip" else name)
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    assert bootstrap.main([]) == 1
    assert f"sudo apt-get install -y {package}" in capsys.readouterr().err
    monkeypatch.setattr(bootstrap, "is_root", lambda: True)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    bootstrap.environment(testing=False)
    assert machine.taken()[1][-1] == package


def test_inside_a_complete_environment_the_program_runs_at_once(machine, monkeypatch):
    cli = types.ModuleType("lazygui.cli")
    cli.main = lambda arguments: 7 if arguments == ["run", "lazy-scale"] else 0
    monkeypatch.setitem(sys.modules, "lazygui.cli", cli)
    monkeypatch.setattr(bootstrap, "has_modules", lambda testing: True)
    assert bootstrap.main(["run", "lazy-scale"]) == 7
    assert machine.taken() == []


def test_the_test_command_hands_its_arguments_to_pytest(machine, monkeypatch):
    handed: list[list[str]] = []
    monkeypatch.setattr(bootstrap, "hand_over", lambda command: handed.append(command) or 0)
    bootstrap.main(["test", "-k", "kernel"])
    bootstrap.main(["run", "lazy-scale"])
    script = str(bootstrap.ROOT / "tests" / "run_all.py")
    assert handed[0] == [str(bootstrap.PYTHON), script, "-k", "kernel"]
    assert handed[1] == [
        str(bootstrap.PYTHON),
        str(bootstrap.ROOT / "main.py"),
        "run",
        "lazy-scale",
    ]


@pytest.mark.parametrize(("extra", "modules"), [("", "RUN_MODULES"), ("test", "TEST_MODULES")])
def test_the_modules_looked_for_are_those_of_the_dependencies(extra, modules):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["optional-dependencies"][extra] if extra else project["dependencies"]
    names = {re.split(r"[<>=!; \[]", line)[0].lower() for line in wanted}
    origin = importlib.metadata.packages_distributions()
    found = {origin[name][0].lower().replace("_", "-") for name in getattr(bootstrap, modules)}
    assert found == names


def test_every_package_that_is_imported_is_a_dependency():
    """What only the test tools bring along must not be relied on."""
    imported = set()
    for path in (ROOT / "lazygui").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                imported.add(str(node.module).split(".")[0])
    # shiboken6 is a part of PySide6 and pydantic_core of pydantic; pyarrow is an extra, whose
    # absence is said.
    own = {"lazygui", "shiboken6", "pydantic_core", "pyarrow", *sys.stdlib_module_names}
    assert imported - own <= set(bootstrap.RUN_MODULES)


def test_the_constraints_pin_every_dependency_within_its_range():
    from packaging.requirements import Requirement

    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    pins = dict(line.split("==") for line in text.splitlines() if "==" in line)
    pinned = {name.lower().replace("_", "-"): version for name, version in pins.items()}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for line in project["dependencies"] + project["optional-dependencies"]["test"]:
        requirement = Requirement(line)
        assert requirement.specifier.contains(pinned[requirement.name.lower()]), line


def test_an_old_python_can_read_main_and_is_refused_by_a_sentence(monkeypatch, capsys):
    ast.parse((ROOT / "main.py").read_text(encoding="utf-8"), feature_version=(3, 4))
    monkeypatch.setattr(sys, "version_info", (3, 10, 4, "final", 0))
    assert entry.main() == 2
    assert "needs Python 3.11 or newer, and this is Python 3.10" in capsys.readouterr().err


ECHO = (
    "import sys\ndef main(arguments):\n    print(sys.prefix, *arguments, sep='|')\n    return 5\n"
)


def test_a_later_start_runs_in_the_environment_and_passes_arguments_through(tmp_path):
    """A real clone with a real environment, started by a Python that has no packages (-S)."""
    clone = tmp_path / "a clone with spaces"
    (clone / "lazygui").mkdir(parents=True)
    for name in ("main.py", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, clone)
    for name in ("__init__", "bootstrap", "startup"):
        shutil.copy(ROOT / "lazygui" / f"{name}.py", clone / "lazygui")
    (clone / "lazygui" / "cli.py").write_text(ECHO, encoding="utf-8")
    venv = clone / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    stamp = "from lazygui import bootstrap as b; b.STAMP.write_text(b.fingerprint())"
    subprocess.run([sys.executable, "-c", stamp], cwd=clone, check=True)
    command = [sys.executable, "-S", str(clone / "main.py"), "run", "lazy-scale", "--out", "d e"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 5, done.stderr
    assert done.stdout.strip().split("|") == [str(venv), "run", "lazy-scale", "--out", "d e"]


def test_the_look_at_the_stamp_takes_no_time(machine):
    bootstrap.environment(testing=False)
    start = time.perf_counter()
    for _ in range(10):
        assert bootstrap.is_installed(testing=False)
    assert (time.perf_counter() - start) / 10 < 0.030


# One process and no Qt for toys.
QUICK = ["-q", "-n0", "-p", "no:cacheprovider", "-p", "no:pytest-qt"]


def test_all_checks_run_though_early_ones_fail_and_the_last_line_counts(
    tmp_path, monkeypatch, capfd
):
    tests = "def test_good(): pass\ndef test_bad(): assert 0\n"
    (tmp_path / "test_two.py").write_text(tests, encoding="utf-8")
    linters = {"bad": ["-c", "raise SystemExit(3)"], "good": ["-c", "print('looked')"]}
    monkeypatch.setattr(run_all, "LINTERS", linters)
    monkeypatch.setattr(run_all, "ROOT", tmp_path)
    assert run_all.main(QUICK) == 1
    output = capfd.readouterr().out
    assert "looked" in output
    assert output.splitlines()[-1] == "2 passed, 2 failed"


@pytest.mark.parametrize(("tests", "status"), [("def test_good(): pass\n", 0), ("x = 1\n", 1)])
def test_success_needs_tests_that_ran(tmp_path, monkeypatch, capfd, tests, status):
    (tmp_path / "test_one.py").write_text(tests, encoding="utf-8")
    monkeypatch.setattr(run_all, "LINTERS", {})
    monkeypatch.setattr(run_all, "ROOT", tmp_path)
    assert run_all.main(QUICK) == status


def test_a_crash_without_a_report_counts_as_a_failure(tmp_path, monkeypatch, capfd):
    (tmp_path / "test_one.py").write_text("import os\nos.abort()\n", encoding="utf-8")
    monkeypatch.setattr(run_all, "LINTERS", {})
    monkeypatch.setattr(run_all, "ROOT", tmp_path)
    assert run_all.main(QUICK) == 1
    assert capfd.readouterr().out.splitlines()[-1] == "0 passed, 1 failed"


def test_ci_calls_the_command_that_the_readme_gives():
    command = "python3 main.py test"
    assert f"\n    {command}\n" in (ROOT / "README.md").read_text(encoding="utf-8")
    script = ROOT / ".ci" / "run"
    assert command in script.read_text(encoding="utf-8")
    assert os.access(script, os.X_OK)
