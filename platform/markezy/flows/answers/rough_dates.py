"""Days as people say them roughly, in English, French and Spanish: "in three months", "mid-June", "au printemps", "fin d'année".

A period (a month, a season, a quarter, a year, next week) stands for its first day, and so does its beginning. Its middle is the 15th of
the month, or of the middle month, and 1 July of a year; its end is the last day. Seasons begin with March, June, September and December.
What is counted from today keeps its day. Without a year, the next time is meant. Of two days, neither is taken.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from markezy.flows.answers.cleaning import plain
from markezy.flows.answers.number_words import find_numbers
from markezy.flows.answers.periods import BEGINNING, WHOLE_YEAR, Period, day_of, months_later, next_of_month
from markezy.flows.answers.vocabulary import valued

_YEAR = re.compile(r"(?:19|20)\d\d")
_DAY = re.compile(r"(\d{1,2})(?:er|st|nd|rd|th|o)?")
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_FIGURES = re.compile(r"(?<![\d/.-])(\d{1,2})([./-])(\d{1,2})(?:\2(\d{4}|\d\d))?(?![\d%€]|[./-]\d)")
_MONTH_AND_YEAR = re.compile(r"(?<![\d/.-])(\d{1,2})[./-]((?:19|20)\d\d)(?![\d/.-])")
_AT_ONCE = re.compile(
    r"\b(?:asap|now|as soon as (?:possible|we can|i can)|(?:right|straight) away|immediately|today|tonight|"
    r"aujourd hui|maintenant|tout de suite|de suite|des que possible|(?:le|au) plus (?:vite|tot)|immediatement|"
    r"hoy|ahora|ya mismo|cuanto antes|lo antes posible|inmediatamente|de inmediato)\b"
)
_NOT_AT_ONCE = re.compile(r"\b(?:not|no|pas|dont|don t|never|know|idea|sure)\b")
_IN_DAYS = (
    (2, re.compile(r"\b(?:day after tomorrow|apres demain|pasado manana)\b")),
    (1, re.compile(r"\b(?:tomorrow|demain)\b|(?<!la )(?<!por )\bmanana\b")),
)
_FEASTS = {
    "christmas": (12, 25), "xmas": (12, 25), "noel": (12, 25), "navidad": (12, 25), "nouvel an": (1, 1),
    "ano nuevo": (1, 1), "new year s": (1, 1), "la rentree": (9, 1), "halloween": (10, 31),
}  # fmt: skip
_DAY_OF_MONTH = re.compile(r"(?:on )?(?:the|le|el(?: dia)?) (\d{1,2})(?:st|nd|rd|th|er)?")
_WEEKEND = re.compile(r"\b(?:week ?end|finde|fin de semana)\b")
_FIRST = frozenset(["first", "premier", "primero"])
_HALF_MORE = re.compile(r"and a half|et demie?|y medi[oa]")
_LONGEST = 200
_IL_Y_A = ["il", "y", "a"]
_OR = frozenset(["to", "or", "a", "ou", "o"])
_A_MONTH = ("month", "mois", "mes")
_COMING = frozenset([("qui", "vient"), ("que", "viene")])
_FARTHEST = {"days": 36_500, "months_of": 1200}


def rough_days(text: str, locale: str, today: date, future: bool = False) -> frozenset[date]:
    """The days the words speak of, by the plainest way they say one. `future`: a period that has begun stands for today."""
    if len(text) > _LONGEST:
        return frozenset()
    said = _Said(_in_figures(text, locale).split(), today, future)
    sentence = " ".join(said.words)
    ways = (
        _written(text, said),
        said.named(),
        said.counted(),
        _soon(sentence, today),
        said.weekdays(),
        said.periods(),
        _feasts(sentence, said),
    )
    for days in ways:
        found = frozenset(days)
        if found:  # with None for 31 February: said, and no day
            return frozenset(day for day in found if day is not None)
    return frozenset()


def _in_figures(text: str, locale: str) -> str:
    """The plain words, with figures for numbers written out."""
    parts, end = [], 0
    for number in find_numbers(text, locale):
        if number.spelled and not number.lone and not number.value % 1:
            parts += [text[end : number.start], f" {int(number.value)} "]
            end = number.end
    return plain("".join([*parts, text[end:]]))


def _written(text: str, said: "_Said") -> Iterator[date | None]:
    """Dates in figures, day first."""
    for match in _ISO.finditer(text):
        yield day_of(int(match[1]), int(match[2]), int(match[3]))
    for match in _FIGURES.finditer(text):
        day, month = int(match[1]), int(match[3])
        if not match[4] and match[2] != "/":
            continue
        if month > WHOLE_YEAR:
            day, month = month, day
        year = int(match[4]) + (2000 if len(match[4]) == 2 else 0) if match[4] else None
        yield said.next_day(month, day, year)
    for match in _MONTH_AND_YEAR.finditer(text):
        yield day_of(int(match[2]), int(match[1]), 1)


def _soon(sentence: str, today: date) -> Iterator[date | None]:
    day = _DAY_OF_MONTH.fullmatch(sentence)
    if day:
        yield next_of_month(int(day[1]), today)
    if _WEEKEND.search(sentence):
        yield today + timedelta(days=(4 - today.weekday()) % 7 + 1)
        return
    for days, words in _IN_DAYS:
        if words.search(sentence):
            yield today + timedelta(days=days)
            return
    if _AT_ONCE.search(sentence) and not _NOT_AT_ONCE.search(sentence):
        yield today


def _feasts(sentence: str, said: "_Said") -> Iterator[date | None]:
    for name, (month, day) in _FEASTS.items():
        if re.search(rf"\b{name}\b", sentence):
            year = _YEAR.search(sentence)
            yield said.next_day(month, day, int(year[0]) if year else None)


class _Said:
    """The words of a text, in which days are looked for."""

    def __init__(self, words: Sequence[str], today: date, future: bool) -> None:
        self.words, self._today, self._future = words, today, future

    def _word(self, at: int) -> str:
        return self.words[at] if 0 <= at < len(self.words) else ""

    def _is(self, kind: str, at: int) -> bool:
        return self._word(at) in valued(kind)

    def _value(self, kind: str, at: int) -> int:
        return valued(kind)[self._word(at)]

    def _beyond_articles(self, at: int, step: int) -> int:
        while self._is("articles", at):
            at += step
        return at

    def _year_behind(self, at: int) -> int | None:
        year = self._word(self._beyond_articles(at, 1))
        return int(year) if _YEAR.fullmatch(year) else None

    def next_day(self, month: int, day: int, year: int | None) -> date | None:
        """The day in that year, or the next time it comes."""
        if year is not None:
            return day_of(year, month, day)
        years = (self._today.year + more for more in range(9))  # 29 February may be eight years away
        return next((found for each in years if (found := day_of(each, month, day)) and found >= self._today), None)

    def named(self) -> Iterator[date | None]:
        """ "3 March", "le 1er mars 2027", "March 3rd"."""
        for at in range(len(self.words)):
            if not self._is("months", at):
                continue
            before = self._word(self._beyond_articles(at - 1, -1))
            behind = at + 2 if self._word(at + 1) == "the" else at + 1
            day = _DAY.fullmatch(before)
            if day or before in _FIRST:
                yield self.next_day(self._value("months", at), int(day[1]) if day else 1, self._year_behind(at + 1))
            elif day := _DAY.fullmatch(self._word(behind)):
                yield self.next_day(self._value("months", at), int(day[1]), self._year_behind(behind + 1))

    def counted(self) -> Iterator[date | None]:
        """ "In three months", "d'ici un an", "dentro de 2 semanas", "six weeks from now"; both ends of "two to three weeks"."""
        for at in range(1, len(self.words)):
            kind = next((kind for kind in ("days", "months_of") if self._is(kind, at)), None)
            before = at - 2 if self._word(at - 1) in ("of", "de", "d") else at - 1
            count = self._count(before)
            if kind is None or count is None:
                continue
            unit, past = self._value(kind, at), self._is_ago(before, at)
            if not (past or self._is_ahead(before, at)):
                continue
            if self._word(before - 1) == "half" and unit == WHOLE_YEAR:
                unit = WHOLE_YEAR // 2
            more = unit // 2 if _HALF_MORE.match(" ".join(self.words[at + 1 : at + 4])) else 0
            other = self._count(before - 2) if self._word(before - 1) in _OR else None
            for each in {count, other or count}:
                yield self._from_today(kind, (-1 if past else 1) * (each * unit + more))

    def _count(self, at: int) -> int | None:
        word = self._word(at)
        if word.isdecimal() and len(word) <= 3:
            return int(word)
        return valued("counts").get(word)

    def _is_ago(self, before: int, at: int) -> bool:
        return (
            self._is("ago", at + 1) or self._is("ago", before - 1) or self.words[max(before - 3, 0) : before] == _IL_Y_A
        )

    def _is_ahead(self, before: int, at: int) -> bool:
        """Whether the length is said of the time to come: behind "in", before "from now", or alone."""
        alone = before == 0 and at + 1 == len(self.words)
        return alone or self._word(at + 1) == "from" or any(self._is("ahead", one) for one in range(before - 4, before))

    def _from_today(self, kind: str, length: int) -> date | None:
        if abs(length) > _FARTHEST[kind]:
            return None
        return self._today + timedelta(days=length) if kind == "days" else months_later(self._today, length)

    def weekdays(self) -> Iterator[date]:
        """The next day of that name, from tomorrow on."""
        for at in range(len(self.words)):
            if self._is("weekdays", at) and not self._is_past(at):
                yield self._today + timedelta(days=(self._value("weekdays", at) - self._today.weekday() - 1) % 7 + 1)

    def periods(self) -> Iterator[date]:
        """Months, seasons, quarters and years, with "early", "mid" or "end of" before them."""
        at = 0
        while at < len(self.words):
            found = None if self._is_past(at) else self._period(at)
            at += 1
            if found is None:
                continue
            period, told, begin = found
            place = self._beyond_articles(begin - 1, -1)
            if self._is("next", place) or self._is("this", place) or self._word(place) in _A_MONTH:
                place = self._beyond_articles(place - 1, -1)
            part = self._value("parts", place) if self._is("parts", place) else BEGINNING
            yield self._next(period, part, told, self._is("this", begin - 1))
            while at < len(self.words) and (
                _YEAR.fullmatch(self.words[at]) or self._is("articles", at) or self._is("next", at)
            ):
                at += 1

    def _next(self, period: Period, part: int, told: bool, this: bool) -> date:
        """The period's day. One without a year is the next that is still to come; one that has begun may mean today."""
        if (this or (told and self._future)) and period.day(part) < self._today < period.end:
            return self._today
        if not told:
            while period.day(part) < self._today:
                period = Period(months_later(period.start, WHOLE_YEAR), period.months)
        return period.day(part)

    def _is_past(self, at: int) -> bool:
        return self._is("past", at - 1) or self._is("past", at + 1)

    def _period(self, at: int) -> tuple[Period, bool, int] | None:
        """The period that the word names, whether its year is told, and where its words begin."""
        word, today = self.words[at], self._today
        coming = (
            self._is("next", at - 1) or self._is("next", at + 1) or (self._word(at + 1), self._word(at + 2)) in _COMING
        )
        if _YEAR.fullmatch(word):
            return Period(date(int(word), 1, 1), WHOLE_YEAR), True, at
        for kind, months in (("months", 1), ("seasons", 3)):
            if self._is(kind, at) and self._may_be_time(at):
                return self._in_year(self._value(kind, at), months, self._year_behind(at + 1), at)
        if self._is("quarters", at):
            return self._in_year(3 * self._value("quarters", at) - 2, 3, self._year_behind(at + 1), at)
        if self._is("quarter", at) and self._is("ordinals", at - 1):
            return self._in_year(3 * self._value("ordinals", at - 1) - 2, 3, self._year_behind(at + 1), at - 1)
        unit = self._value("months_of", at) if self._is("months_of", at) else 0
        edge = self._is("parts", self._beyond_articles(at - 1, -1))
        this = self._is("this", at - 1)
        if not (coming or edge or this):
            return None
        if word in _A_MONTH and self._is("months", self._beyond_articles(at + 1, 1)):
            return None  # "the month of June"
        if unit in (1, WHOLE_YEAR):
            start = today.replace(day=1) if unit == 1 else date(today.year, 1, 1)
            return Period(months_later(start, unit) if coming else start, unit), True, at
        if self._is("days", at) and self._value("days", at) == 7:
            monday = today - timedelta(days=today.weekday())
            return Period(monday + timedelta(days=7) if coming else monday, 0), True, at
        return None

    def _in_year(self, month: int, months: int, year: int | None, begin: int) -> tuple[Period, bool, int]:
        return Period(date(year or self._today.year, month, 1), months), year is not None, begin

    def _may_be_time(self, at: int) -> bool:
        """ "It may" and "nous avons été" are no May and no summer."""
        return self.words[at] not in ("may", "ete", "march", "fall", "spring") or not self._is("verbs", at - 1)
