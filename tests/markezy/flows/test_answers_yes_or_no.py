"""Yes and no in a stranger's words, in three languages; what is said with a doubt, or goes on, gives no consent."""

from typing import Any

import pytest
from markezy.flows.answers import Given, Rejected, read_answer
from markezy.flows.answers.texts import yes_or_no
from markezy.flows.definition import Question
from markezy.flows.wording import words

from tests.markezy.flows.conftest import TODAY, question


def read(type_: str, raw: Any, intent: str | None = None) -> Any:
    asked = Question.model_validate(question(type_, "end"))
    understood = read_answer(asked, Given(raw, intent), "en", TODAY)
    return f"!{understood.reason}" if isinstance(understood, Rejected) else understood.value


YES = [
    "sure thing",
    "of course",
    "yes please",
    "yesss",
    "ok thanks",
    "okay",
    "👍",
    "why not",
    "no problem",
    "sure, why not",
    "yes we do",
    "absolutely",
    "oui merci",
    "bien sûr",
    "bien sûr que oui",
    "ouiii",
    "mais oui",
    "d'accord",
    "pourquoi pas",
    "pas de problème",
    "tout à fait",
    "claro que sí",
    "por supuesto",
    "sí, claro",
    "vale",
    "siii",
    "sin problema",
    "I do",
    "we have one",
    "Yes!",
    "yes yes",
    "yep that's right",
    "well, yes",
    "oui, bien sûr",
    "sí por favor",
    "claro",
    "desde luego",
    "oui je suis d'accord",
    "exactly",
    "I agree",
    "j'accepte",
    "j’accepte",
    "sí, acepto",
    "c'est ça",
    "Ouais carrément",
    "dale",
]
NO = [
    "of course not",
    "absolutely not",
    "not at all",
    "no way",
    "no thanks",
    "nope",
    "noooo",
    "not yet",
    "no, not yet",
    "we dont",
    "I haven't",
    "I dont think so",
    "bien sûr que non",
    "pas du tout",
    "non merci",
    "jamais",
    "pas encore",
    "je ne pense pas",
    "hors de question",
    "claro que no",
    "para nada",
    "ni hablar",
    "no tengo",
    "todavía no",
    "no, gracias",
    "en absoluto",
    "qué va",
    "👎",
    "never",
    "I'd rather not",
    "no no",
    "non non",
    "surtout pas",
    "que no",
    "de ninguna manera",
    "no not really",
    "not really, no",
]
YES_AND_MORE = [
    "I guess so",
    "yes, we already have one",
    "yeah I think so",
    "oui on en a un",
    "oui mais il est vieux",
    "je pense que oui",
    "sí tenemos una web",
    "si tenemos",
    "creo que sí",
    "yes, but it is old",
]
NO_AND_MORE = [
    "no we don't",
    "no I don't have one",
    "non on n'en a pas",
    "no tenemos web",
    "no, but soon",
    "non, mais bientôt",
]
NEITHER = [
    "maybe",
    "yes and no",
    "yes, no",
    "no idea",
    "no sé",
    "no lo sé",
    "si possible",
    "si es posible",
    "je ne sais pas",
    "I don't know",
    "not sure",
    "peut-être",
    "quizás",
    "what do you mean?",
    "non mais oui",
    "it depends",
    "no preference",
    "depende",
    "ça dépend",
    "thanks",
    "merci",
]


@pytest.mark.parametrize("type_", ["yes_no", "consent"])
@pytest.mark.parametrize(("raw", "value"), [*((raw, True) for raw in YES), *((raw, False) for raw in NO)])
def test_a_plain_yes_or_no(type_: str, raw: str, value: bool) -> None:
    assert read(type_, raw) is value


@pytest.mark.parametrize(
    ("raw", "value"), [*((raw, True) for raw in YES_AND_MORE), *((raw, False) for raw in NO_AND_MORE)]
)
def test_a_yes_or_no_with_more_behind_it_answers_a_question(raw: str, value: bool) -> None:
    assert read("yes_no", raw) is value


@pytest.mark.parametrize("type_", ["yes_no", "consent"])
@pytest.mark.parametrize("raw", NEITHER)
def test_neither(type_: str, raw: str) -> None:
    assert read(type_, raw) == "!not_yes_or_no"


@pytest.mark.parametrize(
    "raw",
    ["I guess so", "je pense que oui", "creo que sí", "yes, but it is old", "oui mais pas par e-mail", "no, but soon"],
)
def test_a_guess_or_more_words_are_no_consent(raw: str) -> None:
    assert read("consent", raw) == "!not_yes_or_no"


def test_a_guess_is_no_consent_whatever_the_intent() -> None:
    assert read("consent", "I guess so", "affirm") == "!not_yes_or_no"
    assert read("yes_no", "I guess so", "affirm") is True


def test_words_win_over_the_intent() -> None:
    assert read("consent", "of course not", "affirm") is False
    assert yes_or_no(Given("bien sûr que non", "affirm")) is False


def test_no_way_of_saying_yes_is_one_of_saying_no() -> None:
    yes, no, guesses = words("yes") | words("assents"), words("no") | words("refusals"), words("guesses")
    assert len(yes | no | guesses) == len(yes) + len(no) + len(guesses)
