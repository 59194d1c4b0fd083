"""A network beside its linearization (part "Lazy training" of the lecture)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import model_validator

from lazygui.scenarios.base import Device, Dtype, Scenario
from lazygui.scenarios.parameters import Group, parameter

_TARGETS = {"line": ("sine", "step", "bump"), "circle": ("waves", "sine3")}

DataName = Literal["line", "circle", "teacher", "digits", "csv"]


class LazyScenario(Scenario):
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
    output_law: Literal["gaussian", "rademacher"] = parameter(
        "gaussian",
        symbol="c",
        title="output law",
        help="Law of the output weights c<sub>j</sub> at initialization.",
        choice_titles={"gaussian": "Gaussian", "rademacher": "Rademacher ±1"},
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

    data: DataName = parameter(
        "line",
        symbol="(x, y)",
        title="data",
        help="Where the samples come from.",
        group=Group.DATA,
        choice_titles={
            "line": "1-D regression",
            "circle": "unit circle",
            "teacher": "teacher–student",
            "digits": "digits 8×8, one against the rest",
            "csv": "my own CSV file",
        },
    )
    samples: int = parameter(
        12,
        symbol="n",
        title="samples",
        help="Number of training samples; the linearization needs the spectrum of an n×n kernel.",
        group=Group.DATA,
        ge=2,
        le=2048,
        log=True,
        typical=(2, 512),
    )
    test_samples: int = parameter(
        0,
        symbol="n<sub>test</sub>",
        title="test samples",
        help="Number of held-out samples on which the test loss is measured; 0 for none.",
        group=Group.DATA,
        ge=0,
        le=100_000,
        typical=(0, 1000),
    )
    target: Literal["sine", "step", "bump", "waves", "sine3"] = parameter(
        "sine",
        symbol="y",
        title="target",
        help="The function to learn.",
        group=Group.DATA,
        choice_titles={
            "sine": "sin 3x",
            "step": "step",
            "bump": "bump",
            "waves": "sin 2t + ½ cos 3t",
            "sine3": "sin 3t",
        },
        applies={"data": ("line", "circle")},
    )
    noise: float = parameter(
        0.0,
        symbol="σ<sub>y</sub>",
        title="noise",
        help="Standard deviation of the noise added to the training targets.",
        group=Group.DATA,
        applies={"data": ("line", "circle", "teacher")},
        ge=0.0,
        le=1e3,
        typical=(0.0, 1.0),
    )
    dimension: int = parameter(
        10,
        symbol="d",
        title="dimension",
        help="Dimension of the inputs.",
        group=Group.DATA,
        applies={"data": ("teacher",)},
        ge=1,
        le=100_000,
        log=True,
        typical=(2, 200),
    )
    teachers: int = parameter(
        3,
        symbol="m<sub>0</sub>",
        title="teacher neurons",
        help="Hidden neurons of the teacher network.",
        group=Group.DATA,
        applies={"data": ("teacher",)},
        ge=1,
        le=10_000,
        typical=(1, 20),
    )
    bias_feature: bool = parameter(
        True,
        symbol="(x, 1)",
        title="constant feature",
        help="Append a constant to the inputs; without it a bias-free tanh net can only be odd.",
        group=Group.DATA,
        applies={"data": ("circle",)},
    )
    digit: int = parameter(
        0,
        symbol="digit",
        title="digit",
        help="The digit that is told from the rest.",
        group=Group.DATA,
        applies={"data": ("digits",)},
        ge=0,
        le=9,
    )
    data_file: str = parameter(
        "",
        symbol="CSV",
        title="data file",
        help="A CSV file with a header line; every column but the target is a feature.",
        group=Group.DATA,
        applies={"data": ("csv",)},
        max_length=4096,
    )
    target_column: str = parameter(
        "",
        symbol="y",
        title="target column",
        help="The column to predict; empty means the last one.",
        group=Group.DATA,
        applies={"data": ("csv",)},
        max_length=200,
    )
    data_seed: int = parameter(
        0,
        symbol="data seed",
        title="data seed",
        help="Seed of the data; a new seed of the run keeps the data.",
        group=Group.DATA,
        ge=0,
        le=2**32 - 1,
        typical=(0, 99),
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
    def _target_fits_the_data(self) -> Self:
        allowed = _TARGETS.get(self.data)
        if allowed and self.target not in allowed:
            raise ValueError(
                f"target: '{self.target}' does not go with data = '{self.data}'; "
                f"choose {' or '.join(allowed)}"
            )
        return self

    @model_validator(mode="after")
    def _file_is_named(self) -> Self:
        if self.data == "csv" and not self.data_file:
            raise ValueError("data_file: choose a CSV file, or another kind of data")
        return self

    @classmethod
    def adapted(cls, values: dict[str, Any], asked: Mapping[str, Any]) -> dict[str, Any]:
        """Doubling rounds the width up to pairs; new data bring a target of their own."""
        changed = dict(values)
        paired = values["initialization"] == "doubled" and values["network"] == "two-layer"
        if paired and isinstance(values["width"], int) and values["width"] % 2:
            changed["width"] = values["width"] + 1
        allowed = _TARGETS.get(values["data"])
        if allowed and values["target"] not in allowed and "target" not in asked:
            changed["target"] = allowed[0]
        return changed

    @property
    def input_dimension(self) -> int:
        """Features per sample as far as the scenario alone tells (64 for a CSV file)."""
        known = {"line": 2, "circle": 3 if self.bias_feature else 2, "digits": 64}
        return known.get(self.data, self.dimension if self.data == "teacher" else 64)

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
        """Weights (w, w₀, gradient, snapshot), hidden activations and the n×n kernel."""
        item = 8 if self.dtype == "float64" else 4
        n = self.samples + self.test_samples + 241
        # Wide nets run in blocks of neurons, so the activations never hold more than one block.
        hidden = min(self.width, 65_536) * self.samples * 3 * item
        kernel = 8 * (3 * self.samples**2 + n * self.samples)
        return 6 * 8 * self.n_parameters + hidden + kernel
