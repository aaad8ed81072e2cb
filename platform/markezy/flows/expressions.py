"""What a CEL expression looks at, read from its source: which facts, and what it compares them with."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

Literal = str | int | float | bool

_STRING = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_KEYED = re.compile(r"\b(answers|computed|hidden|utm)\s*\[\s*(?:'([A-Za-z_]\w*)'|\"([A-Za-z_]\w*)\")\s*\]")
_FACT = r"(?:(?:answers|computed|hidden|utm)\s*\.\s*[A-Za-z_]\w*|\b(?:channel|locale|score)\b(?!\s*\())"
_LITERAL = r"(?:§\d+|-?\d+(?:\.\d+)?|true|false)"
_OPERATOR = r"(?:==|!=|<=|>=|<|>)"
_COMPARISON = re.compile(
    rf"has\s*\(\s*(?P<has>{_FACT})\s*\)"
    rf"|(?P<left>{_FACT})\s*(?P<operator>{_OPERATOR})\s*(?P<literal>{_LITERAL})"
    rf"|(?P<literal_left>{_LITERAL})\s*(?P<mirrored>{_OPERATOR})\s*(?P<right>{_FACT})"
    rf"|(?P<member>{_FACT})\s+in\s+\[(?P<list>[^\[\]]*)\]"
    rf"|(?P<element>{_LITERAL})\s+in\s+(?P<container>{_FACT})"
)
_ANY_FACT = re.compile(rf"(?<![\w.])(?:{_FACT}|(?:answers|computed|hidden|utm)\b)")
_MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}
_MAY_PRECEDE = ("", "(", "[", ",", "!", "?", ":", "&", "|")
_MAY_FOLLOW = ("", ")", "]", ",", "?", ":", "&", "|")


@dataclass(frozen=True)
class Comparison:
    """One fact compared with literals: `has`, `in` (the fact is one of them), `contains` (the fact holds it), or CEL's own."""

    fact: str
    operator: str
    literals: tuple[Literal, ...]


@dataclass(frozen=True)
class Reading:
    """What an expression looks at. Facts are written like `answers.budget`, `utm.medium`, `score`."""

    facts: frozenset[str]
    comparisons: tuple[Comparison, ...]
    opaque: frozenset[str]
    """Facts that take part in something else than a comparison with literals; `answers` alone stands for the whole map."""

    def named(self, kind: str) -> frozenset[str]:
        """The names behind `answers.`, `computed.`, `hidden.` or `utm.`."""
        return frozenset(fact.partition(".")[2] for fact in self.facts if fact.startswith(f"{kind}."))


@lru_cache(maxsize=4096)
def read_expression(source: str) -> Reading:
    """The reading of any text; of one that is no CEL it is a guess."""
    plain = _KEYED.sub(lambda match: f"{match[1]}.{match[2] or match[3]}", source)
    strings: list[str] = []

    def mask(match: re.Match[str]) -> str:
        strings.append(re.sub(r"\\(.)", r"\1", match[0][1:-1]))
        return f"§{len(strings) - 1}"

    masked = _STRING.sub(mask, plain)
    comparisons: list[Comparison] = []
    rest = masked
    for match in _COMPARISON.finditer(masked):
        before, after = masked[: match.start()].rstrip()[-1:], masked[match.end() :].lstrip()[:1]
        if before in _MAY_PRECEDE and after in _MAY_FOLLOW and match[0]:
            comparisons.append(_comparison(match, strings))
            rest = rest[: match.start()] + " " * len(match[0]) + rest[match.end() :]
    return Reading(frozenset(_facts(masked)), tuple(comparisons), frozenset(_facts(rest)))


def _facts(masked: str) -> Iterator[str]:
    for match in _ANY_FACT.finditer(masked):
        yield re.sub(r"\s+", "", match[0])


def _comparison(match: re.Match[str], strings: list[str]) -> Comparison:
    named = match.groupdict()
    fact = next(named[part] for part in ("has", "left", "right", "member", "container") if named[part])
    fact = re.sub(r"\s+", "", fact)
    if named["has"]:
        return Comparison(fact, "has", ())
    if named["left"]:
        return Comparison(fact, named["operator"], (_literal(named["literal"], strings),))
    if named["right"]:
        return Comparison(fact, _MIRRORED[named["mirrored"]], (_literal(named["literal_left"], strings),))
    if named["member"]:
        listed = re.findall(_LITERAL, named["list"])
        return Comparison(fact, "in", tuple(_literal(each, strings) for each in listed))
    return Comparison(fact, "contains", (_literal(named["element"], strings),))


def _literal(written: str, strings: list[str]) -> Literal:
    if written.startswith("§"):
        return strings[int(written[1:])]
    if written in ("true", "false"):
        return written == "true"
    return float(written) if "." in written else int(written)
