"""What a template, a program or a hurried hand leaves behind in a text."""

import re
from collections.abc import Iterator

from markezy.strategies.checks.finding import Finding, problem
from markezy.strategies.checks.reading import Piece, Reading, Role

CHECK = "leftovers"

_MARKS = {
    "placeholder": (
        r"\{\{|\}\}|\{%|%\}|\{#|#\}|\$\{|<%|%>|(?<![\w{])\{[a-z_]+\}",
        r"\[[A-ZÁÉÍÓÚÑÀÈÇ][A-ZÁÉÍÓÚÑÀÈÇ _-]{2,}\]|<[A-Z_]{3,}>|_{4,}",
        r"\[(?:your|name|company|city|votre|nom|ville|su|nombre|ciudad)\b[^\]]*\]",
        r"\b(?i:lorem ipsum|dolor sit amet)\b|\bX{3,}\b|\bxxx+\b|\b(?:TODO|TBD|FIXME|TBC)\b|\?{3,}",
    ),
    "raw_value": (
        r"(?:(?<=[^.!?:…\n] )|(?<=\()|\A(?=None\Z))None\b(?! of\b)|\b(?:[Uu]ndefined|nan|NaN|null|NULL|inf|Infinity)\b|\[object \w+\]",
        r"\b(?:Decimal|datetime\.\w+|date|Range)\(|<[a-z_.]+ object\b",
    ),
    "raw_markup": (r"&(?:[a-z]{2,8}|#\d{2,5});|</?[a-z][^>]{0,40}>",),
    "hollow": (r"\(\s*\)|\[\s*\]|“\s*”|«\s*»|\"\"|\(\s*[,;]|[,;]\s*\)",),
}
_LEFT = re.compile("|".join(f"(?P<{code}>{'|'.join(patterns)})" for code, patterns in _MARKS.items()))

_DOUBLED_MARK = re.compile(
    r"[,;]\s*[,;.]|(?<!\.)\.\.(?!\.)|\.\s+\.(?!\w)|[,;]\s*[!?]|:\s*[:;,.]|[!?.]\s*[,;](?=\s)|\?\?|!!|\.{4,}|…\."
)
_ABBREVIATED = re.compile(
    r"(?:\b(?:etc|e\.g|i\.e|p\. ?ex|p\. ?ej|Inc|Ltd|Co|a\.m|p\.m|vs|approx|cf|St|Mr|Ms|Mrs|Dr|Sr|Sra|Ud|Uds|M|Mme|S\.A|S\.L|EE\.UU))$"
)
_SPACES = re.compile(r"[ \t]{2,}| \u00a0|\u00a0 ")
_SPACE_BEFORE = re.compile(r"(?<=\w)\s+[,.](?=\s|$)")
_WORD_TWICE = re.compile(r"(?<![\w’'-])([^\W\d_]+)\s+\1(?![\w’'-])", re.IGNORECASE)
_MAY_DOUBLE = {"en": {"had", "that"}, "fr": {"nous", "vous", "faire"}, "es": set()}
_PAIRS = {"(": ")", "[": "]", "“": "”", "«": "»", "¿": "?", "¡": "!"}
_ENUMERATED = re.compile(r"^\s*(?:\d{1,2}|[a-z])\)", re.MULTILINE)


def leftovers(reading: Reading) -> Iterator[Finding]:
    for piece in reading.pieces:
        if not piece.own.strip():
            continue
        found = _LEFT.search(piece.own)
        if found:
            yield Finding(CHECK, piece.place, problem(str(found.lastgroup), found=_safe(found.group())))
        yield from _marks(piece)
        if piece.role is not Role.LABEL:
            yield from _pairs(piece, reading.language)
            yield from _doubled(piece, reading.language)


def _safe(found: str) -> str:
    """What was found is a mark of a template or program; cut, should there be more in it."""
    return found[:24]


def _marks(piece: Piece) -> Iterator[Finding]:
    for found in _DOUBLED_MARK.finditer(piece.own):
        if not _ABBREVIATED.search(piece.own[: found.start()]):
            yield Finding(CHECK, piece.place, problem("doubled_mark", found=found.group()))
            break
    if _SPACES.search(piece.own):
        yield Finding(CHECK, piece.place, problem("double_space"))
    if _SPACE_BEFORE.search(piece.own):
        yield Finding(CHECK, piece.place, problem("space_before_mark"))


def _pairs(piece: Piece, language: str) -> Iterator[Finding]:
    text = _ENUMERATED.sub(" ", piece.own)
    waiting: list[str] = []
    for sign in text:
        if sign in "([“«":
            waiting.append(_PAIRS[sign])
        elif sign in ")]”»" and (not waiting or waiting.pop() != sign):
            waiting.append(sign)
            break
    if waiting:
        yield Finding(CHECK, piece.place, problem("unbalanced", found=waiting[-1]))
    elif re.sub(r"\d\"", "", text).count('"') % 2:
        yield Finding(CHECK, piece.place, problem("unbalanced", found='"'))
    if language == "es" and any(text.count(begin) != text.count(end) for begin, end in (("¿", "?"), ("¡", "!"))):
        yield Finding(
            CHECK, piece.place, problem("unbalanced", found="¿?" if text.count("¿") != text.count("?") else "¡!")
        )
    if language == "fr" and ("“" in text or "”" in text):
        yield Finding(CHECK, piece.place, problem("foreign_quotes", found="“”"))
    if language == "en" and ("«" in text or "»" in text):
        yield Finding(CHECK, piece.place, problem("foreign_quotes", found="«»"))


def _doubled(piece: Piece, language: str) -> Iterator[Finding]:
    for found in _WORD_TWICE.finditer(piece.own):
        if found.group(1).lower() not in _MAY_DOUBLE.get(language, set()) and "\n" not in found.group():
            yield Finding(CHECK, piece.place, problem("doubled_word", word=found.group(1)))
            break
