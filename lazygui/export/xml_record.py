"""A record in XML: the metadata of an SVG, and XMP packets as PDF and WebP hold them."""

from __future__ import annotations

import re

NAMESPACE = "https://lazygui.invalid/run/1.0"
# Attributes may hold a '>' within their quotes.
_SVG_TAG = re.compile(rb"<svg\b(?:[^>\"']|\"[^\"]*\"|'[^']*')*>")


def with_metadata(data: bytes, record: str) -> bytes:
    """The SVG with `record`, which needs no escapes, in a <metadata> element of its own.

    Raises ValueError when there is no <svg> with content.
    """
    tag = _SVG_TAG.search(data)
    if tag is None or tag.group().endswith(b"/>"):
        raise ValueError("not an SVG: it has no <svg> element with content")
    element = f'\n<metadata id="lazygui-provenance">{record}</metadata>'
    return data[: tag.end()] + element.encode() + data[tag.end() :]


def xmp_packet(title: str, program: str, record: str) -> bytes:
    """An XMP packet (ISO 16684-1) with title, program and record."""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
        f' xmlns:lazygui="{NAMESPACE}">'
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>'
        f"<xmp:CreatorTool>{program}</xmp:CreatorTool>"
        f"<lazygui:run>{record}</lazygui:run>"
        "</rdf:Description></rdf:RDF></x:xmpmeta>\n"
        '<?xpacket end="r"?>'
    ).encode()
