"""Words: what a bubble says, and what a flow needs that a bot doesn't have."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import Any

VARIABLE = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")
LONGEST = 2000

GREETING = {"en": "Hello!", "fr": "Bonjour !", "es": "¡Hola!"}
HELP = {
    "en": "Your answer helps us to advise you well.",
    "fr": "Votre réponse nous aide à bien vous conseiller.",
    "es": "Su respuesta nos ayuda a asesorarle bien.",
}
THANKS = {"en": "Thank you!", "fr": "Merci !", "es": "¡Gracias!"}

_BLOCKS = frozenset({"p", "li", "h1", "h2", "h3", "blockquote", "lic"})
_TAG = re.compile(r"<[^>]+>")


def bubble_text(content: Mapping[str, Any]) -> str:
    """A text bubble's words, without their formatting."""
    rich = content.get("richText")
    if isinstance(rich, list):
        return re.sub(r"\n{3,}", "\n\n", "".join(map(_rich, rich))).strip()
    plain = content.get("plainText") or _TAG.sub(" ", str(content.get("html") or ""))
    return str(plain).strip()


def _rich(node: Any) -> str:
    if not isinstance(node, dict):
        return ""
    if isinstance(node.get("text"), str):
        return str(node["text"])
    children = node.get("children")
    inner = "".join(map(_rich, children)) if isinstance(children, list) else ""
    if node.get("type") == "a" and node.get("url") and node["url"] != inner:
        inner = f"{inner} ({node['url']})"
    return f"{inner}\n" if node.get("type") in _BLOCKS else inner


def as_id(words: str, taken: Collection[str], fallback: str) -> str:
    """A free id made of the words: lower-case letters, digits and underscores, a letter first."""
    return _free(re.sub(r"^[^a-z]+", "", _ascii(words)), taken, fallback)


def as_value(words: str, taken: Collection[str]) -> str:
    """A free option value made of the words."""
    return _free(_ascii(words), taken, "option")


def _ascii(words: str) -> str:
    bare = unicodedata.normalize("NFKD", words.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", bare).strip("_")


def _free(wanted: str, taken: Collection[str], fallback: str) -> str:
    base = wanted[:36].strip("_") or fallback
    free = base
    number = 2
    while free in taken:
        free, number = f"{base}_{number}", number + 1
    return free
