"""Scenario files: exact round trip, every fault with its line, and no surprise whatever is read."""

from __future__ import annotations

import os
import random
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings

from lazygui.scenarios.base import Scenario
from lazygui.scenarios.descent import DescentScenario
from lazygui.scenarios.faults import ScenarioError
from lazygui.scenarios.files import SIZE_LIMIT, dumps, load, loads
from lazygui.scenarios.lazy import LazyScenario
from lazygui.scenarios.least_squares import LeastSquaresScenario
from tests.scenarios.strategies import scenarios

LAZY = 'format = 1\nkind = "lazy"\n'
FOUR_FAULTS = """\
format = 1
kind = "lazy"
widht = 50
samples = 1
# a comment in between
scale = "large"
loss = "sqare"
"""


def refusal(text: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        loads(text)
    return str(caught.value)


@given(scenarios())
@settings(max_examples=150, deadline=None)
def test_what_is_written_reads_back_equal(scenario: Scenario):
    assert loads(dumps(scenario)) == scenario


@pytest.mark.parametrize("number", [5e-324, 1e-300, 0.1 + 0.2, 1e12, 1 / 3, 1e-5, 123456.0])
def test_numbers_read_back_to_the_last_bit(number: float):
    text = dumps(DescentScenario(start=(number,), learning_rate=number))
    assert tomllib.loads(text)["learning_rate"] == number
    assert loads(text).learning_rate == number


def test_a_file_is_complete_and_starts_with_its_format():
    values = tomllib.loads(dumps(LazyScenario(scale=3.0)))
    assert list(values)[:2] == ["format", "kind"]
    assert values["format"] == 1
    assert values["scale"] == 3.0
    missing = set(LazyScenario.model_fields) - set(values)
    assert missing == {"changes"}


def test_a_file_of_few_lines_takes_the_defaults():
    assert loads(LAZY + "scale = 3") == LazyScenario(scale=3.0)


def test_four_faults_give_four_sentences_with_field_value_remedy_and_line():
    with pytest.raises(ScenarioError) as caught:
        loads(FOUR_FAULTS, "mine.toml")
    assert str(caught.value).startswith("mine.toml:\n")
    sentences = {fault.field: fault.sentence for fault in caught.value.faults}
    assert sentences == {
        "widht": "there is no such parameter; did you mean 'width'? (line 3)",
        "samples": "1 is not allowed: it must be at least 2 (line 4)",
        "scale": "'large' is not allowed: it must be a number (line 6)",
        "loss": "'sqare' is not allowed: choose 'square', 'logistic' or 'huber' (line 7)",
    }


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("width = true", "width: True is not allowed: it must be a whole number (line 3)"),
        ("scale = true", "scale: True is not allowed: it must be a number (line 3)"),
        ("bias = 1", "bias: 1 is not allowed: it must be true or false (line 3)"),
        ("width = 3.0", "width: 3.0 is not allowed: it must be a whole number (line 3)"),
        ('width = "3"', "width: '3' is not allowed: it must be a whole number (line 3)"),
        ("scale = nan", "scale: nan is not allowed: it must be a finite number (line 3)"),
        ("scale = -inf", "scale: -inf is not allowed: it must be a finite number (line 3)"),
        ("scale = 1e999", "scale: inf is not allowed: it must be a finite number (line 3)"),
        ("scale = 0", "scale: 0 is not allowed: it must be greater than 0 (line 3)"),
        ("seed = 4294967296", "seed: 4294967296 is not allowed: it must be at most 4294967295"),
        ("width = 1979-05-27", "width: 1979-05-27 is not allowed: it must be a whole number"),
        ("'scale' = -1.0", "scale: -1.0 is not allowed: it must be greater than 0 (line 3)"),
        ("\n[scale]\na = 1", "scale: {'a': 1} is not allowed: it must be a number (line 4)"),
        ("data_file = 3", "data_file: 3 is not allowed: it must be a text in quotes (line 3)"),
        ('data = "csv"', "data_file: choose a CSV file"),
        ("network = ['mlp']", "network: ['mlp'] is not allowed: choose 'two-layer' or 'mlp'"),
        ("width = 7", "width: m = 7 is odd"),
        (f"data_file = '{'x' * 4097}'", "data_file: "),
        (f"seed = 0x{'f' * 9000}", "seed: a number of thousands of digits is not allowed"),
        (f"scale = 0x{'f' * 9000}", "scale: a number of thousands of digits is not allowed"),
        (f"x = {'[' * 300}{']' * 300}", "x: there is no such parameter"),
        (f"width = {'[' * 300}{']' * 300}", "width: [[[["),
        ("format = 1", "not a TOML file: "),
        ("scale = 2\nscale = 3", "not a TOML file: "),
        ("scale = ", "not a TOML file: "),
        ("[[[", "not a TOML file: "),
        (f"x = {'[' * 9000}{']' * 9000}", "not a scenario: nested too deeply"),
        (f"x = {'{a = ' * 9000}1{'}' * 9000}", "not a scenario: nested too deeply"),
        ("changes = 3", "changes: 3 is not allowed: it must be a list in brackets (line 3)"),
        ("changes = [3]", "changes.0: 3 is not allowed: it must be a table"),
        ("[[changes]]\nstep = -1", "changes.0.step: -1 is not allowed: it must be at least 0"),
        ("[[changes]]\nstep = 1", "changes.0.name: it is missing (line 3)"),
    ],
)
def test_a_wrong_line_gives_a_sentence(line: str, sentence: str):
    assert refusal(LAZY + line).startswith(sentence)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "format: a scenario file starts with 'format = 1'"),
        ('kind = "lazy"', "format: a scenario file starts with 'format = 1'"),
        ('format = true\nkind = "lazy"', "format: a scenario file starts with 'format = 1'"),
        ('format = 0\nkind = "lazy"', "format: a scenario file starts with 'format = 1'"),
        ('format = "1"\nkind = "lazy"', "format: a scenario file starts with 'format = 1'"),
        ("format = 2", "format: 2 was made by a newer LazyGUI; this one reads format 1"),
        ("format = 1", "kind: it is missing; choose one of descent, least-squares, lazy"),
        ('format = 1\nkind = "lasy"', "kind: 'lasy' is not known; did you mean 'lazy'?"),
        ("format = 1\nkind = ['lazy']", "kind: ['lazy'] is not known"),
        ("\x00\x01", "not a TOML file: "),
    ],
)
def test_a_wrong_head_gives_a_sentence(text: str, sentence: str):
    assert refusal(text).startswith(sentence)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (LAZY.encode("utf-16"), "the file is not UTF-8 text; save it as UTF-8"),
        (b"\xff\xfe\x00\x9f" * 50, "the file is not UTF-8 text; save it as UTF-8"),
        (b"#" * 2_000_000, f"the file has 2000000 bytes; a scenario has at most {SIZE_LIMIT}"),
        (b"\x89PNG\r\n", "the file is not UTF-8 text"),
        (b"", "format: a scenario file starts with 'format = 1'"),
    ],
    ids=["utf-16", "binary", "2 MB", "png", "empty"],
)
def test_a_file_that_is_no_scenario_is_refused_by_name(
    tmp_path: Path, content: bytes, sentence: str
):
    file = tmp_path / "mine.toml"
    file.write_bytes(content)
    with pytest.raises(ScenarioError) as caught:
        load(file)
    assert str(caught.value).startswith(f"{file}:\n{sentence}")


