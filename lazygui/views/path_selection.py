"""Which iterates of a long path are drawn."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

DENSE = 64
SPARSE = 192


def path_indices(count: int) -> NDArray[np.intp]:
    """Indices of at most 258 of `count` iterates: the first 64, evenly many after, the newest.

    The stride is odd, so that a path that jumps from side to side is seen to do so, and grows
    threefold at a time, so that the points shown don't shimmer while the path grows.
    """
    if count <= DENSE + SPARSE:
        return np.arange(count)
    stride = 3 ** int(np.ceil(np.log((count - DENSE) / SPARSE) / np.log(3.0)))
    later = np.arange(DENSE, count, stride)
    return np.unique(np.concatenate([np.arange(DENSE), later, [count - 1]]))
