"""Text chunks of a PNG, without decoding the picture."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEADER_END = len(_SIGNATURE) + 25  # IHDR comes first and has 13 bytes of content


def with_texts(data: bytes, texts: Mapping[str, str]) -> bytes:
    """The PNG with a tEXt chunk for each keyword, right behind its header.

    Keywords and texts are Latin-1 (PNG specification, 11.3.3.2). Raises ValueError for anything
    but a PNG.
    """
    if not data.startswith(_SIGNATURE) or data[12:16] != b"IHDR":
        raise ValueError("not a PNG: it has no header")
    chunks = [_chunk(b"tEXt", f"{k}\0{v}".encode("latin-1")) for k, v in texts.items()]
    return b"".join([data[:_HEADER_END], *chunks, data[_HEADER_END:]])


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)
