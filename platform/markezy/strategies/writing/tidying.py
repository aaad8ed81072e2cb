"""Texts made neat: what conditionals leave over is removed, and what a lead typed fits into a sentence."""

import re
from html import unescape

NO_BREAK = "\u00a0"
_BLANK = re.compile(r"[ \t\r\n\f\v]+")
_UNIT = re.compile(r"(?<=\d) (?=[€£$%])")
_TELEPHONE = re.compile(r"\+\d[\d ]{5,18}\d")
_EMPTY_BRACKETS = re.compile(r"[ \u00a0]?\(\s*\)")
_LOOSE_STOP = re.compile(r"[ \u00a0]+([,.…])(?=[\s\u00a0<”»)]|$)")
_LOOSE_MARK = re.compile(r"[ \u00a0]+([;:!?])(?=[\s\u00a0<”»)]|$)")
_FRENCH_MARK = re.compile(r"[ \u00a0]+([;:!?»])(?!\w)")
_FRENCH_OPENING = re.compile(r"«[ \u00a0]*")
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])(?:'|&#39;)(?=[^\W\d_])(?!\S*@)")
_DOUBLED = re.compile(r"([.!?…])(”|»|\u00a0»)\.(?!\.)")
_TWO_STOPS = re.compile(r"(?<!\.)\.\.(?!\.)")
_TAG = re.compile(r"</?[bi]>|<br>")
_BREAK_AT_EDGE = re.compile(r"^(?:\s*<br>)+|(?:<br>\s*)+$")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SENTENCE_END = re.compile(r"[.!?…](?=\s)")
_OWN_QUOTES = ('""', "“”", "«»", "''", "‘’", "„“")
_ENDING = " \u00a0.,;:–—-"


def tidy(markup: str, locale: str) -> str:
    """Inline HTML without doubled blanks or loose punctuation, with apostrophes as they are printed (people type others), amounts and
    telephone numbers that stay on one line; French keeps its blanks before `: ; ! ?` and within « », unbreakable.
    """
    text = _APOSTROPHE.sub("’", _BLANK.sub(" ", markup))
    text = _UNIT.sub(NO_BREAK, text)
    text = _TELEPHONE.sub(lambda number: number[0].replace(" ", NO_BREAK), text)
    text = _EMPTY_BRACKETS.sub("", text)
    text = _LOOSE_STOP.sub(r"\1", text)
    if locale.partition("-")[0] == "fr":
        text = _FRENCH_MARK.sub(NO_BREAK + r"\1", text)
        text = _FRENCH_OPENING.sub("«" + NO_BREAK, text)
    else:
        text = _LOOSE_MARK.sub(r"\1", text)
    text = _DOUBLED.sub(r"\1\2", text)
    text = _TWO_STOPS.sub(".", text)
    text = _BREAK_AT_EDGE.sub("", text.strip())
    return text.strip()


def plain(markup: str) -> str:
    """The words of inline HTML, for where no HTML is read: charts, subjects, a file's title."""
    return unescape(_TAG.sub(lambda tag: " " if tag[0] == "<br>" else "", markup)).strip()


def one_line(text: str, longest: int) -> str:
    """What somebody typed, on one line and not longer than `longest`."""
    line = " ".join(_CONTROL.sub("", text).split())
    return line if len(line) <= longest else shortened(line, longest)


def quoted(text: str, longest: int) -> str:
    """What somebody typed, fit to stand within a sentence: one line, no full stop at its end, no quotation marks of its own."""
    line = one_line(text, longest)
    if len(line) > 2 and line[0] + line[-1] in _OWN_QUOTES:
        line = line[1:-1].strip()
    return line.rstrip(_ENDING) or line


def shortened(line: str, longest: int) -> str:
    """The beginning of a line, up to the end of a sentence if most of the room is used then, else of a word, with `…`."""
    room = line[: longest - 1]
    ends = [match.end() for match in _SENTENCE_END.finditer(line[:longest])]
    if ends and ends[-1] >= longest * 0.6:
        return room[: ends[-1]].rstrip(_ENDING) + " …"
    words = room.rsplit(" ", 1)[0] if " " in room[longest // 2 :] else room
    return words.rstrip(_ENDING) + "…"
