"""Typeset figures: texts, ticks, sizes, layout, and what the files hold."""

from __future__ import annotations

import base64
import io
import math
import re
import zlib
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lazygui.export.drawing import (
    Area,
    Arrows,
    AxisSpec,
    ColourBar,
    ColourKey,
    Curve,
    Drawing,
    Image,
    LegendEntry,
    Points,
    Rule,
    Segments,
    Sheet,
    Stroke,
    Text,
)
from lazygui.export.provenance import provenance_of, read_provenance
from lazygui.export.sizes import PRESETS, parse_size, size_of
from lazygui.export.ticks import number, ticks
from lazygui.export.typeset import FORMATS, render
from lazygui.export.typeset_page import ROW, TooSmallError, arranged
from lazygui.export.typeset_pgf import tex
from lazygui.export.typeset_text import typeset
from lazygui.export.typeset_type import Type, extent, face, parameters
from tests.views.histories import lazy

BLUE, ORANGE = "#0072b2", "#d55e00"
SIZE = size_of(86.0, 60.0, "mm")
LABELS = {
    "time <i>t</i> = <i>ηk</i>": r"time $t = \eta k$",
    "‖<i>αh</i> − <i>αh\u0304</i>‖<sub>F</sub>": (
        r"$\Vert\alpha h - \alpha\bar{h}\Vert_{\mathrm{F}}$"
    ),
    "(1 − <i>ηλ<sub>i</sub></i>)<sup><i>k</i></sup>": r"$(1 - \eta\lambda_{i})^{k}$",
    "½‖<i>D</i>²<i>h</i>[<i>u</i>, <i>u</i>]‖ <i>s</i>²": (
        r"$\frac{1}{2}\Vert D^{2}h[u, u]\Vert\,s^{2}$"
    ),
    "‖w − w<sub>0</sub>‖": r"$\Vert w - w_{0}\Vert$",
    "R<sub>test</sub>(αh\u0304)": r"$R_{\mathrm{test}}(\alpha\bar{h})$",
    "acc\u0304": r"$\overline{\mathrm{acc}}$",
    "s/√R": r"$s/\sqrt{R}$",
    "<i>F</i>(<i>w<sub>k</sub></i>) − <i>F</i>*": r"$F(w_{k}) - F^{*}$",
    "<i>c<sub>j</sub></i> &gt; 0": "$c_{j} > 0$",
    "10 % to 90 % of the runs": "10 % to 90 % of the runs",
    "error along a random <i>u</i>": "error along a random $u$",
    "<i>α</i> = 100: slope −0.5": r"$\alpha = 100$: slope $-0.5$",
    "one pair <i>a</i>, <i>b</i> each": "one pair $a$, $b$ each",
    "costs $5": r"costs \$5",
    "": "",
}


@pytest.mark.parametrize(("rich", "expected"), LABELS.items(), ids=range(len(LABELS)))
def test_rich_text_becomes_mathematics(rich, expected):
    assert typeset(rich) == expected


@pytest.mark.parametrize("rich", LABELS)
def test_mathematics_can_be_set(rich):
    import matplotlib

    with matplotlib.rc_context(parameters(9.0)):
        width, height, depth = extent(typeset(rich))
    assert width >= 0.3 * min(len(rich), 1)
    assert 0.0 <= height < 2.0
    assert 0.0 <= depth < 1.0


def test_texts_without_a_letter_in_computer_modern_take_another_family():
    assert face("loss $\\alpha$")["fontfamily"] == "cmr10"
    assert face("perte déterminée $\\alpha$")["fontfamily"] == "STIXGeneral"
    assert face("a_b")["fontfamily"] == "STIXGeneral"


def test_tex_commands_outside_mathematics_are_escaped():
    assert tex("10 % of $a_{i}$ & b_c #1") == r"10 \% of $a_{i}$ \& b\_c \#1"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("0.5", "$0.5$"), ("-3", "$-3$"), ("−3", "$-3$"), ("1e-05", "$10^{-5}$"),
     ("2.5e+07", r"$2.5\cdot 10^{7}$"), ("3.2·10⁻⁷", r"$3.2\cdot10^{-7}$")],
)  # fmt: skip
def test_numbers_have_real_minus_signs_and_powers(text, expected):
    assert number(text) == expected


