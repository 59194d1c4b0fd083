"""The data set that a scenario asks for."""

from __future__ import annotations

from pathlib import Path

from lazygui.numerics import datasets
from lazygui.numerics.datasets import Dataset
from lazygui.scenarios.lazy import LazyScenario


def build_dataset(scenario: LazyScenario) -> Dataset:
    """The data of the scenario. Raises ValueError naming the file, row or column at fault."""
    n, n_test, seed = scenario.samples, scenario.test_samples, scenario.data_seed
    match scenario.data:
        case "line":
            return datasets.line(n, n_test, scenario.noise, seed, scenario.target)
        case "circle":
            return datasets.circle(
                n, n_test, scenario.noise, seed, scenario.target, scenario.bias_feature
            )
        case "teacher":
            return datasets.teacher(
                n, n_test, scenario.dimension, scenario.teachers, scenario.noise, seed
            )
        case "digits":
            return datasets.digits(n, n_test, scenario.digit, seed)
        case "csv":
            return datasets.csv(Path(scenario.data_file), scenario.target_column, n, n_test, seed)
