"""Personal data stands only where it belongs: the lead's own, in the parts that address them; nobody else's anywhere.

What leads wrote themselves may hold anything; it may be shown back to them in the table of their answers, and nowhere else.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import phonenumbers
import yaml

from markezy.strategies.checks.finding import Finding, problem
from markezy.strategies.checks.reading import Reading, Role, folded

CHECK = "personal_data"

_CONTACT = frozenset({"next", "person"})
"""Sections that may show how the lead is reached: the last step, and who they are in the staff's briefing."""
_ADDRESSED = frozenset({"", "summary", "situation", *_CONTACT})
"""Sections that may call the lead by their full name; the title does too."""

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_DIGITS = re.compile(r"(?<![\w.,/@-])\+?\(?\d[\d\s().\u2011/-]{6,24}\d(?!\w)")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:[\s.]\d{3})+|\d{4}\s?[-/]\s?\d{4}|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")
_UNIT = re.compile(r"\s?(?:[€$£%]|EUR|USD|GBP|CHF|euros?\b|dollars?\b)")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){2,7}(?:\s?[A-Z0-9]{1,4})?\b")
_IDENTITIES = (
    re.compile(r"\b[12]\s?\d{2}\s?(?:0[1-9]|1[0-2])\s?\d{2}\s?\d{3}\s?\d{3}(?:\s?\d{2})?\b"),  # France: NIR
    re.compile(r"\b(?:\d{8}|[XYZ]\d{7})-?[A-HJ-NP-TV-Z]\b"),  # Spain: DNI, NIE
    re.compile(r"\b(?!000|666)\d{3}-\d{2}-\d{4}\b"),  # United States: SSN
    re.compile(r"\b[A-CEGHJ-PR-TW-Z]{2}\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D]\b"),  # United Kingdom: NINO
)
_REGIONS = ("FR", "ES", "GB", "US", "BE", "CH", "MX", "CA", "DE", "IT", "PT")
_NAME = r"[A-ZÀ-ÖØ-Þ][\w’'-]*[a-zß-öø-ÿ][\w’'-]*"
_TITLED = re.compile(
    rf"\b(?:Mr|Mrs|Ms|Dr|Mme|Mlle|Sr|Sra|Srta|Dña|Don|Doña|Madame|Monsieur|Señora?|Maître|Me)\b\.?\s+({_NAME}(?:\s+{_NAME})?)"
)
_GREETED = re.compile(rf"\b(?:Dear|Hello|Hi|Bonjour|Cher|Chère|Hola|Estimad[oa]|Querid[oa])\s+({_NAME}(?:\s+{_NAME})?)")


def personal_data(reading: Reading) -> Iterator[Finding]:
    answers_at = {block.id for _, block in reading.blocks if reading.is_answers_table(block)}
    contact, agency = reading.case.lead.contact, reading.case.agency
    said = "\n".join(one.display for one in reading.case.lead.answers)
    mine = _Known({folded(contact.email or "")}, {_digits(contact.phone or "")})
    told = _Known(
        {folded(each) for each in _EMAIL.findall(said)},
        {_digits(each) for each in _DIGITS.findall(said)} | {_digits(each) for each in _IBAN.findall(said)},
    )
    for piece in reading.pieces:
        if piece.role is Role.LABEL:
            continue
        for kind, found in _data(piece.text):
            if kind == "email" and agency.email and folded(found) == folded(agency.email):
                continue
            own, answered = mine.has(kind, found), told.has(kind, found)
            if (answered and piece.place in answers_at) or (own and piece.section in _CONTACT):
                continue
            yield Finding(
                CHECK, piece.place, problem("data_in_wrong_place" if own or answered else f"other_{kind}", data=found)
            )
        yield from _names(piece.place, piece.section, piece.text, piece.own, reading)


class _Known:
    """Addresses and numbers of somebody."""

    def __init__(self, emails: set[str], numbers: set[str]) -> None:
        self._emails = emails
        self._numbers = {number for number in numbers if number}

    def has(self, kind: str, found: str) -> bool:
        """Numbers are the same when their last nine digits are: with or without the country's code."""
        if kind == "email":
            return folded(found) in self._emails
        return any(number[-9:] == _digits(found)[-9:] for number in self._numbers)


def _data(text: str) -> Iterator[tuple[str, str]]:
    if "@" in text:
        yield from (("email", found) for found in _EMAIL.findall(text))
    if sum(sign.isdigit() for sign in text) < 6:
        return
    for pattern in _IDENTITIES:
        found = pattern.search(text)
        if found and not _UNIT.match(text, found.end()):
            yield "identity", found.group()
            text = text.replace(found.group(), " ")
    for found in _IBAN.finditer(text):
        if _is_iban(found.group()):
            yield "account", found.group()
            text = text.replace(found.group(), " ")
    for found in _DIGITS.finditer(text):
        kind = _kind(found.group(), text[found.end() :])
        if kind:
            yield kind, found.group()


def _kind(written: str, following: str) -> str | None:
    """What a row of digits is; None for figures and dates."""
    digits = _digits(written)
    if _UNIT.match(following):
        return None
    if 13 <= len(digits) <= 19 and _is_card(digits) and not written.startswith("+"):
        return "card"
    grouped = _GROUPED.fullmatch(written)
    if grouped and not (len(digits) == 9 and digits[0] in "679"):
        return None
    if not 8 <= len(digits) <= 15:
        return None
    if written.startswith("+"):
        return "phone" if _valid(written, None) else None
    return "phone" if any(_valid(written, region) for region in _REGIONS) else None


def _valid(written: str, region: str | None) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(written, region))
    except phonenumbers.NumberParseException:
        return False


def _is_card(digits: str) -> bool:
    """Luhn's check digit."""
    doubled = [int(sign) * (1 + place % 2) for place, sign in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _is_iban(written: str) -> bool:
    compact = "".join(written.split())
    return 15 <= len(compact) <= 34 and int("".join(str(int(sign, 36)) for sign in compact[4:] + compact[:4])) % 97 == 1


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())


def _names(place: str, section: str, text: str, own: str, reading: Reading) -> Iterator[Finding]:
    """The lead's full name in the wrong place; a person who is not the lead: addressed, with a title, or with a given name."""
    contact = reading.case.lead.contact
    name = " ".join((contact.name or "").split())
    without_company = text.replace(contact.company, " ") if contact.company else text
    if " " in name and section not in _ADDRESSED and folded(name) in folded(without_company):
        yield Finding(CHECK, place, problem("name_in_wrong_place"))
    for pattern in (_TITLED, _GREETED, _given()):
        found = pattern.search(own)
        if found:
            yield Finding(CHECK, place, problem("other_name", name=found.group()))
            return


@lru_cache(maxsize=1)
def _given() -> re.Pattern[str]:
    names = yaml.safe_load((Path(__file__).parent / "given_names.yml").read_text(encoding="utf-8")).split()
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\s+(?:(?:de|del|de la|van|von)\s+)?{_NAME}")
