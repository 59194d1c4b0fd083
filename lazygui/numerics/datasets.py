"""Data sets by name. Each is made by one function from plain arguments and a seed.

The same arguments give the same bytes. Inputs are scaled so that ||x||^2 is about 1 (exactly 1 on
circle, sphere and digits, 1 on average for a file), the scale at which Gaussian first-layer weights
of variance 1 are Le Cun's. A new data set is one function and one line here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from lazygui.numerics.csv_table import DataError
from lazygui.numerics.dataset_types import Dataset, Grid, Teacher
from lazygui.numerics.measured_datasets import csv, digits
from lazygui.numerics.synthetic_datasets import (
    CIRCLE_ANGLES,
    CIRCLE_TARGETS,
    LINE_TARGETS,
    circle,
    line,
    teacher,
)

__all__ = [
    "CIRCLE_ANGLES",
    "CIRCLE_TARGETS",
    "DATASETS",
    "LINE_TARGETS",
    "DataError",
    "Dataset",
    "Grid",
    "Teacher",
    "circle",
    "csv",
    "digits",
    "line",
    "teacher",
]

DATASETS: Mapping[str, Callable[..., Dataset]] = MappingProxyType(
    {"line": line, "circle": circle, "teacher": teacher, "digits": digits, "csv": csv}
)
