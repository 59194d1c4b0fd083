"""Every kind of file leads back to its run, and stays the file that it was."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import os
import zipfile
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import av
import numpy as np
import pytest
from matplotlib.figure import Figure
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QGuiApplication, QImage, QPainter, QPdfWriter

from lazygui.export.atomic import ExportError
from lazygui.export.provenance import (
    Provenance,
    container_tags,
    pdf_metadata,
    provenance_of,
    read_provenance,
    stamp_gif,
    stamp_png,
    stamp_svg,
    stamp_webp,
    xmp,
)
from lazygui.export.table import history_csv
from lazygui.scenarios.files import loads
from tests.export.runs import SCENARIO, SWEEP, small_run, small_sweep

RECORD = provenance_of(small_run())
# Everything that XML, PDF, JSON and TOML have escapes for, and letters beyond Latin-1.
HOSTILE = SCENARIO.replace(
    data="csv", data_file='<é>\\(&amp;)"\\u0028 Δ]]>--.csv', target_column="y%"
)


def figure(kind: str, **metadata: Any) -> bytes:
    buffer = io.BytesIO()
    drawn = Figure(figsize=(2, 1))
    drawn.subplots().plot([0, 1], [1, 0])
    drawn.savefig(buffer, format=kind, **metadata)
    return buffer.getvalue()


def film(path: Path, codec: str, pixels: str, tags: dict[str, str]) -> None:
    with av.open(str(path), "w") as container:
        container.metadata.update(tags)
        stream = container.add_stream(codec, rate=Fraction(10))
        stream.width, stream.height, stream.pix_fmt = 64, 32, pixels
        for shade in (0, 90, 200):
            picture = np.full((32, 64, 3), shade, dtype=np.uint8)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format=pixels)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def frames(path: Path) -> int:
    with av.open(str(path)) as container:
        return sum(1 for _ in container.decode(video=0))


def write_png(path: Path, record: Provenance) -> None:
    path.write_bytes(stamp_png(figure("png"), record))


def write_svg(path: Path, record: Provenance) -> None:
    path.write_bytes(stamp_svg(figure("svg"), record))


def write_pdf(path: Path, record: Provenance) -> None:
    path.write_bytes(figure("pdf", metadata=pdf_metadata(record)))


def write_scene(path: Path, record: Provenance) -> None:
    writer = QPdfWriter(str(path))
    writer.setDocumentXmpMetadata(QByteArray(xmp(record)))
    painter = QPainter(writer)
    painter.drawLine(0, 0, 100, 100)
    painter.end()


def write_eps(path: Path, record: Provenance) -> None:
    head, line_end, rest = figure("eps").partition(b"\n")
    lines = "".join(f"% {line}\n" for line in record.comment_lines(200))
    assert max(map(len, lines.splitlines())) <= 202
    path.write_bytes(head + line_end + lines.encode("ascii") + rest)


def write_pgf(path: Path, record: Provenance) -> None:
    path.write_text("".join(f"% {line}\n" for line in record.comment_lines()) + "\\endinput\n")


def write_mp4(path: Path, record: Provenance) -> None:
    film(path, "libx264", "yuv420p", container_tags(record))


def write_webm(path: Path, record: Provenance) -> None:
    film(path, "libvpx-vp9", "yuv420p", container_tags(record))


def write_gif(path: Path, record: Provenance) -> None:
    film(path, "gif", "rgb8", {})
    path.write_bytes(stamp_gif(path.read_bytes(), record))


def write_webp(path: Path, record: Provenance) -> None:
    film(path, "libwebp_anim", "bgra", {})
    path.write_bytes(stamp_webp(path.read_bytes(), record))


def write_zip(path: Path, record: Provenance) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("read-me.txt", "a film as pictures")
        archive.writestr("frame-0001.png", stamp_png(figure("png"), record))


WRITERS: dict[str, Callable[[Path, Provenance], None]] = {
    "png": write_png,
    "svg": write_svg,
    "pdf": write_pdf,
    "scene.pdf": write_scene,
    "eps": write_eps,
    "pgf": write_pgf,
    "mp4": write_mp4,
    "webm": write_webm,
    "gif": write_gif,
    "webp": write_webp,
    "zip": write_zip,
}


@pytest.mark.parametrize("name", WRITERS)
def test_every_container_gives_the_record_back(name: str, tmp_path: Path, qapp: QGuiApplication):
    for scenario in (SCENARIO, HOSTILE):
        history = small_run()
        history.scenario = scenario
        record = provenance_of(history)
        path = tmp_path / f"ä é.{name}"
        WRITERS[name](path, record)
        assert read_provenance(path) == record
        assert loads(read_provenance(path).scenario) == scenario


def test_the_record_says_what_ran():
    assert loads(RECORD.scenario) == SCENARIO
    assert (RECORD.steps, RECORD.seed, RECORD.device, RECORD.threads) == (40, 0, "cpu", 1)
    assert RECORD.versions["numpy"] == np.__version__
    assert set(RECORD.versions) >= {"lazygui", "python", "numpy", "torch"}
    assert RECORD.hash in RECORD.summary()
    sweep = provenance_of(small_sweep())
    assert loads(sweep.scenario) == SWEEP
    assert (sweep.steps, sweep.seed, sweep.threads) == (6, 0, 1)


def test_the_hash_is_the_sha256_of_all_the_rest():
    values = json.loads(RECORD.to_json())
    said = values.pop("hash")
    text = json.dumps(values, sort_keys=True, separators=(",", ":"))
    for sign in "<>&()":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    assert said == hashlib.sha256(text.encode()).hexdigest()[:16]
    assert dataclasses.replace(RECORD, steps=41).to_json() != RECORD.to_json()


def test_the_day_is_that_of_source_date_epoch(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86399")
    assert provenance_of(small_run()).date == "1970-01-01"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert provenance_of(small_run()).date == "1970-01-02"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
    assert provenance_of(small_run()).date == RECORD.date


def test_a_picture_keeps_its_pixels_and_shows_its_texts():
    plain = figure("png")
    stamped = stamp_png(plain, RECORD)
    assert QImage.fromData(stamped) == QImage.fromData(plain)
    assert QImage.fromData(stamped).text("LazyGUI") == RECORD.to_json()
    assert QImage.fromData(stamped).text("Description") == RECORD.summary()


def test_an_svg_stays_well_formed_and_draws_the_same():
    plain = figure("svg")
    root = ElementTree.fromstring(stamp_svg(plain, RECORD))
    first = root[0]
    assert first.tag.endswith("metadata")
    assert first.text == RECORD.to_json()
    root.remove(first)
    before = ElementTree.fromstring(plain)
    assert [e.tag for e in root.iter()] == [e.tag for e in before.iter()]


def test_an_svg_whose_attributes_hold_brackets():
    text = b'<?xml version="1.0"?><svg a="x > y" xmlns="http://www.w3.org/2000/svg"><g/></svg>'
    stamped = stamp_svg(text, RECORD)
    assert ElementTree.fromstring(stamped)[0].text == RECORD.to_json()


def test_xmp_is_well_formed():
    packet = xmp(RECORD).decode()
    body = packet[packet.index("<x:") : packet.index("<?xpacket end")]
    texts = [e.text for e in ElementTree.fromstring(body).iter() if e.text]
    assert RECORD.to_json() in texts
    assert RECORD.title in texts


@pytest.mark.parametrize("name", ["mp4", "webm", "gif", "webp"])
def test_a_film_keeps_its_frames(name: str, tmp_path: Path):
    path = tmp_path / f"film.{name}"
    WRITERS[name](path, RECORD)
    if name != "webp":  # FFmpeg writes animated WebP and cannot read it
        assert frames(path) == 3
    else:
        assert QImage(str(path)).size().toTuple() == (64, 32)


def test_a_folder_of_results_leads_to_its_run(tmp_path: Path):
    (tmp_path / "history.csv").write_text(history_csv(small_run()))
    assert read_provenance(tmp_path) == RECORD


@pytest.mark.parametrize(
    ("stamp", "kind"),
    [(stamp_png, "PNG"), (stamp_svg, "SVG"), (stamp_gif, "GIF"), (stamp_webp, "WebP")],
)
@pytest.mark.parametrize("data", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"<svg/>", b"RIFF1234"])
def test_only_the_right_kind_is_stamped(stamp: Any, kind: str, data: bytes):
    with pytest.raises(ValueError, match=f"not an? {kind}"):
        stamp(data, RECORD)


# Files that lead to no run


@pytest.mark.parametrize("name", ["png", "svg", "pdf", "gif"])
def test_a_file_of_another_program_is_said_to_be_one(name: str, tmp_path: Path):
    path = tmp_path / f"other.{name}"
    path.write_bytes(figure(name) if name != "gif" else b"GIF89a\x01\x00\x01\x00\x00\x00\x00;")
    with pytest.raises(ExportError, match="does not say which run made it") as caught:
        read_provenance(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_altered_record_is_refused(tmp_path: Path):
    path = tmp_path / "history.csv"
    text = history_csv(small_run())
    assert text.count('\\"line\\"') == 1
    path.write_text(text.replace('\\"line\\"', '\\"circle\\"'))
    with pytest.raises(ExportError, match="was altered since: the hash does not match"):
        read_provenance(path)


def test_what_is_missing_unreadable_or_damaged_is_said(tmp_path: Path):
    (tmp_path / "empty.png").touch()
    (tmp_path / "cut.csv").write_text(history_csv(small_run())[:900])
    (tmp_path / "list.csv").write_text('{"LazyGUI":1,"hash":[]}')
    (tmp_path / "newer.csv").write_text('{"LazyGUI":2,"hash":""}')
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04" + b"\0" * 40 + b"PK\x05\x06" + b"\0" * 18)
    (tmp_path / "folder").mkdir()
    for name, sentence in {
        "empty.png": "does not say which run",
        "cut.csv": "is damaged",
        "list.csv": "is damaged",
        "newer.csv": "made by a newer LazyGUI: update",
        "broken.zip": "does not say which run",
        "folder": "is a folder without a run",
        "none.pdf": "there is no such file",
        "x" * 300 + ".png": "Cannot read",
        "a\0b.png": "Cannot read",
    }.items():
        with pytest.raises(ExportError, match=sentence) as caught:
            read_provenance(tmp_path / name)
        assert "\n" not in str(caught.value)
    with pytest.raises(ExportError, match="it is a device"):
        read_provenance(Path(os.devnull))


def test_a_deeply_nested_record_is_damaged(tmp_path: Path):
    (tmp_path / "deep.csv").write_text('{"LazyGUI":' + "[" * 100_000)
    with pytest.raises(ExportError, match="is damaged"):
        read_provenance(tmp_path / "deep.csv")
