"""A network beside its linearization (part "Lazy training" of the lecture)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import model_validator

from lazygui.numerics.matrix_free import LARGEST_PULLED, largest_space
from lazygui.numerics.tangent_kernel import LARGEST_KERNEL
from lazygui.scenarios.base import Device, Dtype
from lazygui.scenarios.data_fields import DataFields
from lazygui.scenarios.parameters import Group, parameter

LARGEST_TRACKED = 2048  # samples of a kernel that is computed anew at every row


class LazyScenario(DataFields):
    """Gradient descent on F_α(w) = ‖αh(w) − y‖²_F/(2α²) and on its linearization at w₀.

    Same start, same step size (Chizat, Oyallon, Bach 2019, section 2).
    """

    kind: Literal["lazy"] = "lazy"

    network: Literal["two-layer", "mlp"] = parameter(
        "two-layer",
        symbol="h",
        title="network",
        help="Two layers (closed-form gradients) or a deep fully connected network.",
        choice_titles={"two-layer": "Two layers", "mlp": "Deep (MLP)"},
    )
    width: int = parameter(
        100,
        symbol="m",
        title="width",
        help="Hidden neurons per layer.",
        ge=1,
        le=1_000_000_000,
        log=True,
        typical=(2, 2048),
    )
    hidden_layers: int = parameter(
        2,
        symbol="L",
        title="hidden layers",
        help="Number of hidden layers of the deep network.",
        applies={"network": ("mlp",)},
        ge=1,
        le=64,
        typical=(1, 8),
    )
    scale: float = parameter(
        1.0,
        symbol="α",
        title="scale",
        help="The model is αh; a large α with h(w<sub>0</sub>) = 0 is lazy.",
        gt=0.0,
        le=1e9,
        log=True,
        typical=(0.01, 1e4),
    )
    activation: Literal["tanh", "relu", "softplus", "erf"] = parameter(
        "tanh",
        symbol="σ",
        title="activation",
        help="The non-linear function of the hidden neurons.",
        choice_titles={"tanh": "tanh", "relu": "ReLU", "softplus": "softplus", "erf": "erf"},
    )
    bias: bool = parameter(
        False,
        symbol="b",
        title="bias",
        help="Give each hidden neuron a bias b<sub>j</sub>.",
    )
    parameterization: Literal["ntk", "standard", "mean-field"] = parameter(
        "ntk",
        symbol="α(m)",
        title="parameterization",
        help="NTK: m<sup>−1/2</sup> Σ, c ~ N(0,1). Standard: Σ, c ~ N(0,1/m) (the slide read "
        "literally). Mean field: m<sup>−1</sup> Σ, never lazy.",
        choice_titles={
            "ntk": "NTK, 1/√m",
            "standard": "standard (Le Cun)",
            "mean-field": "mean field, 1/m",
        },
    )
    initialization: Literal["plain", "centred", "doubled"] = parameter(
        "doubled",
        symbol="w<sub>0</sub>",
        title="initialization",
        help="Doubled (each neuron has a mirror with the opposite sign) and centred "
        "(h − h(w<sub>0</sub>)) start at zero output; plain does not.",
        choice_titles={
            "plain": "plain",
            "centred": "centred, h − h(w₀)",
            "doubled": "doubled, h(w₀) = 0",
        },
    )
    output_law: Literal["gaussian", "rademacher", "uniform"] = parameter(
        "gaussian",
        symbol="c",
        title="output law",
        help="Law of the output weights c<sub>j</sub> at initialization. U(0, 1) is never divided "
        "by √m: with standard and unit rows it is the paper's figure 1.",
        choice_titles={
            "gaussian": "Gaussian",
            "rademacher": "Rademacher ±1",
            "uniform": "uniform on (0, 1)",
        },
        applies={"network": ("two-layer",)},
        advanced=True,
    )
    row_law: Literal["gaussian", "unit"] = parameter(
        "gaussian",
        symbol="a",
        title="row law",
        help="Law of the hidden rows a<sub>j</sub> at initialization: Gaussian, or Gaussian "
        "divided by their norms.",
        choice_titles={"gaussian": "Gaussian", "unit": "unit sphere"},
        applies={"network": ("two-layer",)},
        advanced=True,
    )
    gain: float = parameter(
        1.0,
        symbol="τ",
        title="initial size",
        help="Factor on all initial weights (τ in the paper's figure 1).",
        gt=0.0,
        le=1e6,
        log=True,
        typical=(0.01, 10.0),
        advanced=True,
    )
    loss: Literal["square", "logistic", "huber"] = parameter(
        "square",
        symbol="ℓ",
        title="loss",
        help="Loss per sample; κ and the closed-form linearization belong to the square loss.",
        group=Group.TRAINING,
        choice_titles={"square": "square", "logistic": "logistic (y = ±1)", "huber": "Huber"},
    )

    track_kernel: bool = parameter(
        False,
        symbol="Θ<sub>t</sub>",
        title="track the kernel",
        help="Record how far tangent kernel, hidden features and gates move: an n×n kernel per "
        "recorded row, slow for many samples.",
        group=Group.COMPUTE,
        advanced=True,
    )
    dtype: Dtype = parameter(
        "float64",
        symbol="precision",
        title="precision",
        help="float32 loses the small steps of a large α: wrong beyond α = 100.",
        group=Group.COMPUTE,
        choice_titles={"float64": "float64", "float32": "float32"},
        advanced=True,
    )
    device: Device = parameter(
        "auto",
        symbol="device",
        title="device",
        help="auto takes CUDA for large networks where there is one.",
        group=Group.COMPUTE,
        choice_titles={"auto": "auto", "cpu": "CPU", "cuda": "CUDA"},
        advanced=True,
    )
    threads: int = parameter(
        1,
        symbol="threads",
        title="threads",
        help="Threads of the linear algebra. Another number can change the last bits.",
        group=Group.COMPUTE,
        ge=1,
        le=64,
        typical=(1, 8),
        advanced=True,
    )

    @model_validator(mode="after")
    def _doubling_needs_pairs(self) -> Self:
        if self.initialization == "doubled" and self.network == "two-layer" and self.width % 2:
            raise ValueError(
                f"width: m = {self.width} is odd, and the doubled initialization pairs the "
                f"neurons; choose {self.width + 1}, or another initialization"
            )
        return self

    @model_validator(mode="after")
    def _tracked_kernel_is_small(self) -> Self:
        if self.track_kernel and self.samples > LARGEST_TRACKED:
            raise ValueError(
                f"track_kernel: the kernel of n = {self.samples:,} samples is too large to record; "
                f"choose at most {LARGEST_TRACKED:,} samples, or turn it off"
            )
        return self

    @classmethod
    def adapted(cls, values: dict[str, Any], asked: Mapping[str, Any]) -> dict[str, Any]:
        """Doubling rounds the width up to pairs; new data bring a target of their own."""
        changed = dict(values)
        paired = values["initialization"] == "doubled" and values["network"] == "two-layer"
        if paired and isinstance(values["width"], int) and values["width"] % 2:
            changed["width"] = values["width"] + 1
        return super().adapted(changed, asked)

    @property
    def n_parameters(self) -> int:
        """Number p of trainable weights."""
        d, m, bias = self.input_dimension, self.width, int(self.bias)
        if self.network == "two-layer":
            return m * (d + bias + 1)
        inner = (self.hidden_layers - 1) * m * (m + bias)
        copies = 2 if self.initialization == "doubled" else 1
        return copies * (m * (d + bias) + inner + m)

    def memory_bytes(self) -> int:
        """Copies of the weights, hidden activations, kernels, inputs and checkpoints."""
        n, points = self.samples, self.samples + self.test_samples + 241
        # w₀, w, the gradient, the state before a step, and what a recorded row computes from them.
        weights = 11 * self.n_parameters
        if self.network == "two-layer":
            # The values, and slopes where they don't follow from them; all else block by block.
            hidden = (2 if self.activation == "erf" else 1) * self.width * n + 8 * 65_536
        else:
            hidden = self.width * (8 * self.hidden_layers * n + 2 * points)
        kernels = 8 * n**2 + 2 * n * points if n <= LARGEST_KERNEL else self._krylov_entries()
        inputs = 3 * points * self.input_dimension
        checkpoints = 600 * 2 * (n + 241)
        if self.network == "two-layer" and self.input_dimension <= 3:
            checkpoints += 600 * 3 * min(self.width, 2000)
        tracked = 0
        if self.track_kernel:
            tracked = 20_000 * min(n, 32) + (600 * n**2 if n <= 128 else 4 * n**2)
        return 8 * (weights + hidden + kernels + inputs + checkpoints + tracked)

    def _krylov_entries(self) -> int:
        """Two Krylov spaces, as when one is left for the next, and what a product holds."""
        products = 0 if self.network == "two-layer" else 6_000_000 + 4 * self.n_parameters
        pulled = min(2 * LARGEST_PULLED, 2 * largest_space(self.samples) * self.n_parameters)
        return (2 * largest_space(self.samples) + 20) * self.samples + pulled + products
