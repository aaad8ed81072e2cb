"""Texts are neat, whatever conditionals left over and whatever people typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markezy.strategies.writing.tidying import one_line, plain, quoted, tidy


@pytest.mark.parametrize(
    ("locale", "loose", "neat"),
    [
        ("en", "  a\n  b ", "a b"),
        ("en", "In Lyon , today .", "In Lyon, today."),
        ("en", "What ? Yes !", "What? Yes!"),
        ("en", "<b>Lyon </b>, France", "<b>Lyon </b>, France"),
        ("en", "a ( ) b", "a b"),
        ("en", "at Acme Ltd..", "at Acme Ltd."),
        ("en", "and so on...", "and so on..."),
        ("en", "“Why?”.", "“Why?”"),
        ("en", "<br> a<br>", "a"),
        ("en", "I'm here, you&#39;re there, x'y@z.example", "I’m here, you’re there, x'y@z.example"),
        ("en", "https://a.example/b?c=d : ok", "https://a.example/b?c=d: ok"),
        ("en", "Call +34 600 000 731 by 5 May", "Call +34\u00a0600\u00a0000\u00a0731 by 5 May"),
        ("es", "35 € y 4 % de 12 socios", "35\u00a0€ y 4\u00a0% de 12 socios"),
        ("es", "¿Qué ? ¡Sí !", "¿Qué? ¡Sí!"),
        ("fr", "Quoi ? Oui ! Voici : « cela » ;", "Quoi\u00a0? Oui\u00a0! Voici\u00a0: «\u00a0cela\u00a0»\u00a0;"),
        ("fr", "À Lyon , demain .", "À Lyon, demain."),
        ("fr", "«cela»", "«\u00a0cela»"),
    ],
)  # fmt: skip
def test_what_is_loose_is_tightened(locale: str, loose: str, neat: str) -> None:
    assert tidy(loose, locale) == neat


@given(st.text("ab .,;:!?«»()\n\u00a0<br>&amp;", max_size=40), st.sampled_from(["en", "fr", "es"]))
def test_tidying_twice_changes_nothing_more(text: str, locale: str) -> None:
    once = tidy(tidy(text, locale), locale)
    assert tidy(once, locale) == once
    assert "  " not in once


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("  Young\n\nparents.  ", "Young parents"),
        ("“Young parents”", "Young parents"),
        ("Really?", "Really?"),
        ("...", "..."),
        ("more, and more,", "more, and more"),
        ("it’s “x” and “y”", "it’s “x” and “y”"),
        ("a\u202eb\u0007", "ab"),
    ],
)
def test_a_quote_fits_into_a_sentence(typed: str, shown: str) -> None:
    assert quoted(typed, 100) == shown


def test_a_long_quote_ends_with_a_sentence_or_a_word() -> None:
    assert (
        quoted("We bake. We have done so since 1950. And we will go on", 40) == "We bake. We have done so since 1950 …"
    )
    assert quoted("one two three four five six seven", 20) == "one two three four…"
    assert len(quoted("x" * 1000, 50)) == 50


@given(st.text(max_size=200), st.integers(10, 60))
def test_a_line_is_never_longer_than_it_may_be(text: str, longest: int) -> None:
    assert len(one_line(text, longest)) <= longest + 1
    assert "\n" not in one_line(text, longest)


def test_plain_words_have_no_markup() -> None:
    assert plain("<b>R&amp;D</b><br>&lt;3") == "R&D <3"
