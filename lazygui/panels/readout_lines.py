"""What the readout shows: a label and where its value stands in the history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lazygui.panels.number_text import grouped, readable
from lazygui.panels.stability import learning_rate_now
from lazygui.simulation.history import History

Read = Callable[[History], "str | None"]


@dataclass(frozen=True)
class Line:
    """`label` is rich text; `read` gives the text of the value, or None while it is not known."""

    key: str
    label: str
    help: str
    read: Read
    needs: str = ""


def column(name: str) -> Read:
    """The newest value of a column."""

    def read(history: History) -> str | None:
        return readable(float(history.latest(name))) if len(history) else None

    return read


def fact(name: str, power: int = 1) -> Read:
    """A fact about the run, raised to a power."""

    def read(history: History) -> str | None:
        value = history.facts.get(name)
        return None if value is None else readable(_power(float(value), power))

    return read


def _power(value: float, power: int) -> float:
    try:
        return value**power
    except OverflowError:
        return float("inf")


def _step(history: History) -> str:
    return grouped(history.last_step)


def _runs(history: History) -> str:
    return f"{grouped(history.last_step)} / {grouped(int(history.facts['runs']))}"


def _diverged(history: History) -> str:
    return grouped(int(history["diverged"].sum()))


def _rate(history: History) -> str:
    return readable(learning_rate_now(history))


KAPPA_FACTORS = (
    Line("residual_norm", "‖αh(w<sub>0</sub>) − y‖",
         "Distance of the initial outputs from the targets.", fact("residual_norm")),
    Line("second_differential_norm", "‖D²h(w<sub>0</sub>)‖",
         "Norm of the second differential: how fast the model bends.",
         fact("second_differential_norm")),
    Line("differential_norm", "‖Dh(w<sub>0</sub>)‖²",
         "Squared norm of the differential: how fast the outputs move.",
         fact("differential_norm", 2)),
)  # fmt: skip

STEP_SIZE = (
    Line("rate", "η now", "The learning rate of the next step.", _rate),
    Line("lambda_max", "λ<sub>max</sub>(Θ/n)",
         "Largest eigenvalue of the tangent kernel over n, equal to ‖Dh(w<sub>0</sub>)‖².",
         fact("lambda_max"), needs="lambda_max"),
    Line("stability_limit", "stability limit",
         "Above 2/λ<sub>max</sub> the steepest mode grows at each step.",
         fact("stability_limit"), needs="stability_limit"),
    Line("best_learning_rate", "best constant step",
         "2/(λ<sub>max</sub> + λ<sub>min</sub>): the slowest mode falls as fast as it can.",
         fact("best_learning_rate"), needs="best_learning_rate"),
)  # fmt: skip

NOW = (
    Line("step", "step", "Gradient steps done.", _step),
    Line("time", "time t = Ση", "Sum of the learning rates of the steps done.", column("time"),
         needs="time"),
    Line("loss", "loss", "The loss at the current iterate.", column("loss"), needs="loss"),
    Line("loss_linearized", "loss, linearization", "The loss of the linearized model.",
         column("loss_linearized"), needs="loss_linearized"),
    Line("test_loss", "test loss", "The loss on held-out samples.", column("test_loss"),
         needs="test_loss"),
    Line("test_accuracy", "test accuracy", "Share of held-out samples told right.",
         column("test_accuracy"), needs="test_accuracy"),
    Line("gap", "F(w) − F*", "Loss above its minimum.", column("gap"), needs="gap"),
    Line("distance", "distance", "Distance to the limit or to the nearest minimizer.",
         column("distance"), needs="distance"),
    Line("gradient_norm", "‖∇F(w)‖", "Norm of the gradient.", column("gradient_norm"),
         needs="gradient_norm"),
    Line("relative_displacement", "‖w − w<sub>0</sub>‖ / ‖w<sub>0</sub>‖",
         "How far the weights went, relative to their start.",
         column("relative_displacement"), needs="relative_displacement"),
    Line("output_gap", "‖αh − αh̄‖", "Outputs of the network against its linearization.",
         column("output_gap"), needs="output_gap"),
    Line("weight_gap", "‖w − w̄‖", "Weights of the network against its linearization.",
         column("weight_gap"), needs="weight_gap"),
    Line("off_image", "off w<sub>0</sub> + Im X",
         "Part of the displacement outside the image of X; zero in exact arithmetic.",
         column("off_image"), needs="off_image"),
)  # fmt: skip

SWEEP = (
    Line("runs", "runs finished", "Runs of the sweep that have ended.", _runs),
    Line("diverged", "diverged", "Runs that left the finite numbers: kept, and left out of fits.",
         _diverged),
)  # fmt: skip


def lines_for(history: History) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """The lines on the step size, by facts (one that is None counts as absent), and on now."""
    if is_sweep(history):
        return (), SWEEP
    by_fact = tuple(n for n in STEP_SIZE if not n.needs or history.facts.get(n.needs) is not None)
    return by_fact, tuple(n for n in NOW if not n.needs or n.needs in history)


def is_sweep(history: History) -> bool:
    """Whether the steps of the history are runs."""
    return "axes" in history.facts
