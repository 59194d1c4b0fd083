"""Every check of the project, one after the other; the last line counts what passed and failed.

Run by `python3 main.py test`. Further arguments go to pytest. Each linter counts as one check.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
LINT_IMPORTS = "from importlinter.cli import lint_imports_command as main; main()"
LINTERS = {
    "ruff check": ["-m", "ruff", "check", "."],
    "ruff format": ["-m", "ruff", "format", "--check", "."],
    "mypy": ["-m", "mypy", "-n", "2"],
    "lint-imports": ["-c", LINT_IMPORTS, "--no-logo"],
}
# A file's tests stay in one process: many of them share a run.
SIDE_BY_SIDE = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")


class Result(NamedTuple):
    """How one check ended."""

    name: str
    passed: int
    failed: int
    skipped: int
    seconds: float

    def line(self) -> str:
        """Return the row of the closing summary."""
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        verdict = "ok    " if not self.failed else "FAILED"
        counts = f"{self.passed} passed, {self.failed} failed{skipped}"
        return f"  {verdict}  {self.name:<13} {self.seconds:6.1f} s   {counts}"


def main(arguments: list[str]) -> int:
    """Run the linters and pytest, whatever fails on the way; return 0 if all passed."""
    results = [run_linter(name, command) for name, command in LINTERS.items()]
    results.append(run_pytest(arguments))
    passed, failed = (sum(row[i] for row in results) for i in (1, 2))
    print("\nAll checks:", *(result.line() for result in results), sep="\n")
    print(f"{passed} passed, {failed} failed", flush=True)
    return 1 if failed else 0


def run_linter(name: str, command: list[str]) -> Result:
    """Run one linter: it counts as one check."""
    status, seconds = call(name, command)
    return Result(name, int(status == 0), int(status != 0), 0, seconds)


def run_pytest(arguments: list[str]) -> Result:
    """Run the tests and count them by pytest's own report."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = ["-m", "pytest", f"--junit-xml={report}", *SIDE_BY_SIDE, *arguments]
        status, seconds = call("pytest", command)
        passed, failed, skipped = read_report(report)
    # A crash or a faulty configuration leaves no failed test behind, yet must count.
    failed = failed or int(status != 0)
    return Result("pytest", passed, failed, skipped, seconds)


def read_report(report: Path) -> tuple[int, int, int]:
    """Return how many tests passed, failed and were skipped, by a JUnit XML report."""
    if not report.exists():
        return 0, 1, 0
    suites = ElementTree.parse(report).getroot().iter("testsuite")
    totals = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    for suite in suites:
        for key in totals:
            totals[key] += int(suite.get(key, 0))
    failed = totals["failures"] + totals["errors"]
    return totals["tests"] - failed - totals["skipped"], failed, totals["skipped"]


def call(name: str, command: list[str]) -> tuple[int, float]:
    """Run Python with `command`, showing its output; return its exit status and its time."""
    print(f"\n--- {name}", flush=True)
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, stdin=subprocess.DEVNULL, check=False
    )
    return done.returncode, time.monotonic() - start


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
