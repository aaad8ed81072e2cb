"""E-mail addresses, phone numbers and web addresses."""

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urlsplit

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from markezy.flows.answers.cleaning import clean
from markezy.flows.answers.result import Accepted, Given, Rejected
from markezy.flows.definition import Question, QuestionType

_ADDRESS = re.compile(r"(?<![^\s<>,;:()\[\]*\"'“”«»@])[^\s<>,;:()\[\]*\"'“”«»@]+@[^\s<>,;:()\[\]*\"'“”«»]+")
_SPOKEN_AT = re.compile(r"\s*(?:[(\[{]\s*at\s*[)\]}]|\barobase\b|\barroba\b)\s*", re.IGNORECASE)
_SPELLED_OUT = re.compile(r"(?:.*\s)?(?P<name>\S+)\s+at\s+(?P<host>\S+(?:\s+dot\s+\S+)+)\W*", re.IGNORECASE)
_SPOKEN_DOT = re.compile(
    r"(?<=\w)(?:\s+(?:dot|point|punto|\.)\s+|\s+\.(?=\w)|\s*[(\[]dot[)\]]\s*|,(?=\w))(?=\w)", re.IGNORECASE
)
""" "Dot", or what was typed in its place."""
_BEHIND = ".!?/"
_AT_ITS_BEGINNING = r"(?<![\w-])(?<!\w\.)"
"""Not in the middle of a word, so that a long run of letters and dots is looked at once and not from each of its letters."""
_LINK = re.compile(rf"(?:https?://|{_AT_ITS_BEGINNING})(?:[\w-]+\.)+[\w-]{{2,}}(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE)
_SURE_LINK = re.compile(
    rf"https?://\S+|www\.\S+|{_AT_ITS_BEGINNING}(?:[\w-]+\.)+"
    r"(?:com|net|org|fr|es|uk|eu|io|shop|store|be|ch|ca|de|it|pt|lu|mx|ar|cl|co|app|dev|"
    r"paris|bzh|cat|info|biz|online|site|restaurant|cafe|bio|example)\b(?:/\S*)?",
    re.IGNORECASE,
)
"""What is a web address even where none was asked for: "open.Come" is not."""
_BY_ITS_ADDRESS = frozenset(
    ["amazon", "ebay", "etsy", "vinted", "booking", "google", "facebook", "instagram", "tripadvisor", "ubereats"]
)
"""Sites that are called by their address: meant is the platform, unless a page on it is named."""
_PHONE = re.compile(r"(?<![\w.,])(?:\+|00|\(|\d)[\d\s().-]{7,22}\d(?![\w%€$£]|[.,]\d|\s*(?:€|eur))", re.IGNORECASE)
_ASKED_PHONE = re.compile(r"(?<![\w.,])(?:\+|00|\(|\d)[\d ()./-]{6,26}\d(?!\w)")
"""The same where nothing else is expected."""
_DIGIT = re.compile(r"\d")
_FEWEST_DIGITS = 7
"""Of a whole text that is read as a number: the letters of others would be dialled."""
_WITH_COUNTRY = re.compile(r"(?<!\w)(?:\+|00)\s*\d")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_LONGEST_URL = 500
_LONGEST_DICTATED = 200
_HOME = {"en": "GB", "fr": "FR", "es": "ES"}
"""Where a number without country code is from when the flow doesn't say, by the lead's language."""


def read_email(_question: Question, given: Given, _locale: str) -> Accepted | Rejected:
    """One address, normalised; whether mail arrives there is not tried."""
    text = clean(str(given.raw))
    found = _addresses(text)
    if len(text) <= _LONGEST_DICTATED and not any("." in address.partition("@")[2] for address in found):
        found = _addresses(_as_dictated(text)) or found
    if len(found) > 1:
        return Rejected("several_emails")
    candidate = found[0] if found else text
    try:
        address = validate_email(candidate, check_deliverability=False).normalized
    except EmailNotValidError:
        return Rejected("email_without_at" if "@" not in candidate else "not_an_email")
    return Accepted(address, address)


def _addresses(text: str) -> list[str]:
    """What may be addresses, each once."""
    return list(
        {address.casefold(): address for address in (each.rstrip(_BEHIND) for each in _ADDRESS.findall(text))}.values()
    )


def _as_dictated(text: str) -> str:
    """With an @ and dots for the words people say or type instead of them."""
    spelled = _SPELLED_OUT.fullmatch(text)
    if spelled:
        text = f"{spelled['name']}@{spelled['host']}"
    return _SPOKEN_DOT.sub(".", _SPOKEN_AT.sub("@", re.sub(r"\s*@\s*", "@", text)))


def find_email(text: str) -> str | None:
    """The one usable address in a text; None when there is none, or more than one."""
    found = _addresses(clean(text))
    if len(found) != 1:
        return None
    try:
        return validate_email(found[0], check_deliverability=False).normalized
    except EmailNotValidError:
        return None


@lru_cache(maxsize=64)
def find_emails(text: str) -> tuple[tuple[int, int], ...]:
    """Where addresses stand in a text."""
    return tuple(
        (match.start(), match.start() + len(match.group().rstrip(_BEHIND))) for match in _ADDRESS.finditer(text)
    )


@lru_cache(maxsize=64)
def find_links(text: str) -> tuple[tuple[int, int], ...]:
    """Where web addresses stand that can be nothing else."""
    taken = find_emails(text)
    found = []
    for match in _SURE_LINK.finditer(text):
        link = match.group().rstrip(".,;!?)")
        bare = re.sub(r"https?://|www\.", "", link, flags=re.IGNORECASE)
        if bare.split(".")[0].casefold() in _BY_ITS_ADDRESS and "/" not in bare:
            continue
        if not any(start < match.end() and match.start() < end for start, end in taken):
            found.append((match.start(), match.start() + len(link)))
    return tuple(found)


def countries_of(questions: Iterable[Question], locale: str) -> tuple[str | None, ...]:
    """Where a number without country code may be from: the countries the questions name, then the lead's language's."""
    named = (question.validation.country for question in questions if question.type is QuestionType.PHONE)
    return tuple(dict.fromkeys(filter(None, (*named, _HOME.get(locale))))) or (None,)


@lru_cache(maxsize=64)
def find_phones(text: str, countries: tuple[str | None, ...]) -> tuple[tuple[int, int], ...]:
    """Where phone numbers stand that exist, read in one of these countries when they bear no country code."""
    return tuple(match.span() for match in _PHONE.finditer(text) if _existing(match.group(), countries))


def read_phone(question: Question, given: Given, locale: str) -> Accepted | Rejected:
    """A number that exists in its country's numbering plan, as E.164, with words around it or without."""
    text = clean(str(given.raw))
    countries = countries_of((question,), locale)
    candidates = (match.group() for match in _ASKED_PHONE.finditer(text))
    number = next(filter(None, (_existing(candidate, countries) for candidate in candidates)), None)
    if number is None and len(_DIGIT.findall(text)) >= _FEWEST_DIGITS:
        number = _existing(text, countries)
    if number is None:
        return Rejected("not_a_phone" if _WITH_COUNTRY.search(text) else "phone_without_country")
    return Accepted(
        phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
        phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL),
    )


