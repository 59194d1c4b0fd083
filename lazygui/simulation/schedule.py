"""Which steps of a run are recorded: a function of the step alone, never of the machine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Schedule:
    """Every step up to 3·resolution, every third up to 9·resolution, and so on.

    A run of K steps leaves about resolution·(3 + 2 log₃(K/3·resolution)) records, and every time
    scale keeps at least `resolution` of them. The stride is odd, so that a sequence that
    alternates from step to step still looks alternating. `every` > 0 fixes the stride.
    """

    resolution: int
    every: int = 0

    def stride(self, step: int) -> int:
        """Distance between recorded steps around `step`."""
        if self.every:
            return self.every
        stride = 1
        while step >= 3 * stride * self.resolution:
            stride *= 3
        return stride

    def next_after(self, step: int) -> int:
        """The first recorded step after `step`."""
        stride = self.stride(step)
        return (step // stride + 1) * stride

    def rounded(self, step: int, count: int) -> int:
        """The most steps of `count` from `step` that end at a recorded one; all if none does."""
        stride = self.stride(step + count)
        last = (step + count) // stride * stride
        return last - step if last > step else count

    def between(self, step: int, stop: int, most: int) -> list[int]:
        """The recorded steps after `step` and up to `stop`, `most` of them at most."""
        found: list[int] = []
        while len(found) < most and (step := self.next_after(step)) <= stop:
            found.append(step)
        return found
