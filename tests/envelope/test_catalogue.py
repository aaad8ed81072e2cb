"""The page for people says what the code does."""

import re
from pathlib import Path

from envelope.catalogue import CLEAR

PAGE = Path(__file__).resolve().parents[2] / "docs" / "events.md"


def test_the_page_lists_every_type_with_its_clear_members() -> None:
    rows = re.findall(r"^\| `([^`]+)` \| (.*) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    listed = {type_: frozenset(re.findall(r"`([^`]+)`", members)) for type_, members in rows}
    assert listed.pop("rasa.<event type>") == frozenset()
    assert listed == CLEAR