@given(
    low=st.floats(-1e9, 1e9), width=st.floats(1e-6, 1e9), most=st.floats(1, 12), log=st.booleans()
)
def test_ticks_lie_inside_in_order_and_never_crowd(low, width, most, log):
    if log:
        low, width = low / 1e8, min(width, 500.0)
    high = low + width
    named, bare = ticks((low, high), log, most)
    places = [place for place, _ in named]
    room = 1e-6 * width + 1e-9
    assert all(low - room <= place <= high + room for place in (*places, *bare))
    assert places == sorted(set(places))
    assert len(places) <= max(2.5 * most + 2, 4)
    assert all(text.startswith("$") for _, text in named)


def test_log_ticks_are_powers_of_ten():
    named, bare = ticks((-3.2, 0.4), True, 6.0)
    assert named == [(float(k), f"$10^{{{k}}}$") for k in (-3, -2, -1, 0)]
    assert len(bare) == 28
    assert min(bare) == pytest.approx(math.log10(7e-4))


@pytest.mark.parametrize(
    ("text", "width", "height"),
    [("128x72mm", 128 / 25.4, 72 / 25.4), ("5x3in", 5, 3), ("960×480px", 10, 5),
     ("10,5 x 5 cm", 10.5 / 2.54, 5 / 2.54), ("100x50", 100 / 25.4, 50 / 25.4)],
)  # fmt: skip
def test_sizes_are_read(text, width, height):
    size = parse_size(text)
    assert (size.width, size.height) == pytest.approx((width, height))


def test_a_size_in_pixels_gives_exactly_these_pixels():
    assert parse_size("1280x720px").pixels == (1280, 720)
    assert parse_size("column").pixels == (round(300 * 86 / 25.4), round(300 * 60 / 25.4))


@pytest.mark.parametrize(
    ("text", "word"),
    [("beamr", "beamer"), ("1x1mm", "10 to 3000 mm"), ("big", "128x72mm"), ("9x9km", "no size"),
     ("1e9x2mm", "no size"), ("9999999x9px", "can't be made"), ("nanxnan", "no size")],
)  # fmt: skip
def test_other_sizes_are_refused_with_the_remedy(text, word):
    with pytest.raises(ValueError, match=re.escape(word)):
        parse_size(text)


# Figures


def drawing(**changes) -> Drawing:
    x = np.linspace(0.0, 4.0, 200)
    blue = Stroke(BLUE, 1.5)
    parts = {
        "title": "Loss",
        "x": AxisSpec("time <i>t</i> = <i>ηk</i>", (-0.2, 4.2)),
        "y": AxisSpec("<i>R</i>(<i>αh</i>)", (-3.2, 0.4), log=True),
        "items": (
            Area(x, np.exp(-x) / 2, np.exp(-x) * 2, BLUE, 0.2),
            Curve(x, np.exp(-x), blue),
            Curve(x, np.exp(-1.5 * x), Stroke(ORANGE, 1.5, (5.0, 3.0))),
            Points(x[::40], np.exp(-x[::40]), BLUE, 5.0, "t", "#ffffff"),
        ),
        "legend": (
            LegendEntry("network <i>αh</i>", blue),
            LegendEntry("linearization", Stroke(ORANGE, 1.5, (5.0, 3.0))),
            LegendEntry("data", symbol="o", colour="#1b2430"),
        ),
    }
    return Drawing(**(parts | changes))


