"""What checks found, as rows: for a terminal, for a file, for another program."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from lazygui.claims.claim import Verdict

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

# Wide enough for a claim's sentence on one line where there is no terminal to fit into.
PAGE_WIDTH = 160
# On a narrower terminal the numbers stand under their sentence.
TABLE_WIDTH = 110
_WORDS = {Verdict.HOLDS: "holds", Verdict.FAILS: "FAILS", Verdict.PENDING: "undecided"}
_STYLES = {Verdict.HOLDS: "green", Verdict.FAILS: "bold red", Verdict.PENDING: "yellow"}
_WIDTHS = {"id": 18, "predicted": 18, "measured": 20, "tolerance": 12, "verdict": 9, "time": 7}
_ORDER = ("id", "statement", "predicted", "measured", "tolerance", "verdict", "time")
_NARROW = ("id", "statement", "verdict", "time")


@dataclass(frozen=True)
class Row:
    """One claim as one demo answered it; `seconds` is the run's time, `read_ms` the check's."""

    id: str
    demo: str
    statement: str
    predicted: str
    measured: str
    tolerance: str
    verdict: Verdict
    value: float
    seconds: float
    read_ms: float

    def as_json(self) -> dict[str, Any]:
        """Plain values; what is no finite number is null."""
        values = asdict(self) | {"verdict": self.verdict.name.lower()}
        return {
            name: None if isinstance(value, float) and not math.isfinite(value) else value
            for name, value in values.items()
        }


class CheckTable:
    """Prints rows as they come, in columns as wide as the terminal allows."""

    def __init__(self) -> None:
        from rich.console import Console

        self._console = Console(highlight=False)
        if not self._console.is_terminal:
            self._console = Console(highlight=False, width=PAGE_WIDTH)
        self._is_wide = self._console.width >= TABLE_WIDTH

    @property
    def console(self) -> Console:
        """Where the table goes."""
        return self._console

    def start(self) -> None:
        """Print the headings."""
        from rich.text import Text

        self._line({name: Text(name, "bold") for name in _ORDER})

    def add(self, rows: Sequence[Row]) -> None:
        """Print the claims of one demo; its time stands beside the first of them."""
        for index, row in enumerate(rows):
            self._line(self._cells(row, f"{row.seconds:.1f} s" if index == 0 else ""))

    def _cells(self, row: Row, time: str) -> dict[str, Text]:
        from rich.text import Text

        style = _STYLES[row.verdict]
        style_of_all = style if row.verdict is Verdict.FAILS else ""
        texts = {name: str(getattr(row, name, "")) for name in _ORDER}
        texts |= {"verdict": _WORDS[row.verdict], "time": time}
        if not self._is_wide:
            numbers = (f"predicted {row.predicted}", f"measured {row.measured}", row.tolerance)
            texts["statement"] += "\n" + " · ".join(part for part in numbers if part)
        if row.verdict is Verdict.FAILS:
            texts["statement"] += f"\n(lazygui gui {row.demo})"
        return {
            name: Text(text, style if name == "verdict" else style_of_all)
            for name, text in texts.items()
        }

    def _line(self, cells: dict[str, Text]) -> None:
        from rich.table import Table

        names = _ORDER if self._is_wide else _NARROW
        line = Table.grid(padding=(0, 1), expand=True)
        for name in names:
            width = _WIDTHS.get(name)
            line.add_column(width=width, ratio=None if width else 1, overflow="fold")
        line.add_row(*_renderable(cells, names))
        self._console.print(line)

    def finish(self, rows: Sequence[Row], seconds: float) -> None:
        """Print the counts."""
        self._console.print(summary(rows, seconds))


def _renderable(cells: dict[str, Text], names: Sequence[str]) -> list[RenderableType]:
    return [cells[name] for name in names]


def summary(rows: Sequence[Row], seconds: float) -> str:
    """All rows in one line."""
    counts = {verdict: sum(row.verdict is verdict for row in rows) for verdict in Verdict}
    return (
        f"{len(rows)} claims: {counts[Verdict.HOLDS]} hold, {counts[Verdict.FAILS]} fail, "
        f"{counts[Verdict.PENDING]} undecided; {seconds:.1f} s"
    )


@contextmanager
def progress(console: Console, total: int) -> Iterator[Callable[[], None]]:
    """A line at the foot of a terminal that counts the demos; nothing in a file."""
    finished: list[None] = []
    if not console.is_terminal:
        yield finished.clear
        return
    with console.status(f"checking {total} demos …") as status:

        def done() -> None:
            finished.append(None)
            status.update(f"{len(finished)} of {total} demos checked …")

        yield done
