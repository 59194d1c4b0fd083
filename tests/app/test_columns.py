"""The columns beside the stage: as wide as their type needs, never at the cost of the stage."""

from __future__ import annotations

import pytest

from lazygui.app.workspace import NARROWEST_STAGE
from lazygui.style.themes import THEMES
from tests.app.conftest import Bench


def widths(bench: Bench) -> list[int]:
    bench.rest()
    return bench.window.workspace.splitter.sizes()


def test_the_lecture_grows_and_shrinks_with_the_type(bench: Bench):
    bench.window.set_theme(THEMES["light"])
    bench.window.resize(1920, 1080)
    before = widths(bench)[0]
    bench.window.set_theme(THEMES["projector"])
    assert widths(bench)[0] == pytest.approx(before * THEMES["projector"].font_scale, abs=2)
    bench.window.set_theme(THEMES["dark"])
    assert widths(bench)[0] == pytest.approx(before, abs=2)


def test_on_a_narrow_screen_it_grows_no_further_than_the_stage_can_spare(bench: Bench):
    bench.window.set_theme(THEMES["light"])
    bench.window.resize(1366, 768)
    before = widths(bench)[0]
    bench.window.set_theme(THEMES["projector"])
    lecture, stage, _ = widths(bench)
    needed = NARROWEST_STAGE * THEMES["projector"].font_scale
    assert lecture in {0, before} or stage >= needed - 2