def _existing(text: str, countries: Iterable[str | None]) -> phonenumbers.PhoneNumber | None:
    """The number the text is, in the first country whose numbering plan has it."""
    for country in countries:
        try:
            number = phonenumbers.parse(text, country)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return number
    return None


def read_url(_question: Question, given: Given, _locale: str) -> Accepted | Rejected:
    """A web address; `https://` is added when it is missing."""
    text = clean(str(given.raw))
    if "@" in text and "/" not in text and not find_links(text):
        return Rejected("email_instead_of_url" if _ADDRESS.search(text) else "not_a_url")
    if len(text) <= _LONGEST_DICTATED and not _LINK.search(text):
        dictated = _SPOKEN_DOT.sub(".", text)
        text = dictated if _SURE_LINK.search(dictated) else text
    links = find_links(text)
    found = _LINK.search(text, links[0][0]) if links else _LINK.search(text)
    if found is None or len(found.group()) > _LONGEST_URL:
        return Rejected("not_a_url")
    link = found.group().rstrip(".,;!?)")
    if not re.match(r"https?://", link, re.IGNORECASE):
        link = f"https://{link}"
    try:
        parts = urlsplit(link)
        host = (parts.hostname or "").encode("idna").decode()
        port = f":{parts.port}" if parts.port else ""
    except ValueError:  # UnicodeError, a port out of range
        return Rejected("not_a_url")
    if not _HOST.fullmatch(host) or (host.startswith("www.") and host.count(".") == 1):
        return Rejected("not_a_url")
    path = parts.path.rstrip("/") if not parts.query else parts.path
    shown = f"{parts.hostname}{port}{path}" + (f"?{parts.query}" if parts.query else "")
    return Accepted(f"{parts.scheme.lower()}://{shown}", shown)
