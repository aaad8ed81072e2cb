"""The finished HTML holds every block once, and nothing of a template."""

import re
from collections import Counter
from collections.abc import Iterator

from markezy.strategies.checks.finding import Finding, problem
from markezy.strategies.checks.reading import Reading

CHECK = "markup"

_ID = re.compile(r'\sid="b-([^"]+)"')
_ACTIVE = re.compile(r"<(?:script|iframe|object|embed|form|link|meta)\b|\son[a-z]+\s*=|javascript:", re.IGNORECASE)


def markup(reading: Reading) -> Iterator[Finding]:
    """Nothing without HTML: it may be checked before it is rendered."""
    if not reading.html:
        return
    shown = Counter(_ID.findall(reading.html))
    for _, block in reading.blocks:
        count = shown[block.id.replace(".", "-")]
        if count != 1:
            yield Finding(CHECK, block.id, problem("not_shown_once", count=count))
    if _ACTIVE.search(reading.html):
        yield Finding(CHECK, "", problem("active_markup"))
