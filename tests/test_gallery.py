"""`lazygui gallery`: the figures of every demo in a folder, and the page that shows them."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import pytest

from lazygui.claims.claim import Verdict
from lazygui.cli import main
from lazygui.export.provenance import read_provenance
from lazygui.gallery import command, demo, page
from lazygui.gallery.record import Answer, Job, Record, Wish, read_record
from lazygui.lanes import DIED
from lazygui.scenarios.catalogue import entries

ROOT = Path(__file__).resolve().parent.parent
DEMOS = ("quadratic", "huber")
OPTIONS = ("--no-films", "--formats", "pdf", "--size", "640x360", "--quiet")
XHTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture(autouse=True)
def _offscreen(qapp):
    """The application that the figures find."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A gallery of two demos, made by the program's own processes."""
    out = tmp_path_factory.mktemp("gallery")
    words = [sys.executable, "-m", "lazygui", "gallery", "--out", str(out), "--demo", *DEMOS]
    subprocess.run([*words, *OPTIONS], cwd=ROOT, check=True, timeout=120)
    return out


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the demos in this process."""

    def made_here(jobs, tick) -> Iterator[Record]:
        for job in jobs:
            yield demo.make_demo(job, tick)

    monkeypatch.setattr(command, "made", made_here)


def gallery(out: Path, *words: object) -> int:
    return main(["gallery", "--out", str(out), *OPTIONS, *map(str, words)])


def parsed(folder: Path) -> ET.Element:
    """The page, which must be well-formed: an unescaped sign raises ParseError."""
    return ET.fromstring((folder / "index.html").read_text(encoding="utf-8"))


def addresses(root: ET.Element) -> set[str]:
    """Everything that the page points to."""
    names = ("href", "src", "srcset", "poster")
    return {value for node in root.iter() for name in names if (value := node.get(name))}


def text_of(root: ET.Element) -> str:
    return " ".join("".join(root.itertext()).split())


def test_every_link_leads_to_a_file_and_every_file_is_linked(folder):
    found = addresses(parsed(folder))
    ids = {node.get("id") for node in parsed(folder).iter()}
    assert {name[1:] for name in found if name.startswith("#")} <= ids
    files = {unquote(name) for name in found if not name.startswith("#")}
    assert len(files) > 20
    assert all((folder / name).is_file() for name in files)
    made = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert made - files == {"index.html", *(f"{name}/demo.json" for name in DEMOS)}


def test_the_page_needs_nothing_from_elsewhere(folder):
    root = parsed(folder)
    assert all(re.match(r"#|quadratic/|huber/", name) for name in addresses(root))
    assert not [node for node in root.iter() if node.tag in ("script", "link")]
    style = next(node.text for node in root.iter() if node.tag == "style")
    assert "prefers-color-scheme: dark" in style
    assert "url(" not in style


def test_the_page_says_what_the_demos_are(folder):
    root = parsed(folder)
    said = text_of(root)
    assert "½(w − w*)²: GD converges exactly when 0 < η < 2" in said
    assert [node.text for node in root.iter("h2")] == ["One dimension"]
    pictures = list(root.iter("img"))
    assert len(pictures) == len({node.get("alt") for node in pictures}) > 4
    assert all(node.get("width") and node.get("height") for node in pictures)
    formulas = [node for node in root.iter() if node.get("class") == "formula"]
    assert [node.get("role") for node in formulas] == ["img", "img"]
    assert "η" in formulas[0].get("aria-label")


def test_claims_are_read_from_the_run(folder):
    root = parsed(folder)
    rows = {
        row.find("th/span").text: row for row in root.iter("tr") if row.find("th/span") is not None
    }
    # |1 − η| at η = 1.8, as the scenario has it.
    rate = abs(1 - float(read_setting(folder / "quadratic" / "scenario.toml", "learning_rate")))
    measured = next(n for n in rows["D06.factor"] if n.get("data-name") == "Measured")
    assert abs(float(measured.text.replace("−", "-"))) == pytest.approx(rate, rel=1e-3)
    assert text_of(rows["D06.factor"]).endswith("✓ holds")


def read_setting(file: Path, name: str) -> str:
    return re.search(rf"^{name} = (\S+)", file.read_text(encoding="utf-8"), re.MULTILINE)[1]


def test_all_files_of_a_demo_come_from_one_run(folder):
    files = [folder / "quadratic" / name for name in ("stage.pdf", "gap.pdf", "gap-dark.png")]
    records = {read_provenance(file).hash for file in [*files, folder / "quadratic" / "data.csv"]}
    assert len(records) == 1


def test_what_is_made_is_not_made_again(folder, here, monkeypatch, capsys):
    before = (folder / "huber" / "stage.pdf").stat().st_mtime_ns

    def refuse(*words):
        raise AssertionError("made again")

    monkeypatch.setattr(command, "made", refuse)
    monkeypatch.setattr(command, "_with_progress", _none_but(refuse))
    assert gallery(folder, "--demo", *DEMOS) == 0
    assert (folder / "huber" / "stage.pdf").stat().st_mtime_ns == before


def _none_but(refuse):
    def listed(jobs, quiet):
        return refuse() if jobs else iter(())

    return listed


def test_other_options_make_it_again_and_leave_no_file_without_a_link(tmp_path, here):
    assert gallery(tmp_path, "--demo", "quadratic") == 0
    assert gallery(tmp_path, "--demo", "quadratic", "--formats", "svg") == 0
    endings = {path.suffix for path in (tmp_path / "quadratic").iterdir()}
    assert endings == {".svg", ".png", ".csv", ".toml", ".json"}


def test_force_makes_it_again_and_a_damaged_record_too(tmp_path, here):
    wish = Wish(("pdf",), "light", 0.0, 640, 360, 0)
    job = Job("quadratic", tmp_path / "quadratic", wish)
    assert gallery(tmp_path, "--demo", "quadratic") == 0
    assert command.is_made(job)
    stage = tmp_path / "quadratic" / "stage.pdf"
    first = stage.stat().st_mtime_ns
    assert gallery(tmp_path, "--demo", "quadratic", "--force") == 0
    assert stage.stat().st_mtime_ns > first
    stage.unlink()
    assert not command.is_made(job)
    (tmp_path / "quadratic" / "demo.json").write_text('{"demo": 3}')
    assert read_record(tmp_path / "quadratic") is None


def test_a_demo_that_fails_is_shown_with_its_reason(tmp_path, here, monkeypatch, capsys):
    build = demo.build_simulation

    def burst(scenario):
        if scenario == demo.entry("huber").scenario:
            raise MemoryError("16 TiB <are> missing")
        return build(scenario)

    monkeypatch.setattr(demo, "build_simulation", burst)
    assert gallery(tmp_path, "--demo", *DEMOS) == 1
    assert "huber: MemoryError: 16 TiB <are> missing" in capsys.readouterr().err
    root = parsed(tmp_path)
    article = next(node for node in root.iter("article") if node.get("id") == "huber")
    assert "MemoryError: 16 TiB <are> missing" in text_of(article)
    assert all(unquote(name).startswith(("#", "quadratic/")) for name in addresses(root))
    # The next run tries it again.
    monkeypatch.setattr(demo, "build_simulation", build)
    assert gallery(tmp_path, "--demo", "huber") == 0
    assert "failed" not in text_of(parsed(tmp_path))


def test_interrupted_it_keeps_what_is_whole(tmp_path, monkeypatch, capsys):
    def broken_off(jobs, tick):
        yield demo.make_demo(jobs[0], tick)
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "made", broken_off)
    assert gallery(tmp_path, "--demo", *DEMOS) == 1
    assert "goes on" in capsys.readouterr().err
    assert "Huber" not in text_of(parsed(tmp_path))
    assert read_record(tmp_path / "quadratic") is not None


def test_interrupted_within_a_demo_it_is_not_made(tmp_path):
    wish = Wish(("pdf",), "light", 0.0, 640, 360, 0)

    def stop(share):
        if share > 0.8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        demo.make_demo(Job("quadratic", tmp_path / "quadratic", wish), stop)
    assert read_record(tmp_path / "quadratic") is None
    assert not list((tmp_path / "quadratic").glob(".lazygui*"))


@pytest.mark.skipif(os.name == "nt", reason="no SIGINT for another process")
def test_ctrl_c_ends_the_processes(tmp_path):
    demos = [item.id for item in entries() if item.section in ("One dimension", "Two dimensions")]
    words = [sys.executable, "-m", "lazygui", "gallery", "--out", str(tmp_path), "--demo", *demos]
    words += OPTIONS[:-1]
    process = subprocess.Popen(
        words, cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob("*/*.png")) and time.monotonic() < deadline:
        time.sleep(0.1)
    os.killpg(process.pid, signal.SIGINT)
    said = process.communicate(timeout=60)[1]
    assert process.returncode == 1
    assert said == f"lazygui: {command.INTERRUPTED}\n"
    assert not list(tmp_path.rglob(".lazygui*"))
    parsed(tmp_path)


def dies_at_huber(job: Job, listen) -> Record:
    """A stand-in for a demo, in a process of its own."""
    if job.demo == "huber":
        os.kill(os.getpid(), signal.SIGKILL)
    return demo.make_demo(job, listen)


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
def test_a_process_that_dies_fails_its_demo_and_no_other(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(command, "make_demo", dies_at_huber)
    (tmp_path / "huber").mkdir()
    assert gallery(tmp_path, "--demo", *DEMOS) == 1
    assert capsys.readouterr().err == f"lazygui: huber: {DIED}\n"
    assert read_record(tmp_path / "quadratic").reason == ""
    assert read_record(tmp_path / "huber").reason == DIED


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--demo", "quadratc"), "'quadratic'"),
        (("--formats", "pdf,bmp"), "bmp"),
        (("--size", "0x360"), "too small"),
    ],
)
def test_bad_input_is_one_sentence(tmp_path, capsys, words, sentence):
    assert gallery(tmp_path / "out", *words) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert sentence in said
    assert not (tmp_path / "out").exists()


def test_a_film_that_cannot_be_made_is_refused_before_anything_is_run(tmp_path, capsys):
    words = ["gallery", "--out", str(tmp_path / "out"), "--size", "641x360"]
    assert main(words) == 2
    assert "choose 642x360" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_to_is_refused(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert gallery(tmp_path / "file" / "out", "--demo", "quadratic") == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "Choose another" in said


def test_a_film_is_made_and_shown(tmp_path, here):
    words = ["--seconds", "1", "--fps", "5", "--size", "320x180", "--formats", "pdf", "--quiet"]
    assert main(["gallery", "--out", str(tmp_path), "--demo", "quadratic", *words]) == 0
    film = read_provenance(tmp_path / "quadratic" / "film.mp4")
    assert film.scenario == read_provenance(tmp_path / "quadratic" / "stage.pdf").scenario
    (video,) = parsed(tmp_path).iter("video")
    assert video.find("source").get("src") == "quadratic/film.mp4"
    assert not {node.tag for node in parsed(tmp_path).iter()} & {"script", "iframe"}


def test_rich_text_keeps_its_tags_and_nothing_else():
    assert (
        page.markup("w<sub>0</sub> < 1 &amp; <b>so</b>") == "w<sub>0</sub> &lt; 1 &amp; <b>so</b>"
    )
    assert page.markup("<script>x</script>") == "&lt;script&gt;x&lt;/script&gt;"
    assert page.markup('<i onclick="x">') == "&lt;i onclick=&quot;x&quot;&gt;"
    assert page.markup("<b><i>x</b></i>").startswith("&lt;b&gt;")
    assert page.markup("nul\0 and \x1b[31m") == "nul and [31m"


def test_hostile_texts_are_escaped_everywhere(monkeypatch):
    evil = '"><script>alert(1)</script>&\0\x1f\ud800\uffff'
    item = dataclasses.replace(
        demo.entry("quadratic"), title=evil, claim=evil, formula=r"\frac{<&>", section=evil
    )
    monkeypatch.setattr(page, "entry", {"quadratic": item}.__getitem__)
    answer = Answer(evil, evil, evil, evil, evil, Verdict.FAILS)
    for record in (
        Record("quadratic", "", evil),
        Record("quadratic", "", "", evil, evil, (), (answer,)),
    ):
        root = ET.fromstring(page.page([record]))
        assert not list(root.iter("script"))
        assert "<script>alert(1)</script>&" in text_of(root)


def test_a_record_comes_back_from_its_file(tmp_path):
    folder = tmp_path / "quadratic"
    folder.mkdir()
    answer = Answer("D06", "<i>w</i>", "≤ 1", "∞", "", Verdict.PENDING)
    record = Record("quadratic", "k", 'it "broke" — é', answers=(answer,))
    record.write(folder)
    assert read_record(folder) == record
    assert json.loads((folder / "demo.json").read_text(encoding="utf-8"))["key"] == "k"
    (tmp_path / "huber").mkdir()
    record.write(tmp_path / "huber")
    assert read_record(tmp_path / "huber") is None


def test_the_key_changes_with_every_option_and_the_scenario():
    base = Wish()
    others = [
        Wish(("pdf",)), Wish(theme="dark"), Wish(seconds=2.0), Wish(width=640), Wish(fps=25),
    ]  # fmt: skip
    scenarios = [demo.entry(name).scenario for name in DEMOS]
    keys = [wish.key(scenarios[0]) for wish in (base, *others)] + [base.key(scenarios[1])]
    assert len(set(keys)) == len(keys)


def test_light_and_dark_thumbnails_have_their_grounds(folder):
    from PySide6.QtGui import QImage

    grounds = []
    for tone in ("light", "dark"):
        picture = QImage(str(folder / "quadratic" / f"stage-{tone}.png"))
        grounds.append(picture.pixelColor(1, 1).lightness())
    assert grounds[0] > 240
    assert grounds[1] < 60
    assert np.isclose(QImage(str(folder / "quadratic" / "stage-dark.png")).width(), 1600, atol=1)
