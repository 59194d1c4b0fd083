"""The page of a gallery: plain HTML that needs no script and nothing from elsewhere.

It is well-formed XML too. The templates lie in resources/gallery; all that is put into them is
escaped here, but for the few tags of rich text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby
from string import Template
from urllib.parse import quote

from lazygui import __version__
from lazygui.claims.claim import Verdict
from lazygui.gallery.record import DATA, FILM, SCENARIO, STAGE, TONES, Answer, Picture, Record
from lazygui.scenarios.catalogue import Entry, entry
from lazygui.shipped import resource
from lazygui.style.formulas import FormulaError, plain, svg
from lazygui.style.themes import THEMES

FORMULA_SIZE = 21.0  # pixels per em
COLOURS = (
    "window", "surface", "ink", "muted", "border", "accent", "accent_soft",
    "good", "good_soft", "bad", "bad_soft", "warn", "warn_soft",
)  # fmt: skip
VERDICTS = {
    Verdict.HOLDS: ("good", "✓", "holds"),
    Verdict.FAILS: ("bad", "✗", "fails"),
    Verdict.PENDING: ("warn", "…", "undecided"),
}
NAMES = {SCENARIO: "Scenario (TOML)", DATA: "Data (CSV)", FILM: "Film (MP4)"}
TARGETS = ("pdf", "svg", "png", "eps", "pgf")
"""What a click on a thumbnail opens, the first there is."""
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TAG = re.compile(r"(</?(?:b|i|sub|sup)>)")


def page(records: Sequence[Record]) -> str:
    """The whole page of these demos, which are in the order of the lecture."""
    pairs = [(entry(record.demo), record) for record in records]
    sections = [(name, list(group)) for name, group in groupby(pairs, _section_of)]
    return _filled(
        "page.html",
        version=html.escape(__version__),
        count=_counted(len(pairs), "demo"),
        style=_style(),
        counts="\n".join(_counts(records)),
        contents="\n".join(_line(name, pairs) for name, pairs in sections),
        sections="\n".join(_section(name, pairs) for name, pairs in sections),
    )


def markup(text: str) -> str:
    """Rich text as HTML: of its tags b, i, sub and sup are kept, all else is escaped.

    >>> markup("w<sub>0</sub> < 1 &amp; <script>")
    'w<sub>0</sub> &lt; 1 &amp; &lt;script&gt;'
    """
    parts = _TAG.split(text)
    if not _nested(parts[1::2]):
        return _escaped(text)
    return "".join(p if i % 2 else _escaped(p) for i, p in enumerate(parts))


def _nested(tags: Iterable[str]) -> bool:
    opened: list[str] = []
    for tag in tags:
        if not tag.startswith("</"):
            opened.append(tag[1:])
        elif not opened or opened.pop() != tag[2:]:
            return False
    return not opened


def _escaped(text: str) -> str:
    """A piece of rich text, which may hold entities."""
    return _text(html.unescape(text))


def _text(text: str) -> str:
    """Plain text; what XML can't hold is left out."""
    return html.escape(_NOT_XML.sub("", text))


@lru_cache(maxsize=32)
def _template(name: str) -> Template:
    return Template(resource(f"gallery/{name}").read_text(encoding="utf-8").rstrip("\n"))


def _filled(file: str, /, **values: object) -> str:
    return _template(file).substitute(values)


def _style() -> str:
    """The style sheet, in the colours of the program's themes."""
    rules = {}
    for tone in TONES:
        lines = [f"  --{c.replace('_', '-')}: {getattr(THEMES[tone], c)};" for c in COLOURS]
        rules[tone] = "\n".join(lines)
    return _filled("style.css", **rules)


# The head of the page


def _counts(records: Sequence[Record]) -> Iterable[str]:
    verdicts = [answer.verdict for record in records for answer in record.answers]
    failures = sum(bool(record.reason) for record in records)
    yield _count(len(records), "demo" if len(records) == 1 else "demos")
    for verdict, word in ((Verdict.HOLDS, "hold"), (Verdict.FAILS, "fail")):
        number = verdicts.count(verdict)
        if number or verdict is Verdict.HOLDS:
            tone = "bad" if verdict is Verdict.FAILS else ""
            claims = f"{'claim' if number == 1 else 'claims'} {word}{'s' if number == 1 else ''}"
            yield _count(number, claims, tone)
    if undecided := verdicts.count(Verdict.PENDING):
        yield _count(undecided, "undecided")
    if failures:
        yield _count(failures, "not made", "bad")


