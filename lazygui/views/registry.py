"""Every view there is, in the order a stage offers them."""

from __future__ import annotations

from collections.abc import Iterable

from lazygui.simulation.history import History
from lazygui.views.accuracy import Accuracy
from lazygui.views.agreement import Agreement
from lazygui.views.chords import Chords
from lazygui.views.difference import Difference
from lazygui.views.displacement import Displacement
from lazygui.views.distance import Distance
from lazygui.views.gap import Gap
from lazygui.views.gradient_cloud import GradientCloud
from lazygui.views.heuristic import Heuristic
from lazygui.views.iterate_cloud import IterateCloud
from lazygui.views.kernel_drift import KernelDrift
from lazygui.views.kernel_matrix import KernelMatrix
from lazygui.views.kernel_spectrum import KernelSpectrum
from lazygui.views.loss_along_line import LossAlongLine
from lazygui.views.loss_curve import LossCurve
from lazygui.views.loss_slice import LossSlice
from lazygui.views.modes import Modes
from lazygui.views.neurons import Neurons
from lazygui.views.objective_1d import Objective1D
from lazygui.views.objective_2d import Objective2D
from lazygui.views.off_image import OffImage
from lazygui.views.output_gap import OutputGap
from lazygui.views.outputs import Outputs
from lazygui.views.quantile_band import QuantileBand
from lazygui.views.sample_difference import SampleDifference
from lazygui.views.sweep_curves import SweepCurves
from lazygui.views.sweep_map import SweepMap
from lazygui.views.sweep_scatter import SweepScatter
from lazygui.views.taylor import Taylor
from lazygui.views.training_loss import TrainingLoss
from lazygui.views.view import View

VIEWS: tuple[type[View], ...] = (
    Objective1D,
    Objective2D,
    IterateCloud,
    GradientCloud,
    QuantileBand,
    Chords,
    Outputs,
    Agreement,
    LossSlice,
    LossAlongLine,
    TrainingLoss,
    Displacement,
    Difference,
    SampleDifference,
    OutputGap,
    Accuracy,
    Neurons,
    KernelMatrix,
    KernelSpectrum,
    KernelDrift,
    Taylor,
    Heuristic,
    Modes,
    LossCurve,
    Gap,
    Distance,
    OffImage,
    SweepCurves,
    SweepScatter,
    SweepMap,
)


def views_for(run: History | Iterable[str]) -> list[type[View]]:
    """The views that suit a run.

    With a history the dimension of its objective counts too; with bare names (of columns, facts
    and frame arrays) only whether they are there.
    """
    if isinstance(run, History):
        return [view for view in VIEWS if view.suits(run)]
    names = frozenset(run)
    return [view for view in VIEWS if view.requires <= names]