def test_a_byte_order_mark_is_skipped(tmp_path: Path):
    file = tmp_path / "bom.toml"
    file.write_bytes(b"\xef\xbb\xbf" + dumps(LeastSquaresScenario(features=5)).encode())
    assert load(file) == LeastSquaresScenario(features=5)


def test_a_file_with_other_line_ends_reads_the_same(tmp_path: Path):
    file = tmp_path / "windows.toml"
    file.write_bytes(dumps(LazyScenario(scale=7.0)).replace("\n", "\r\n").encode())
    assert load(file) == LazyScenario(scale=7.0)


@pytest.mark.parametrize("name", ["missing.toml", ".", "a\0b.toml", "x" * 300 + ".toml"])
def test_what_cannot_be_read_is_refused(tmp_path: Path, name: str):
    with pytest.raises(ScenarioError, match=r"cannot read the file|folder or a device"):
        load(tmp_path / name)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
def test_a_pipe_or_a_device_does_not_hang(tmp_path: Path):
    pipe = tmp_path / "pipe.toml"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero")):
        with pytest.raises(ScenarioError, match="folder or a device"):
            load(path)


def _mutated(text: str, rng: random.Random) -> str:
    """The text with one to four edits: cut, doubled, swapped or foreign characters."""
    strange = "\0\"'[]{}=.,#\n\\-+_0179eExXinfaté\u2028\U0001f600"
    for _ in range(rng.randint(1, 4)):
        i, j = sorted(rng.randrange(len(text) + 1) for _ in range(2))
        j = min(j, i + 40)
        match rng.randrange(4):
            case 0:
                text = text[:i] + text[j:]
            case 1:
                text = text[:j] + text[i:j] * rng.randint(1, 3) + text[j:]
            case 2:
                text = text[:i] + rng.choice(strange) + text[i:]
            case _:
                text = text[:i] + rng.choice(strange) + text[i + 1 :]
    return text


def test_mutated_files_give_a_scenario_or_a_scenario_error():
    rng = random.Random(20191208)
    change = [{"step": 5, "name": "learning_rate", "value": 0.5}]
    sources = [
        dumps(LazyScenario.model_validate({"changes": change})),
        dumps(LeastSquaresScenario()),
        dumps(DescentScenario(objective="rosenbrock", start=(1.0, 2.0))),
        FOUR_FAULTS,
    ]
    # Without the remarks nearly every edit hits a value.
    sources += ["\n".join(line.split(" #")[0] for line in text.splitlines()) for text in sources]
    accepted = refused = 0
    for _ in range(3000):
        try:
            loads(_mutated(rng.choice(sources), rng))
            accepted += 1
        except ScenarioError as error:
            refused += len(error.faults) > 0
    assert accepted + refused == 3000
    assert min(accepted, refused) > 200
