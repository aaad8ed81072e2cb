import pytest

from bot.nlu.decision import Gates, certain_answer, decide

GATES = Gates(threshold=0.6, yes_or_no_max_words=3)


def test_a_clear_interruption_wins() -> None:
    assert decide({"answer": 0.2, "stop": 0.8}, 4, GATES)[0] == ("stop", 0.8)


def test_an_unclear_interruption_is_an_answer_and_stays_in_the_ranking() -> None:
    assert decide({"answer": 0.45, "stop": 0.55}, 4, GATES) == [("answer", 0.45), ("stop", 0.55)]


def test_interruptions_that_share_the_probability_are_weighed_together() -> None:
    ranking = decide({"answer": 0.3, "ask_price": 0.4, "ask_faq": 0.3}, 4, GATES)
    assert ranking[0] == ("ask_price", pytest.approx(0.7))
    assert dict(ranking)["ask_faq"] == 0


def test_a_single_intent_can_have_its_own_threshold() -> None:
    gates = Gates(threshold=0.6, yes_or_no_max_words=3, thresholds={"stop": 0.9})
    assert decide({"answer": 0.2, "stop": 0.8}, 1, gates)[0][0] == "answer"
    assert decide({"answer": 0.2, "ask_why": 0.8}, 1, gates)[0][0] == "ask_why"


def test_a_short_clear_yes_is_a_yes() -> None:
    assert decide({"answer": 0.1, "affirm": 0.9}, 3, GATES)[0] == ("affirm", 0.9)


@pytest.mark.parametrize(("affirm", "words"), [(0.9, 4), (0.55, 1)])
def test_a_long_or_unclear_yes_is_an_answer(affirm: float, words: int) -> None:
    assert decide({"answer": 1 - affirm, "affirm": affirm}, words, GATES)[0] == ("answer", pytest.approx(1))


def test_a_model_without_interruptions_still_decides() -> None:
    assert decide({"affirm": 0.9, "deny": 0.1}, 1, GATES)[0][0] == "affirm"


def test_a_certain_answer_ranks_every_intent() -> None:
    assert certain_answer(("deny", "answer", "affirm")) == [("answer", 1.0), ("affirm", 0.0), ("deny", 0.0)]
