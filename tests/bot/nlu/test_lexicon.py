from pathlib import Path

from bot.nlu.lexicon import Found, Lexicon
from bot.nlu.text import words_of

LEXICON = Lexicon.of({"city": ["New York", "York", "Saint-Étienne"], "food": ["york ham"]})


def test_the_longest_entry_of_a_list_is_found_at_each_place() -> None:
    assert list(LEXICON.find(words_of("in New York"))) == [Found("city", 1, 3), Found("city", 2, 3)]


def test_an_entry_of_another_list_may_begin_at_the_same_place() -> None:
    assert set(LEXICON.find(["york", "ham"])) == {Found("food", 0, 2), Found("city", 0, 1)}


def test_accents_and_hyphens_do_not_matter() -> None:
    assert list(LEXICON.find(words_of("saint etienne"))) == [Found("city", 0, 2)]


def test_a_saved_lexicon_is_the_same(tmp_path: Path) -> None:
    LEXICON.save(tmp_path / "lexicon.json")
    assert Lexicon.load(tmp_path / "lexicon.json") == LEXICON


def test_a_lookup_table_may_be_a_file(tmp_path: Path) -> None:
    (tmp_path / "cities.txt").write_text("Leeds\nHull\n", encoding="utf-8")
    lexicon = Lexicon.of_lookup_tables([{"name": "city", "elements": str(tmp_path / "cities.txt")}])
    assert list(lexicon.find(["hull"])) == [Found("city", 0, 1)]


def test_only_keeps_the_lists_named() -> None:
    assert list(LEXICON.only(["food"]).find(["york", "ham"])) == [Found("food", 0, 2)]
