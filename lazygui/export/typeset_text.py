"""From the rich text of the screen to TeX mathematics between dollar signs.

Words stay words; sloped letters, Greek, scripts and signs become mathematics, in the subset of TeX
that matplotlib's mathtext and LaTeX share.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass, replace

_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "varepsilon", "ζ": "zeta",
    "η": "eta", "θ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu",
    "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "υ": "upsilon", "φ": "varphi",
    "χ": "chi", "ψ": "psi", "ω": "omega", "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta",
    "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega",
    "ℓ": "ell", "∂": "partial", "∇": "nabla", "∞": "infty", "‖": "Vert", "⟨": "langle",
    "⟩": "rangle", "⊤": "top", "⊥": "perp", "…": "ldots", "·": "cdot", "′": "prime",
}  # fmt: skip
_RELATIONS = {
    "=": "=", "<": "<", ">": ">", "+": "+", "−": "-", "≤": r"\leq", "≥": r"\geq", "≠": r"\neq",
    "≈": r"\approx", "∝": r"\propto", "≪": r"\ll", "≫": r"\gg", "×": r"\times", "±": r"\pm",
    "→": r"\to", "∈": r"\in", "∼": r"\sim",
}  # fmt: skip
_SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᵀ", "0123456789-T", strict=True))
_SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉₋", "0123456789-", strict=True))
_FRACTIONS = {"½": r"\frac{1}{2}", "¼": r"\frac{1}{4}"}
_NEUTRAL = set("0123456789()[]/.,|: ")
_FUNCTIONS = {"log", "max", "min", "exp", "sup", "inf", "tanh", "sin", "cos", "lim", "det"}
_MACRON = "\u0304"
_SPACES = "\u2009\u202f\u00a0 "
_TAG = re.compile(r"<(/?)(i|em|sub|sup|b)\b[^>]*>|<[^>]*>")


@dataclass(frozen=True)
class _Atom:
    """A character or a word with what stands above and below it."""

    text: str
    sloped: bool = False
    sub: str = ""
    sup: str = ""

    @property
    def is_word(self) -> bool:
        return self.text.isalpha() and self.text.isascii() and not self.sloped


def typeset(rich: str) -> str:
    """The label as text with mathematics between dollar signs.

    >>> typeset("time <i>t</i> = <i>ηk</i>")
    'time $t = \\\\eta k$'
    """
    atoms = _atoms(unicodedata.normalize("NFC", rich))
    maths = [_is_mathematics(atoms, k) for k in range(len(atoms))]
    _spread(atoms, maths)
    parts: list[str] = []
    start = 0
    for k in range(1, len(atoms) + 1):
        if k == len(atoms) or maths[k] != maths[start]:
            parts.append(_part(atoms[start:k], maths[start]))
            start = k
    return "".join(parts)


def plain(rich: str) -> str:
    """The label without its tags, where mathematics can't be set."""
    return html.unescape(re.sub(r"<[^>]*>", "", rich))


# Reading


def _atoms(rich: str) -> list[_Atom]:
    atoms: list[_Atom] = []
    depth = {"i": 0, "em": 0, "sub": 0, "sup": 0, "b": 0}
    place = 0
    for match in _TAG.finditer(rich):
        _take(atoms, html.unescape(rich[place : match.start()]), depth)
        place = match.end()
        if match[2]:
            depth[match[2]] += -1 if match[1] else 1
    _take(atoms, html.unescape(rich[place:]), depth)
    return atoms


def _take(atoms: list[_Atom], text: str, depth: dict[str, int]) -> None:
    sloped = depth["i"] + depth["em"] > 0
    for piece in re.findall(r"[^\W\d_]+(?:’[^\W\d_]+)?|.", text, re.DOTALL):
        script = "sub" if depth["sub"] > 0 else "sup" if depth["sup"] > 0 else ""
        if script:
            _attach(atoms, script, _set_script(piece, sloped))
        elif sloped or any(letter in _GREEK for letter in piece):
            for letter in piece:
                _take_letter(atoms, letter, sloped)
        else:
            _take_letter(atoms, piece, sloped=False)


def _take_letter(atoms: list[_Atom], piece: str, sloped: bool) -> None:
    if piece == _MACRON and atoms:
        name = atoms[-1].text
        bar = rf"\overline{{\mathrm{{{name}}}}}" if len(name) > 1 else rf"\bar{{{_symbol(name)}}}"
        atoms[-1] = replace(atoms[-1], text=bar)
    elif piece in _SUPERSCRIPTS:
        _attach(atoms, "sup", _SUPERSCRIPTS[piece])
    elif piece in _SUBSCRIPTS:
        _attach(atoms, "sub", _SUBSCRIPTS[piece])
    elif piece == "*" and atoms and (atoms[-1].sloped or len(atoms[-1].text) == 1):
        _attach(atoms, "sup", "*")
    else:
        atoms.append(_Atom(piece, sloped))


def _attach(atoms: list[_Atom], script: str, text: str) -> None:
    if not atoms or atoms[-1].text == " ":
        atoms.append(_Atom("", sloped=True))
    last = atoms[-1]
    if script == "sub":
        atoms[-1] = replace(last, sub=last.sub + text)
    else:
        atoms[-1] = replace(last, sup=last.sup + text)


def _set_script(piece: str, sloped: bool) -> str:
    if piece.isalpha() and piece.isascii() and not sloped:
        return piece if len(piece) == 1 and piece.islower() else rf"\mathrm{{{piece}}}"
    return "".join(_symbol(letter) for letter in piece)


# What is mathematics


