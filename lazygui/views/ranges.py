"""Ranges that grow in steps, so that a running plot isn't laid out anew at each frame."""

from __future__ import annotations

from collections.abc import Iterable

Span = tuple[float, float]

FARTHEST = 1e100  # beyond it the transform to pixels is no longer invertible
SMALLEST = 1e-9  # relative; a narrower range has ticks that can't be told apart


def padded(low: float, high: float, share: float = 0.06) -> Span:
    """The range of data from `low` to `high` with a margin; never empty, never infinite."""
    low, high = (min(max(value, -FARTHEST), FARTHEST) for value in (low, high))
    size = max(abs(low), abs(high))
    span = high - low
    if span <= SMALLEST * size or span == 0.0:
        span = max(0.2 * size, 1e-12 if size else 1.0)
        middle = (low + high) / 2
        low, high = middle - span / 2, middle + span / 2
    return low - share * span, high + share * span


def grown(shown: Span, low: float, high: float, share: float = 0.3) -> Span:
    """The range `shown`, extended by `share` of its new size on the sides that data left.

    The same tuple when the data are inside.
    """
    first, last = shown
    if first <= low and high <= last:
        return shown
    wide_low, wide_high = padded(min(first, low), max(last, high), share)
    return (wide_low if low < first else first, wide_high if high > last else last)


def union(spans: Iterable[Span | None]) -> Span | None:
    """The smallest range with all of these in it, or None where there is none."""
    known = [span for span in spans if span is not None]
    if not known:
        return None
    return min(span[0] for span in known), max(span[1] for span in known)
