"""The rules of ARCHITECTURE.md, kept by reading the source.

Each rule is a function from a module's source to its offences. The first test plants an offence
for every rule, since a rule that finds nothing proves nothing.
"""

from __future__ import annotations

import ast
import os
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "lazygui"
MODULES = sorted(PACKAGE.rglob("*.py"))

FILE_LIMIT, CLASS_LIMIT = 400, 250
FUNCTION_MEDIAN, FUNCTION_P90 = 10, 30
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "manager", "managers", "misc", "common"}
SLOW_IMPORTS = {"torch", "scipy", "matplotlib", "numba"}
LATE_MODULES = {"lazygui.numerics.compiled", "lazygui.numerics.compiled_passes"}
"""Modules that may import slow packages, because they are themselves imported in functions only."""
CODE_RUNNERS = {"pickle", "dill", "cloudpickle", "marshal", "shelve", "sympy", "asteval", "yaml"}
BANNED_CALLS = {"eval", "exec", "compile", "__import__", "sympify", "parse_expr", "literal_eval"}
BANNED_METHODS = {"terminate", "processEvents", "setTerminationEnabled"}
QT = {"PySide6", "shiboken6", "pyqtgraph", "superqt"}
QT_OF_LAYER = {
    "numerics": set(),
    "scenarios": set(),
    "simulation": set(),
    "claims": set(),
    "export": set(),
    "startup": set(),
    "bootstrap": set(),
    "engine": {"PySide6.QtCore"},
    "panels": QT - {"pyqtgraph"},
    "app": QT - {"pyqtgraph"},
    "cli": QT - {"pyqtgraph"},
}
"""The Qt modules that each layer may import; layers that aren't named may import any."""


def imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield (line, dotted module) of every import; `from a import b` gives a.b too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            if node.module == "PySide6":
                yield from ((node.lineno, f"PySide6.{alias.name}") for alias in node.names)
            else:
                yield node.lineno, str(node.module)


def name_of(function: ast.expr) -> str:
    """Return "partial" of `partial` and of `functools.partial`."""
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    """Yield every call."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def long_parts(path: Path, tree: ast.AST, source: str) -> Iterator[str]:
    """Yield files and classes that are too long."""
    if (lines := len(source.splitlines())) > FILE_LIMIT:
        yield f"{lines} lines, above {FILE_LIMIT}"
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            lines = (node.end_lineno or 0) - node.lineno + 1
            if lines > CLASS_LIMIT:
                yield f"class {node.name} has {lines} lines, above {CLASS_LIMIT}"


def nameless_slots(path: Path, tree: ast.AST, source: str) -> Iterator[str]:
    """Yield lambdas and partials connected to signals: they run in the sender's thread."""
    for call in calls(tree):
        if name_of(call.func) == "connect":
            for argument in call.args:
                if isinstance(argument, ast.Lambda):
                    yield f"line {call.lineno}: a lambda is connected to a signal"
                elif isinstance(argument, ast.Call) and name_of(argument.func) == "partial":
                    yield f"line {call.lineno}: a partial is connected to a signal"


def dangerous_calls(path: Path, tree: ast.AST, source: str) -> Iterator[str]:
    """Yield what runs text as code, or kills a thread, or re-enters the event loop."""
    for line, module in imports(tree):
        if module.split(".")[0] in CODE_RUNNERS:
            yield f"line {line}: imports {module}"
    for call in calls(tree):
        name, method = name_of(call.func), isinstance(call.func, ast.Attribute)
        if name in (BANNED_METHODS if method else BANNED_CALLS):
            yield f"line {call.lineno}: calls {name}"
        if method and ast.unparse(call.func) == "torch.load":
            yield f"line {call.lineno}: calls torch.load"
        if any(
            key.arg == "allow_pickle" and ast.unparse(key.value) != "False" for key in call.keywords
        ):
            yield f"line {call.lineno}: allows pickle"


def forbidden_qt(path: Path, tree: ast.AST, source: str) -> Iterator[str]:
    """Yield imports of Qt modules that the layer may not have."""
    layer = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    allowed = QT_OF_LAYER.get(layer, QT)
    for line, module in imports(tree):
        top = module.split(".")[0]
        if top in QT and top not in allowed and module not in allowed:
            yield f"line {line}: {layer} imports {module}"


def slow_imports(path: Path, tree: ast.Module, source: str) -> Iterator[str]:
    """Yield imports of slow packages outside functions."""
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    typing_only = [
        n for n in tree.body if isinstance(n, ast.If) and "TYPE_CHECKING" in ast.unparse(n.test)
    ]
    late = {line for node in functions + typing_only for line, _ in imports(node)}
    if ".".join(path.relative_to(ROOT).with_suffix("").parts) in LATE_MODULES:
        return
    for line, module in imports(tree):
        slow = module.split(".")[0] in SLOW_IMPORTS or module in LATE_MODULES
        if slow and line not in late:
            yield f"line {line}: imports {module} at the start"


def vague_names(path: Path, tree: ast.AST, source: str) -> Iterator[str]:
    """Yield modules named after nothing."""
    if VAGUE_NAMES & {part.removesuffix(".py") for part in path.relative_to(PACKAGE).parts}:
        yield "the name says nothing of what the module does"


def eager_annotations(path: Path, tree: ast.Module, source: str) -> Iterator[str]:
    """Yield modules without `from __future__ import annotations`."""
    code = [node for node in tree.body if not isinstance(node, ast.Expr)]
    if code and "from __future__ import annotations" not in source:
        yield "lacks `from __future__ import annotations`"


RULES = (
    long_parts,
    nameless_slots,
    dangerous_calls,
    forbidden_qt,
    slow_imports,
    vague_names,
    eager_annotations,
)