def _is_mathematics(atoms: list[_Atom], k: int) -> bool:
    atom = atoms[k]
    if atom.sloped or atom.sub or atom.sup or atom.text.startswith("\\"):
        return True
    if atom.is_word and len(atom.text) == 1:
        return _touches_mathematics(atoms, k)
    if atom.is_word and len(atom.text) == 2 and not atom.text.islower():
        return k > 1 and atoms[k - 2].text in _RELATIONS
    return atom.text in _GREEK or atom.text in _RELATIONS or atom.text in {*_FRACTIONS, "|", "√"}


def _touches_mathematics(atoms: list[_Atom], k: int) -> bool:
    """A lone upright letter is a variable beside a sign or a bracket, and else an article."""
    for step in (-1, 1):
        near = k + step
        spaced = 0 <= near < len(atoms) and atoms[near].text in _SPACES
        near += step if spaced else 0
        if not 0 <= near < len(atoms):
            continue
        text = atoms[near].text
        signs = text in _RELATIONS or text in _GREEK or text in "/|√"
        if signs or (not spaced and (text in "()[]," or atoms[near].sloped)):
            return True
    return False


def _spread(atoms: list[_Atom], maths: list[bool]) -> None:
    """Digits, brackets and spaces between mathematics are mathematics, and so are functions."""
    for k, atom in enumerate(atoms):
        follows = k + 1 < len(atoms) and (atoms[k + 1].text in ("(", " ") or maths[k + 1])
        if atom.text in _FUNCTIONS and follows and not maths[k]:
            maths[k] = any(maths[k + 1 : k + 4])
    k = 0
    while k < len(atoms):
        if maths[k] or atoms[k].text not in _NEUTRAL:
            k += 1
            continue
        end = k
        while end < len(atoms) and not maths[end] and atoms[end].text in _NEUTRAL:
            end += 1
        _settle(atoms, maths, k, end)
        k = end


def _settle(atoms: list[_Atom], maths: list[bool], start: int, end: int) -> None:
    before, after = start > 0 and maths[start - 1], end < len(atoms) and maths[end]
    inner = "".join(atom.text for atom in atoms[start:end])
    # A list of symbols is several formulas, so that its spaces are those of the text.
    apart = ", " in inner and _depth(atoms[:start]) == 0
    if before and after and not apart and ": " not in inner:
        maths[start:end] = [True] * (end - start)
        return
    if before:
        width = len(inner) - len(inner.lstrip("0123456789)]./|"))
        width = len(inner[:width].rstrip("./ "))
        if re.match(r" \d", inner) and atoms[start - 1].text in _RELATIONS:
            width = len(inner.rstrip(" ,:("))
        maths[start : start + width] = [True] * width
    if after:
        width = len(inner) - len(inner.rstrip("0123456789([|./"))
        if re.search(r"\d $", inner) and atoms[end].text in _RELATIONS:
            width = len(inner) - len(inner.rstrip("0123456789. (["))
        maths[end - width : end] = [True] * width


def _depth(atoms: list[_Atom]) -> int:
    """How many brackets are open after these atoms."""
    texts = [atom.text for atom in atoms]
    return sum(texts.count(b) for b in "([{⟨") - sum(texts.count(b) for b in ")]}⟩")


# Writing


def _part(atoms: list[_Atom], mathematics: bool) -> str:
    if not mathematics:
        return "".join(atom.text for atom in atoms).replace("$", r"\$")
    lead = "".join(" " for atom in atoms[:1] if atom.text == " ")
    tail = "".join(" " for atom in atoms[-1:] if atom.text == " " and len(atoms) > 1)
    body = list(atoms)
    while body and body[0].text == " ":
        body.pop(0)
    while body and body[-1].text == " ":
        body.pop()
    return f"{lead}${_mathematics(body)}${tail}" if body else lead


def _mathematics(atoms: list[_Atom]) -> str:
    out = ""
    for k, atom in enumerate(atoms):
        if atom.text and atom.text in _SPACES:
            out += _space(atoms, k)
            continue
        piece = _symbol_of(atom)
        if k and atoms[k - 1].text == "√":
            piece = f"{{{piece}}}"
        elif piece[:1].isalpha() and _ends_in_command(out):
            piece = " " + piece
        out += piece
    return out


def _ends_in_command(text: str) -> bool:
    return re.search(r"\\[A-Za-z]+$", text) is not None


def _space(atoms: list[_Atom], k: int) -> str:
    """TeX spaces signs by itself; between two symbols a thin space says where words part."""
    before, after = atoms[k - 1] if k else None, atoms[k + 1] if k + 1 < len(atoms) else None
    if before is None or after is None:
        return ""
    loose = {*_RELATIONS, *_FUNCTIONS, "·", "/", ",", ""}
    if before.text in loose or after.text in loose:
        return " "
    return r"\,"


def _symbol_of(atom: _Atom) -> str:
    text = atom.text
    if text in _FUNCTIONS:
        base = rf"\{text}"
    elif atom.is_word and len(text) > 1:
        base = rf"\mathrm{{{text}}}"
    else:
        base = "".join(_symbol(letter) for letter in text) if text[:1] != "\\" else text
    base = base or "{}"
    sub = f"_{{{atom.sub}}}" if atom.sub else ""
    sup = f"^{{{atom.sup}}}" if atom.sup else ""
    return base + sub + sup


def _symbol(letter: str) -> str:
    if letter in _GREEK:
        return "\\" + _GREEK[letter] + (" " if letter in "∂∇" else "")
    if letter in _RELATIONS:
        return _RELATIONS[letter]
    if letter in _FRACTIONS:
        return _FRACTIONS[letter]
    if letter in "{}%#&$_":
        return "\\" + letter
    return {"√": r"\sqrt", "\u2009": r"\,"}.get(letter, letter)