def every_item() -> Drawing:
    shades = np.linspace(0, 255, 4 * 4 * 4).astype(np.uint8).reshape(4, 4, 4)
    x = np.array([0.5, np.nan, 2.0, np.inf, -1.0, 1e308])
    thin = Stroke("#737c88", 0.8, (6.0, 2.5, 1.0, 2.5))
    return drawing(
        items=(
            Image(shades, (0.0, 2.0), (0.01, 1.0), smooth=False),
            Image(shades, (2.0, 4.0), (-2.0, 0.0), in_axis_coordinates=True),
            Area(x, x, x / 2, BLUE, 0.5),
            Curve(x, x, thin),
            Curve(x, x, thin, np.array([True, False, True, True, True, False])),
            Curve(x[:1], x[:1], thin),
            Curve(x[:0], x[:0], thin),
            *(Points(x, x, ORANGE, 5.0, s) for s in ("o", "s", "t", "star")),
            Points(x, x, ORANGE, 6.0, "x", at_top=True),
            Segments(np.array([[0.0, 0.1, 1.0, 1.0], [np.nan] * 4]), thin),
            Segments(np.array([[0.0, -1.0, 1.0, 0.0]]), thin, in_axis_coordinates=True),
            *(Rule(kind, 0.5, thin) for kind in ("horizontal", "vertical", "diagonal")),
            Rule("horizontal", -1.0, thin),
            Text(1.0, 0.1, "now", "#000000", 8.0),
            Text(1.0, 0.2, "−0.37", "#000000", 8.0, beside=True),
            Arrows(np.array([[0.0, 0.1]] * 2), np.array([[1.0, 1.0], [np.inf, 1.0]]), thin, 6.0),
            ColourKey(shades.reshape(16, 4), ("0.01", "2.1"), (1, 0)),
        ),
        bar=ColourBar("<i>α</i>", (0.0, 4.0), True, shades.reshape(16, 4)),
    )


STARTS = {"pdf": b"%PDF-", "svg": b"<?xml", "pgf": b"% ", "eps": b"%!PS-Adobe", "png": b"\x89PNG"}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("background", ["light", "transparent"])
def test_every_item_in_every_format_twice_the_same_bytes(form, background):
    first = render(every_item(), form, SIZE, background=background)
    assert first.startswith(STARTS[form])
    assert first == render(every_item(), form, SIZE, background=background)


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_leads_back_to_its_run(form, tmp_path):
    record = provenance_of(lazy(rows=10))
    path = tmp_path / f"figure.{form}"
    path.write_bytes(render(drawing(), form, SIZE, provenance=record))
    assert read_provenance(path) == record


def pdf_streams(data: bytes) -> bytes:
    """The page's operators, which are compressed in the file."""
    found = []
    for match in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL):
        try:
            found.append(zlib.decompress(match[1]))
        except zlib.error:
            continue
    return b"\n".join(found)


