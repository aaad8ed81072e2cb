"""Nothing a lead typed or is called leaves the house."""

from hypothesis import given
from hypothesis import strategies as st
from markezy.leads.api import Contact
from markezy.strategies.enrichment.enriching import question
from markezy.strategies.enrichment.masking import Mask, Secret, placeholders_in, secrets_of

from tests.markezy.strategies.enrichment.documents import document
from tests.markezy.strategies.leads_of_tests import lead

WORDS = (
    st.text(st.sampled_from("abcdéñ ABC.,'-&(\\"), min_size=2, max_size=30)
    .map(str.strip)
    .filter(lambda text: len(text) > 1)
)


def _mask() -> Mask:
    return Mask(secrets_of(lead(answers={"city": ("Nîmes", "Nîmes"), "goal": ("new_customers", "New customers")})))


def test_names_addresses_and_the_leads_own_words_become_placeholders_and_come_back() -> None:
    text = "Zoë, Chez Zoë in Nîmes: write to zoe@example.com or call +33 6 12 34 56 78."
    mask = _mask()
    covered = mask.cover(text)
    assert covered is not None
    for secret in ("Zo", "Nîmes", "example.com", "12 34"):
        assert secret not in covered
    assert mask.uncover(covered) == text


def test_a_choice_is_not_a_secret() -> None:
    assert _mask().cover("You want new customers.") == "You want new customers."


def test_contacts_of_others_are_masked_too() -> None:
    covered = _mask().cover("Ask ana.perez@shop.example, see https://shop.example/x or call 0033 1 22 33 44 55.")
    assert covered is not None
    assert not any(part in covered for part in ("ana", "shop.example", "22 33"))


def test_a_piece_of_the_leads_words_keeps_the_whole_paragraph_at_home() -> None:
    said = "People who want bread as it was before the war"
    mask = Mask([Secret("WORDS", said)])
    assert mask.cover(f"You said: “{said[:25]}…”") is None
    assert mask.cover(f"You said: “{said}”") == "You said: “[[WORDS1]]”"


def test_a_text_with_placeholders_of_its_own_is_not_sent() -> None:
    assert _mask().cover("Hello [[NAME1]], this is a text.") is None


@given(st.lists(WORDS, min_size=1, max_size=4), st.lists(WORDS, max_size=5))
def test_what_is_covered_comes_back_as_it_was(secrets: list[str], others: list[str]) -> None:
    mask = Mask(Secret("WORDS", text) for text in sorted(secrets, key=len, reverse=True))
    text = " ~ ".join([*others, *secrets])
    covered = mask.cover(text)
    if covered is not None:
        assert mask.uncover(covered) == text
        assert len(placeholders_in(covered)) >= 1


def test_only_prose_of_the_named_sections_is_asked_about() -> None:
    asked = question(document(), lead(), ("summary", "budget"))
    assert asked is not None
    assert list(asked.texts) == ["summary.opening"]
    assert "Zoë" not in asked.texts["summary.opening"]
    assert "<b>" not in asked.texts["summary.opening"]


def test_nothing_is_asked_when_nothing_may_leave() -> None:
    assert question(document(), lead(contact=Contact()), ()) is None
