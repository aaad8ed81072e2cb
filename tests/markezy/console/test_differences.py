"""Two texts woven into one."""

import pytest
from markezy.console.differences import Piece, pieces, spoken


def shown(before: str | None, after: str | None) -> str:
    marks = {"same": "{}", "ins": "+{}+", "del": "-{}-"}
    return "".join(marks[one.kind].format(one.text) for one in pieces(before, after))


def test_words_that_change_are_marked_and_the_others_stay() -> None:
    assert shown("A shop in Nîmes, open daily", "A shop in Lyon, open daily") == "A shop in -Nîmes-+Lyon+, open daily"


def test_texts_with_little_in_common_stand_one_after_the_other() -> None:
    assert pieces("Call us on Monday", "Autumn brings rain") == [
        Piece("del", "Call us on Monday"), Piece("ins", "Autumn brings rain"),
    ]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "kind"), [(None, "New", "ins"), ("Gone", None, "del")])
def test_what_is_new_or_gone_is_that_as_a_whole(before: str | None, after: str | None, kind: str) -> None:
    assert pieces(before, after) == [Piece(kind, after or before or "")]


def test_lines_in_which_nothing_changes_are_left_out() -> None:
    before = "one | 1\ntwo | 2\nthree | in Nîmes\nfour | 4\nfive | 5"
    assert shown(before, before.replace("Nîmes", "Lyon")) == "…\nthree | in -Nîmes-+Lyon+\n…"


def test_inline_html_is_shown_as_it_is_read() -> None:
    assert spoken("<b>Fish &amp; chips</b><br>a &lt;b&gt; tag") == "Fish & chips\na <b> tag"


def test_a_chart_is_shown_by_its_words() -> None:
    chart = '{"center": "", "parts": [{"name": "Ads", "percent": 34, "share": "34%"}]}'
    assert spoken(f"How it splits\n{chart}\n{{ no chart") == "How it splits\nAds · 34%\n{ no chart"
