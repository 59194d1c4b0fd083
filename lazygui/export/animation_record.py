"""A record in animated pictures, whose encoders write no comments: GIF and WebP."""

from __future__ import annotations

import struct

_BLOCK = 255
_XMP_FLAG = 0x04


def with_comment(data: bytes, text: str) -> bytes:
    """The GIF with a comment extension before its end (GIF89a, section 24).

    Raises ValueError for anything but a whole GIF.
    """
    if data[:6] not in (b"GIF87a", b"GIF89a") or not data.endswith(b"\x3b"):
        raise ValueError("not a GIF: it lacks its beginning or its end")
    content = text.encode("ascii")
    blocks = [content[i : i + _BLOCK] for i in range(0, len(content), _BLOCK)]
    chain = b"".join(bytes([len(block)]) + block for block in blocks)
    return b"".join([b"GIF89a", data[6:-1], b"\x21\xfe", chain, b"\x00", b"\x3b"])


def with_xmp(data: bytes, packet: bytes) -> bytes:
    """The WebP with an XMP chunk at its end, announced in its header where it has a long one.

    Raises ValueError for anything but a WebP.
    """
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        raise ValueError("not a WebP: it has no header")
    body = bytearray(data[12:])
    if body[:4] == b"VP8X":
        body[8] |= _XMP_FLAG
    body += b"XMP " + struct.pack("<I", len(packet)) + packet + b"\0" * (len(packet) % 2)
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + bytes(body)