def test_a_pdf_holds_vectors_and_its_fonts_and_has_the_size_asked_for():
    data = render(drawing(), "pdf", SIZE)
    assert b"/Subtype /Image" not in data
    fonts, files = data.count(b"/Type /FontDescriptor"), data.count(b"/FontFile2")
    assert fonts == files >= 2
    box = re.search(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", data)
    assert (float(box[1]), float(box[2])) == pytest.approx((86 / 25.4 * 72, 60 / 25.4 * 72), 1e-5)
    # Blue and vermilion as strokes, in shares of 255.
    operators = pdf_streams(data)
    for colour in (BLUE, ORANGE):
        parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        found = re.findall(rb"([\d.]+) ([\d.]+) ([\d.]+) RG", operators)
        assert any(np.allclose([float(p) for p in one], parts, atol=1e-4) for one in found)


def test_only_pictures_are_images():
    assert b"/Subtype /Image" in render(every_item(), "pdf", SIZE)
    bar = drawing(bar=ColourBar("α", (0.0, 4.0), True, np.full((256, 4), 90, dtype=np.uint8)))
    assert b"/Subtype /Image" not in render(bar, "pdf", SIZE)


def test_an_svg_needs_no_font_of_its_reader():
    root = ElementTree.fromstring(render(drawing(), "svg", SIZE))
    names = {element.tag.partition("}")[2] for element in root.iter()}
    assert "text" not in names
    assert "image" not in names
    assert float(root.get("width").removesuffix("pt")) == pytest.approx(86 / 25.4 * 72, 1e-5)


def test_an_eps_has_nothing_that_shines_through_and_no_date():
    data = render(drawing(), "eps", SIZE, provenance=provenance_of(lazy(rows=5)))
    assert b"CreationDate" not in data
    assert max(map(len, data.splitlines())) <= 255
    # 0.2 of blue over white, as an opaque colour.
    pale = [0.2 * int(BLUE[k : k + 2], 16) / 255 + 0.8 for k in (1, 3, 5)]
    found = re.findall(rb"([\d.]+) ([\d.]+) ([\d.]+) setrgbcolor", data)
    assert any(np.allclose([float(p) for p in one], pale, atol=2e-3) for one in found)


def as_png(columns: int, rows: int, data: bytes) -> np.ndarray:
    """Packed pixels as a reader of PNG sees them, which unpacks in the same way."""
    from matplotlib.image import imread

    def chunk(name: bytes, content: bytes) -> bytes:
        size, check = len(content).to_bytes(4), zlib.crc32(name + content).to_bytes(4)
        return size + name + content + check

    head = columns.to_bytes(4) + rows.to_bytes(4) + bytes((8, 2, 0, 0, 0))
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    found = imread(io.BytesIO(b"\x89PNG\r\n\x1a\n" + parts))
    return (255 * found).round().astype(np.uint8)


def eps_image(data: bytes) -> np.ndarray:
    size = re.search(rb"/ImageType 1 /Width (\d+) /Height (\d+)\n", data)
    packed = re.search(rb"/FlateDecode filter >> image\n(.*?)~>\n", data, re.DOTALL)
    assert not re.search(rb"(?m)^%", packed[1])
    return as_png(int(size[1]), int(size[2]), base64.a85decode(packed[1]))


def pgf_image(data: bytes) -> np.ndarray:
    size = re.search(rb"BI /W (\d+) /H (\d+) /CS /RGB /BPC 8 /F \[/AHx /Fl\]", data)
    packed = re.search(rb"\] ID\n([0-9a-f\n]*)\\string> EI", data)
    return as_png(int(size[1]), int(size[2]), bytes.fromhex(packed[1].decode()))


@pytest.mark.parametrize("form", ["eps", "pgf"])
@pytest.mark.parametrize("smooth", [False, True])
def test_an_image_is_packed_into_the_file_itself(form, smooth):
    """Its colours are those of the PNG as large, over the ground where they shine through."""
    rng = np.random.default_rng(0)
    shades = rng.integers(0, 256, (6, 9, 4)).astype(np.uint8)
    shades[..., 3] = 255
    shades[0, 0] = (0, 0, 0, 0)
    figure = drawing(items=(Image(shades, (0.0, 4.0), (1e-3, 1.0), smooth=smooth),), legend=())
    data = render(figure, form, SIZE)
    found = (eps_image if form == "eps" else pgf_image)(data)
    # The first row is the lowest one, and each corner is a cell of its own.
    corners = {(-1, 0): (255, 255, 255), (-1, -1): shades[0, -1, :3], (0, 0): shades[-1, 0, :3]}
    for place, expected in corners.items():
        assert found[place].tolist() == list(expected)
    assert found.shape[0] > 100
    if not smooth:
        tall, wide = found.shape[0] // 6, found.shape[1] // 9
        middle = found[tall // 2 :: tall, wide // 2 :: wide][::-1]
        assert (middle.reshape(-1, 3)[1:] == shades[..., :3].reshape(-1, 3)[1:]).all()
    assert len(data) < 200_000


def test_pgf_needs_no_tex_installation_and_no_other_file(monkeypatch):
    monkeypatch.setenv("PATH", "")
    text = render(every_item(), "pgf", SIZE).decode("utf-8")
    assert r"\begin{pgfpicture}" in text
    assert r"$R(\alpha h)$" in text
    assert "includegraphics" not in text
    assert "mathdefault" not in text
    opened, closed = text.count(r"\begin{pgfscope}"), text.count(r"\end{pgfscope}")
    assert opened == closed > 10


def test_a_png_has_the_pixels_asked_for_and_a_transparent_one_no_paper():
    size = size_of(400, 300, "px")
    data = render(drawing(), "png", size, background="transparent")
    assert (int.from_bytes(data[16:20]), int.from_bytes(data[20:24])) == (400, 300)
    from matplotlib.image import imread

    assert imread(io.BytesIO(data))[0, 0, 3] == 0.0
    assert imread(io.BytesIO(render(drawing(), "png", size)))[0, 0].tolist() == [1.0] * 4


def test_the_settings_of_matplotlib_stay_the_users(monkeypatch):
    import matplotlib

    monkeypatch.setitem(matplotlib.rcParams, "lines.linewidth", 7.0)
    monkeypatch.setitem(matplotlib.rcParams, "font.size", 30.0)
    before = dict(matplotlib.rcParams)
    data = render(drawing(), "pdf", SIZE)
    assert dict(matplotlib.rcParams) == before
    monkeypatch.undo()
    assert data == render(drawing(), "pdf", SIZE)


# Layout

PAGE = (72.0 * SIZE.width, 72.0 * SIZE.height)


def panels(sheet: Sheet, page=PAGE, size: float = 8.0):
    import matplotlib

    with matplotlib.rc_context(parameters(size)):
        return arranged(sheet, page, Type(size))


def test_the_legend_stands_above_the_plot_and_inside_the_page():
    wide = tuple(LegendEntry(f"a rather long name {k}", Stroke(BLUE, 1.0)) for k in range(5))
    (panel,) = panels(Sheet(((drawing(legend=wide), (0, 0, 1, 1)),)))
    assert len(panel.rows) > 1
    assert panel.box.top + ROW * len(panel.rows) * 8.0 <= PAGE[1]
    right = panel.box.left + panel.box.width
    assert panel.box.left > 0.0
    assert right < PAGE[0]


def test_plots_of_a_page_are_aligned_whatever_their_labels():
    far = drawing(y=AxisSpec("<i>y</i>", (-1.2e5, 1.0)), legend=())
    places = ((0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 1), (1, 1, 1, 1))
    page = (500.0, 400.0)
    sheet = Sheet(tuple(zip((drawing(), far, far, drawing()), places, strict=True)))
    boxes = [panel.box for panel in panels(sheet, page)]
    assert boxes[0].left == boxes[2].left
    assert boxes[1].left == boxes[3].left
    assert boxes[0].bottom == boxes[1].bottom
    assert boxes[0].top == boxes[1].top
    assert boxes[2].top < boxes[0].bottom


def test_equal_axes_have_units_of_equal_length():
    square = AxisSpec("x", (-9.0, 9.0), (-1.0, 1.0))
    free = drawing(x=square, y=AxisSpec("y", (-1.5, 1.5), (-1.0, 1.0)), equal=True, items=())
    picture = Image(np.zeros((4, 4, 4), dtype=np.uint8), (-9.0, 9.0), (-1.5, 1.5))
    framed = drawing(x=square, y=free.y, equal=True, items=(picture,))
    for one in (free, framed):
        (panel,) = panels(Sheet(((one, (0, 0, 1, 1)),)))
        (x0, x1), (y0, y1) = panel.drawing.x.span, panel.drawing.y.span
        assert panel.box.width / (x1 - x0) == pytest.approx(panel.box.height / (y1 - y0))
        assert x0 <= -1.0
        assert y0 <= -1.0
    assert y0 >= -1.5


def test_a_figure_too_small_for_its_type_is_refused_with_the_remedy():
    with pytest.raises(TooSmallError, match="larger size or smaller type"):
        render(drawing(), "pdf", size_of(12.0, 10.0, "mm"))


def test_unknown_formats_are_refused():
    with pytest.raises(ValueError, match="pdf, svg, pgf, eps, png"):
        render(drawing(), "gif", SIZE)


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_has_room_for_a_plot(preset):
    assert render(drawing(), "svg", PRESETS[preset].size)
