"""A network in training, and a slice of the landscape of its loss."""

from __future__ import annotations

from typing import Literal

from lazygui.scenarios.lazy import LazyScenario
from lazygui.scenarios.parameters import Group, parameter


class LandscapeScenario(LazyScenario):
    """The run of a lazy scenario, with the loss on a plane of weight space around the weights.

    The networks are small: a slice evaluates the loss thousands of times.
    """

    kind: Literal["landscape"] = "landscape"  # type: ignore[assignment]  # its own kind

    width: int = parameter(
        12,
        symbol="m",
        title="width",
        help="Hidden neurons per layer.",
        ge=2,
        le=512,
        log=True,
        typical=(2, 128),
    )
    hidden_layers: int = parameter(
        2,
        symbol="L",
        title="hidden layers",
        help="Number of hidden layers of the deep network.",
        applies={"network": ("mlp",)},
        ge=1,
        le=8,
        typical=(1, 8),
    )
    samples: int = parameter(
        12,
        symbol="n",
        title="samples",
        help="Number of training samples.",
        group=Group.DATA,
        ge=2,
        le=256,
        log=True,
        typical=(2, 128),
    )
    plane: Literal["permuted", "random", "pca"] = parameter(
        "permuted",
        symbol="slice",
        title="slice through",
        help="Permuted copies: the weights and two copies with the neurons in another order. "
        "Random directions: scaled neuron by neuron (Li et al. 2018). Path: the two principal "
        "components of the training path.",
        choice_titles={
            "permuted": "permuted copies",
            "random": "random directions",
            "pca": "training path",
        },
    )
    span: float = parameter(
        1.0,
        symbol="span",
        title="span of the slice",
        help="Half of the slice's side: in distances between the copies, in sizes of the neurons' "
        "weights, or in lengths of the path.",
        gt=0.0,
        le=100.0,
        log=True,
        typical=(0.1, 10.0),
    )
    resolution: int = parameter(
        51,
        symbol="g",
        title="grid of the slice",
        help="Points per side of the finished slice; on the way it is coarser.",
        group=Group.COMPUTE,
        ge=5,
        le=81,
        advanced=True,
    )

    def memory_bytes(self) -> int:
        """The lazy run, the path and the slices of the checkpoints."""
        path = 8 * 400 * self.n_parameters
        return super().memory_bytes() + path + 8 * 600 * self.resolution**2
