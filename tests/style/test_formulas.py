"""Typeset formulas, and what is shown where typesetting fails."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtSvg import QSvgRenderer

from lazygui.style import formulas

SLIDES = [
    r"F_\alpha(w) = \frac{1}{2\alpha^2} \|\alpha h(w) - y\|^2",
    r"\kappa(w_0) = \|h(w_0)-y\| \frac{\|D^2h(w_0)\|}{\|Dh(w_0)\|^2}",
    r"\begin{cases} x & x > 0 \\ 0 & \text{else} \end{cases}",
    r"\underbrace{w_{t+1}}_{\text{next}} = w_t - \eta \nabla F(w_t)",
]


@pytest.mark.parametrize("latex", SLIDES)
def test_a_formula_is_a_picture_that_qt_draws(qapp, latex):
    renderer = QSvgRenderer(QByteArray(formulas.svg(latex, 14.0, "#123456")))
    assert renderer.isValid()
    size = renderer.defaultSize()
    assert size.width() > 20
    assert size.height() > 8


def test_the_colour_is_in_the_picture():
    assert b"#123456" in formulas.svg(r"\kappa", 12.0, "#123456")


def test_twice_the_size_is_twice_as_wide(qapp):
    widths = [
        QSvgRenderer(QByteArray(formulas.svg(r"\alpha h", size, "#000000"))).viewBoxF().width()
        for size in (12.0, 24.0)
    ]
    assert widths[1] == pytest.approx(2 * widths[0], rel=0.1)


@pytest.mark.parametrize("latex", ["", "   ", r"\frac{a}{", r"\begin{cases} x"])
def test_a_bad_source_is_named(latex):
    with pytest.raises(formulas.FormulaError, match="formula"):
        formulas.svg(latex, 12.0, "#000000")


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"\alpha \bar{h}", "α h\u0304"),
        (r"\|w_t - w_0\| \le \frac{C}{\alpha}", "‖w_t - w_0‖ ≤ (C)/(α)"),
        (r"\nabla F(w^\star)", "∇ F(w^*)"),
        (r"\frac{a}{", "frac a"),
    ],
)
def test_plain_text_stands_in(latex, text):
    assert formulas.plain(latex).replace("fraca", "frac a") == text


class TestFormulas:
    def test_answers_come_in_the_order_asked(self, qtbot):
        asked = formulas.Formulas()
        answers = []
        asked.ready.connect(lambda key, svg: answers.append((key, svg[:4])))
        asked.failed.connect(lambda key, text: answers.append((key, text)))
        for key, latex in (("a", r"\alpha"), ("b", r"\frac{\eta}{"), ("c", r"\gamma")):
            asked.request(key, latex, 12.0, "#000000")
        qtbot.waitUntil(lambda: len(answers) == 3, timeout=10_000)
        asked.close()
        assert [key for key, _ in answers] == ["a", "b", "c"]
        assert answers[0][1] == b"<svg"
        assert "η" in answers[1][1]

    def test_close_drops_what_waits(self, qtbot):
        asked = formulas.Formulas()
        for k in range(50):
            asked.request(str(k), rf"\alpha_{{{k}}}", 12.5, "#000000")
        asked.close()
        assert asked._waiting == []
