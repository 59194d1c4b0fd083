"""The kinds of film, by the ending of the file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


class FilmError(ValueError):
    """A film that can't be made; the message is the sentence for the user."""


@dataclass(frozen=True)
class Format:
    """A kind of film; `bytes_per_frame` and `seconds_per_frame` are measured at 1280 × 720."""

    name: str
    title: str
    suffix: str
    fps: int
    most_fps: int
    bytes_per_frame: int
    seconds_per_frame: float
    even: bool = False
    moving: bool = True
    codec: str = ""
    pixels: str = ""


FORMATS: dict[str, Format] = {
    item.name: item
    for item in (
        Format("mp4", "MP4 (H.264): slides, web, phones", ".mp4", 30, 120, 5_000, 0.05, True,
               codec="libx264", pixels="yuv420p"),
        Format("webm", "WebM (VP9): web", ".webm", 30, 120, 7_000, 0.14, True,
               codec="libvpx-vp9", pixels="yuv420p"),
        # A GIF counts hundredths of a second, and viewers slow down what is shorter than two.
        Format("gif", "GIF", ".gif", 25, 50, 20_000, 0.07, codec="gif", pixels="pal8"),
        Format("webp", "WebP", ".webp", 25, 60, 15_000, 0.16, codec="libwebp_anim",
               pixels="yuv420p"),
        Format("pdf", "PDF pages for beamer (vector)", ".pdf", 20, 60, 40_000, 0.05, moving=False),
        Format("png", "PNG pictures in a folder", "", 30, 1000, 120_000, 0.10),
    )
}  # fmt: skip


def format_of(path: Path) -> Format:
    """The kind of film that a file name asks for. Raises FilmError naming the endings known.

    A name without an ending, and one with a number in it such as frame-%04d.png, mean pictures.
    """
    suffix = path.suffix.lower()
    if suffix in ("", ".png"):
        if suffix == ".png" and not has_number(path):
            raise FilmError(
                f"{path.name} is one picture: write {path.stem}-%04d.png for the pictures of a "
                f"film, or {path.stem}.mp4"
            )
        return FORMATS["png"]
    for item in FORMATS.values():
        if item.suffix == suffix:
            return item
    known = ", ".join(item.suffix for item in FORMATS.values() if item.suffix)
    raise FilmError(f"a film can't be written as '{suffix}'; choose {known}, or a folder for PNG")


def has_number(path: Path) -> bool:
    """Whether the name has a place for the number of a frame, as in %04d."""
    if path.name.count("%") != 1:
        return False
    try:
        return path.name % 1 != path.name % 2
    except (ValueError, TypeError, KeyError):
        return False