def _count(number: int, what: str, tone: str = "") -> str:
    return (
        f'<li class="{tone}"><b>{number}</b> {what}</li>'
        if tone
        else (f"<li><b>{number}</b> {what}</li>")
    )


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _line(name: str, pairs: Sequence[tuple[Entry, Record]]) -> str:
    links = " ".join(
        f'<a href="#{_id(item.id)}"{_marked(record)}>{_text(item.title)}</a>'
        for item, record in pairs
    )
    heading = f'<a href="#{_anchor(name)}">{_text(name)}</a>'
    return f'<p><span class="section">{heading}</span> <span class="demos">{links}</span></p>'


def _marked(record: Record) -> str:
    return ' class="bad"' if record.reason else ""


def _section_of(pair: tuple[Entry, Record]) -> str:
    return pair[0].section


def _anchor(section: str) -> str:
    return "section-" + re.sub(r"\W+", "-", section.lower())


def _id(demo: str) -> str:
    return _text(demo)


# A demo


def _section(name: str, pairs: Sequence[tuple[Entry, Record]]) -> str:
    demos = "\n".join(_demo(item, record) for item, record in pairs)
    return _filled("section.html", anchor=_anchor(name), title=_text(name), demos=demos)


def _demo(item: Entry, record: Record) -> str:
    if record.reason:
        body = _filled("failed.html", reason=_text(record.reason))
    else:
        body = _made(item, record)
    return _filled(
        "demo.html",
        id=_id(item.id),
        title=_text(item.title),
        claim=_text(item.claim),
        formula=_formula(item.formula),
        body=body,
    )


def _formula(latex: str) -> str:
    """The formula by the program's typesetter; in plain letters where it can't be typeset."""
    if not latex.strip():
        return ""
    words = _text(plain(latex))
    try:
        picture = svg(latex, FORMULA_SIZE, "currentColor").decode("utf-8")
    except FormulaError:
        return f'<p class="formula">{words}</p>'
    return f'<div class="formula" role="img" aria-label="{words}">{picture}</div>'


def _made(item: Entry, record: Record) -> str:
    title = _text(item.title)
    stage = next((one for one in record.pictures if one.name == STAGE), None)
    links = [_link(item, name, NAMES[name]) for name in record.files if name in NAMES]
    if stage is not None:
        forms = [_link(item, f"{STAGE}.{form}", f"Stage ({form.upper()})") for form in stage.forms]
        links = forms + links
    return _filled(
        "made.html",
        id=_id(item.id),
        title=title,
        stage="" if stage is None else _picture(item, stage),
        film=_film(item) if record.film else "",
        answers=_answers(title, record.answers),
        pictures="\n".join(_figure(item, one) for one in record.pictures if one is not stage),
        links=" ".join(links),
        outcome=_text(record.outcome),
        run=_text(record.run),
        note=" As it runs live; the published size is larger." if item.full else "",
    )


def _film(item: Entry) -> str:
    return _filled("film.html", title=_text(item.title), film=_address(item, FILM))


def _picture(item: Entry, one: Picture) -> str:
    form = next((form for form in TARGETS if form in one.forms), "")
    name = f"{one.name}.{form}" if form else one.thumbnail("light")
    return _filled(
        "picture.html",
        target=_address(item, name),
        light=_address(item, one.thumbnail("light")),
        dark=_address(item, one.thumbnail("dark")),
        width=one.width,
        height=one.height,
        alt=_text(f"{item.title}: {one.title}"),
    )


def _figure(item: Entry, one: Picture) -> str:
    links = " ".join(_link(item, f"{one.name}.{form}", form.upper()) for form in one.forms)
    return _filled("figure.html", picture=_picture(item, one), name=_text(one.title), links=links)


def _link(item: Entry, name: str, words: str) -> str:
    return f'<a href="{_address(item, name)}">{_text(words)}</a>'


def _address(item: Entry, name: str) -> str:
    return _text(quote(f"{item.id}/{name}"))


def _answers(title: str, answers: Sequence[Answer]) -> str:
    if not answers:
        return ""
    rows = "\n".join(_answer(answer) for answer in answers)
    return _filled("answers.html", title=title, rows=rows)


def _answer(answer: Answer) -> str:
    tone, sign, word = VERDICTS[answer.verdict]
    return _filled(
        "answer.html",
        statement=markup(answer.statement),
        claim=_text(answer.claim),
        predicted=_text(answer.predicted),
        measured=_text(answer.measured),
        tolerance=_text(answer.tolerance),
        tone=tone,
        sign=sign,
        word=word,
    )
