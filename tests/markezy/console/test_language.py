"""The console's languages: which one a request gets, and that each says everything."""

import string

import pytest
from markezy.console.texts import LANGUAGES, texts


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("fr-CA,fr;q=0.9,en;q=0.8", "fr"),
        ("de,es;q=0.5", "es"),
        ("en;q=0.3,es;q=0.7", "es"),
        ("fr;q=0, en", "en"),
        ("fr;q=nonsense, es", "es"),
        ("de", "en"),
        ("", "en"),
        (",;=,", "en"),
    ],
)
def test_browsers_preference_decides(make_staff, accepted, language):
    page = make_staff().get("/console/login", headers={"Accept-Language": accepted})
    assert f'<html lang="{language}">' in page.text


def test_switching_comes_back_to_the_page_and_lasts(staff):
    page = staff.post("/console/language", {"language": "es", "next": "/console/leads?state=new"})
    assert page.url == f"{staff.url}/console/leads?state=new"
    assert '<html lang="es">' in page.text
    assert '<html lang="es">' in staff.get("/console/leads", headers={"Accept-Language": "fr"}).text


def test_unknown_language_changes_nothing(staff):
    assert staff.post("/console/language", {"language": "tlh", "next": "/console/leads"}).status_code == 422
    assert '<html lang="en">' in staff.get("/console/leads").text


def test_every_language_says_everything_with_the_same_values():
    def values(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    english = texts("en").entries
    for language in LANGUAGES:
        entries = texts(language).entries
        assert entries.keys() == english.keys(), language
        for key, text in entries.items():
            assert values(text) == values(english[key]), (language, key)
            assert text.strip(), (language, key)
