"""Where a file comes from: the run that made it, complete enough to be made again.

The record is one line of JSON in ASCII without < > & ( ), so that XML and every container of
pictures, films and tables hold it as it is, and a PDF with its backslashes doubled.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from lazygui.export.animation_record import with_comment, with_xmp
from lazygui.export.atomic import ExportError
from lazygui.export.embedded import MARK, records_in
from lazygui.export.png_text import with_texts
from lazygui.export.summary import versions
from lazygui.export.xml_record import with_metadata, xmp_packet
from lazygui.scenarios.base import Scenario
from lazygui.scenarios.files import dumps
from lazygui.simulation.history import History

FORMAT = 1
_HASH_DIGITS = 16
# What XML and PDF would escape stands in the JSON as \u003c: the record is the same everywhere.
_UNSAFE = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&()"}


@dataclass(frozen=True)
class Provenance:
    """The run behind a file: its scenario as TOML, how far it went, and what computed it.

    `date` is the day in UTC; `hash` the first 16 hex digits of the sha256 of all the rest.
    """

    scenario: str
    steps: int
    seed: int
    device: str
    threads: int
    versions: Mapping[str, str]
    date: str
    hash: str

    def to_json(self) -> str:
        """One line of ASCII with sorted keys; `from_json` gives back an equal record."""
        return _as_json({**_values(self), "hash": self.hash})

    @classmethod
    def from_json(cls, text: str) -> Provenance:
        """The record in a JSON text. Raises ExportError when it is none or was altered."""
        try:
            values = json.loads(text)
            if values.get("LazyGUI", 0) > FORMAT:
                raise ExportError("its record was made by a newer LazyGUI: update LazyGUI")
            said = values.pop("hash")
            record = cls(**_checked(values), hash=said)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise ExportError("what it says of its run is damaged") from None
        if said != _hash(values):
            raise ExportError("what it says of its run was altered since: the hash does not match")
        return record

    def comment_lines(self, width: int = 0) -> tuple[str, ...]:
        """Lines for the comments of a text file, the record last as 'json: …'.

        With a `width` the record is split into as many such lines as it takes (EPS allows 255
        characters); without, there are always seven lines.
        """
        record = self.to_json()
        size = max(width - len("json: "), 1) if width else len(record)
        parts = [record[start : start + size] for start in range(0, len(record), size)]
        return (
            f"LazyGUI: run {self.hash}",
            f"steps: {self.steps}",
            f"seed: {self.seed}",
            f"device: {self.device}, threads: {self.threads}",
            f"versions: {', '.join(f'{name} {v}' for name, v in self.versions.items())}",
            f"date: {self.date}",
            *(f"json: {part}" for part in parts),
        )

    def summary(self) -> str:
        """One line for captions."""
        threads = f"{self.threads} thread{'s' if self.threads != 1 else ''}"
        return (
            f"{self.program}: run {self.hash}, {self.steps} steps, seed {self.seed}, "
            f"{self.device}, {threads}, {self.date}"
        )

    @property
    def program(self) -> str:
        """Name and version of the program."""
        return f"LazyGUI {self.versions.get('lazygui', '')}".rstrip()

    @property
    def title(self) -> str:
        """What a viewer shows as the title of the file."""
        return f"{self.program}, run {self.hash}"


def provenance_of(history: History) -> Provenance:
    """The record of a run as far as it went, dated today."""
    return provenance_for(history.scenario, history.last_step, history.facts)


def provenance_for(scenario: Scenario, steps: int, facts: Mapping[str, Any]) -> Provenance:
    """The record of a run of `scenario` that makes `steps` steps; `facts` name the backend."""
    base = getattr(scenario, "base", scenario)
    values: dict[str, Any] = {
        "LazyGUI": FORMAT,
        "scenario": dumps(scenario),
        "steps": steps,
        "seed": int(base.seed),
        "device": "cuda" if "CUDA" in str(facts.get("backend", "")) else "cpu",
        "threads": int(getattr(base, "threads", 1)),
        "versions": dict(sorted(versions().items())),
        "date": _day(),
    }
    return Provenance(**_checked(values), hash=_hash(values))


def read_provenance(path: Path) -> Provenance:
    """The record in a figure, table or film. Raises ExportError with one sentence without one."""
    found = False
    reason = ""
    for text in records_in(path):
        found = True
        try:
            return Provenance.from_json(text)
        except ExportError as error:
            # Doubled backslashes are tried after the plain text: its fault is the one to tell.
            reason = reason or str(error)
    if found:
        raise ExportError(f"{path}: {reason}.")
    if path.is_dir():
        raise ExportError(
            f"{path} is a folder without a run: it holds no scenario.toml and no history.csv."
        )
    raise ExportError(
        f"{path} does not say which run made it: another program wrote it, or its metadata were "
        "removed. Open the scenario file of the run instead."
    )


def stamp_png(data: bytes, provenance: Provenance) -> bytes:
    """A PNG with the record as text chunk LazyGUI, beside Software and Description."""
    texts = {
        "Software": provenance.program,
        "Description": provenance.summary(),
        "LazyGUI": provenance.to_json(),
    }
    return with_texts(data, texts)


def stamp_svg(data: bytes, provenance: Provenance) -> bytes:
    """An SVG with the record in a <metadata> element of its own."""
    return with_metadata(data, provenance.to_json())


def stamp_gif(data: bytes, provenance: Provenance) -> bytes:
    """A GIF with the record as its comment."""
    return with_comment(data, provenance.to_json())


def stamp_webp(data: bytes, provenance: Provenance) -> bytes:
    """A WebP with the record in its XMP chunk."""
    return with_xmp(data, xmp(provenance))


def pdf_metadata(provenance: Provenance) -> dict[str, str | None]:
    """The document information for matplotlib, without a time of day."""
    return {
        "Title": provenance.title,
        "Subject": provenance.summary(),
        "Keywords": provenance.to_json(),
        "Creator": provenance.program,
        "CreationDate": None,
    }


def xmp(provenance: Provenance) -> bytes:
    """An XMP packet, as for QPdfWriter.setDocumentXmpMetadata or the XMP chunk of a WebP."""
    return xmp_packet(provenance.title, provenance.program, provenance.to_json())


def container_tags(provenance: Provenance) -> dict[str, str]:
    """The tags of a film: title and, as the comment, the record."""
    return {"title": provenance.title, "comment": provenance.to_json()}


def _values(record: Provenance) -> dict[str, Any]:
    return {
        "LazyGUI": FORMAT,
        "scenario": record.scenario,
        "steps": record.steps,
        "seed": record.seed,
        "device": record.device,
        "threads": record.threads,
        "versions": dict(record.versions),
        "date": record.date,
    }


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the record, with their types. Raises KeyError or TypeError."""
    for name, kind in (("scenario", str), ("steps", int), ("seed", int), ("threads", int)):
        if not isinstance(values[name], kind):
            raise TypeError(name)
    fields = {n: values[n] for n in ("scenario", "steps", "seed", "threads")}
    return fields | {
        "device": str(values["device"]),
        "versions": MappingProxyType({str(k): str(v) for k, v in values["versions"].items()}),
        "date": str(values["date"]),
    }


def _as_json(values: Mapping[str, Any]) -> str:
    text = json.dumps(values, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    text = text.translate(_UNSAFE)
    assert text.startswith(MARK.decode())
    return text


def _hash(values: Mapping[str, Any]) -> str:
    return hashlib.sha256(_as_json(values).encode("ascii")).hexdigest()[:_HASH_DIGITS]


def _day() -> str:
    """Today in UTC, or the day that SOURCE_DATE_EPOCH asks for, as reproducible builds do."""
    try:
        now = datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), UTC)
    except (KeyError, ValueError, OverflowError, OSError):
        now = datetime.now(UTC)
    return now.date().isoformat()
