"""How one to six views share a stage."""

from __future__ import annotations

MOST_VIEWS = 6

# Row, column, row span, column span of each view, by the number of views.
_GRIDS: dict[int, tuple[tuple[int, int, int, int], ...]] = {
    1: ((0, 0, 2, 2),),
    2: ((0, 0, 2, 1), (0, 1, 2, 1)),
    3: ((0, 0, 2, 1), (0, 1, 1, 1), (1, 1, 1, 1)),
    4: ((0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 1), (1, 1, 1, 1)),
    5: ((0, 0, 1, 1), (0, 1, 1, 1), (0, 2, 1, 1), (1, 0, 1, 2), (1, 2, 1, 1)),
    6: tuple((i // 3, i % 3, 1, 1) for i in range(6)),
}


def places(count: int) -> tuple[tuple[int, int, int, int], ...]:
    """Row, column, row span and column span of each of 1 to 6 views."""
    return _GRIDS[count]