PLANTED = [
    (long_parts, "app/window.py", "x = 1\n" * 401),
    (long_parts, "app/window.py", "class Window:\n" + "    x = 1\n" * 250),
    (nameless_slots, "app/window.py", "self.button.clicked.connect(lambda: self.play())"),
    (nameless_slots, "app/window.py", "button.clicked.connect(functools.partial(play, 1))"),
    (nameless_slots, "app/window.py", "button.clicked.connect(partial(play, 1))"),
    (dangerous_calls, "numerics/expressions.py", "value = eval(text)"),
    (dangerous_calls, "numerics/expressions.py", "exec(text)"),
    (dangerous_calls, "numerics/expressions.py", "sympify(text)"),
    (dangerous_calls, "numerics/expressions.py", "from pickle import loads"),
    (dangerous_calls, "simulation/lazy.py", "weights = torch.load(path)"),
    (dangerous_calls, "simulation/lazy.py", "weights = np.load(path, allow_pickle=True)"),
    (dangerous_calls, "engine/session.py", "self.thread.terminate()"),
    (dangerous_calls, "app/window.py", "QApplication.processEvents()"),
    (forbidden_qt, "numerics/descent.py", "from PySide6.QtCore import QObject"),
    (forbidden_qt, "claims/descent.py", "def f():\n    import pyqtgraph"),
    (forbidden_qt, "engine/worker.py", "from PySide6.QtWidgets import QWidget"),
    (forbidden_qt, "engine/worker.py", "from PySide6 import QtGui"),
    (forbidden_qt, "panels/form.py", "import pyqtgraph as pg"),
    (forbidden_qt, "cli.py", "from pyqtgraph.exporters import ImageExporter"),
    (slow_imports, "numerics/mlp.py", "import torch"),
    (slow_imports, "numerics/mlp.py", "from scipy.special import erf\ndef f(): import torch"),
    (vague_names, "numerics/utils.py", ""),
    (vague_names, "helpers/text.py", ""),
    (eager_annotations, "app/window.py", "import os"),
]

SOUND = """
from __future__ import annotations
from PySide6.QtCore import QObject

def run(app, model, signal):
    import torch
    signal.connect(model.eval)
    model.eval()
    np.load("x.npz", allow_pickle=False)
    return app.exec()
"""


@pytest.mark.parametrize(("rule", "name", "source"), PLANTED)
def test_each_rule_finds_a_planted_offence(rule, name, source):
    assert list(rule(PACKAGE / name, ast.parse(source), source))


def test_no_rule_objects_to_sound_code():
    path, tree = PACKAGE / "engine" / "worker.py", ast.parse(SOUND)
    assert [fault for rule in RULES for fault in rule(path, tree, SOUND)] == []


@pytest.mark.parametrize("rule", RULES)
def test_the_package_keeps_the_rule(rule):
    faults = []
    for path in MODULES:
        source = path.read_text(encoding="utf-8")
        found = rule(path, ast.parse(source), source)
        faults += [f"{path.relative_to(ROOT)}: {fault}" for fault in found]
    assert faults == [], "\n".join(faults)


def function_lengths() -> dict[str, int]:
    """Return the number of lines of each function's body, its docstring left out."""
    lengths = {}
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                first = body[0].lineno if body else node.lineno
                length = (node.end_lineno or 0) - first + 1 if body else 0
                lengths[f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"] = length
    return lengths


def test_functions_are_short():
    lengths = function_lengths()
    longest = sorted(lengths, key=lengths.__getitem__, reverse=True)[:10]
    tenth = statistics.quantiles(lengths.values(), n=10)[-1]
    assert statistics.median(lengths.values()) <= FUNCTION_MEDIAN, longest
    assert tenth <= FUNCTION_P90, longest


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_imports_only_go_down():
    command = "from importlinter.cli import lint_imports_command as main; main()"
    done = python("-c", command, "--no-cache", "--no-logo")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_command_line_starts_without_qt_and_torch():
    heavy = ("PySide6", "pyqtgraph", "torch", "scipy", "matplotlib")
    done = python("-c", "import sys, lazygui.cli; print(*sorted(sys.modules))")
    assert done.returncode == 0, done.stderr
    assert [name for name in done.stdout.split() if name.split(".")[0] in heavy] == []


# Written in two pieces, so that this file doesn't find itself.
MACHINE_PATH = re.compile(
    r"(?<![\w.~}])/(?:" + "|".join(("home", "root", "work", "tmp", "Users", "opt")) + r")/\w"
    r"|[A-Z]:\\+Users\\"
)


def project_files() -> Iterator[Path]:
    """Yield the files that belong to the project, leaving out environments, caches and builds."""
    for folder, subfolders, names in os.walk(ROOT):
        subfolders[:] = [
            name
            for name in subfolders
            if name == ".ci"
            or not (name.startswith((".", "__pycache__")) or name in ("build", "dist", "shared"))
        ]
        yield from (Path(folder, name) for name in names if not name.endswith((".npz", ".pyc")))


def machine_paths(text: str) -> list[str]:
    """Return the lines of `text` that hold a path of one machine."""
    return [line.strip() for line in text.splitlines() if MACHINE_PATH.search(line)]


@pytest.mark.parametrize("path", ["/{}/ana/x.csv", "cd /{}/lazygui", "C:" + "\\Users\\ana"])
def test_a_planted_machine_path_is_found(path):
    assert machine_paths(path.format("home"))


def test_no_file_names_a_path_of_one_machine():
    faults = []
    for path in project_files():
        lines = machine_paths(path.read_bytes().decode("utf-8", errors="ignore"))
        faults += [f"{path.relative_to(ROOT)}: {line[:120]}" for line in lines]
    assert faults == [], "\n".join(faults)
