"""What a network beside its linearization records at each row."""

from __future__ import annotations

from lazygui.simulation.history import Column

_TRAINING = (
    Column("loss", "R(αh)", "loss of the network"),
    Column("loss_linearized", "R(αh̄)", "loss of the linearization"),
    Column("displacement", "‖w − w<sub>0</sub>‖", "displacement"),
    Column(
        "relative_displacement",
        "‖w − w<sub>0</sub>‖ / ‖w<sub>0</sub>‖",
        "relative displacement",
    ),
    Column("displacement_linearized", "‖w̄ − w<sub>0</sub>‖", "displacement, linearization"),
    Column("weight_gap", "‖w − w̄‖", "weights of network and linearization"),
    Column("output_gap", "‖αh − αh̄‖", "outputs of network and linearization"),
)
_TEST = (
    Column("test_loss", "R<sub>test</sub>(αh)", "test loss"),
    Column("test_loss_linearized", "R<sub>test</sub>(αh̄)", "test loss, linearization"),
)


def lazy_columns(has_test: bool, classification: bool) -> tuple[Column, ...]:
    """The columns of a run with or without test samples, of a classification or not."""
    columns = [*_TRAINING, *(_TEST if has_test else ())]
    for part in ("", *(("test_",) if has_test else ())) if classification else ():
        word = part.replace("_", " ")
        columns.append(Column(f"{part}accuracy", "acc", f"{word}accuracy", log=False))
        columns.append(
            Column(f"{part}accuracy_linearized", "acc̄", f"{word}accuracy, linearization", log=False)
        )
    return tuple(columns)
