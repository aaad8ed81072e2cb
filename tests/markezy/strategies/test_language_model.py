"""An agency with a language model: whatever the model does, its leads get a checked strategy."""

import json
from collections.abc import Callable

import pytest
from markezy.strategies import api
from markezy.strategies.enrichment import repository as models
from markezy.strategies.production.kept import Kept, open_strategy

from tests.markezy.bot import Bot
from tests.markezy.strategies.conftest import Desk, Mailbox
from tests.markezy.strategies.courses import break_composition
from tests.markezy.strategies.enrichment.language_model import FAULTS, LanguageModel, settings_for

INVENTED = (
    "Cela apporte 900 commandes.", "C’est le double.", "Le succès est garanti.", "Comme le dit la Sorbonne.", "<script>",
)  # fmt: skip


def _other_words(text: str) -> str:
    """What a good model does, as far as the guard and the checks can tell: the same, a little otherwise."""
    return text.removesuffix(".") + ", tout simplement."


@pytest.fixture
def desk(desk: Desk, model: LanguageModel) -> Desk:
    desk.settings = desk.settings.model_copy(update={"private_hosts": model.host})
    with desk.database.transaction(desk.tenant_id) as connection:
        models.save_settings(connection, desk.tenant_id, settings_for(model))
    model.rewriting = _other_words
    return desk


def _kept(desk: Desk) -> Kept:
    with desk.database.transaction(desk.tenant_id) as connection:
        return open_strategy(connection, desk.tenant_id, desk.strategy.id)


def _layers(kept: Kept) -> set[str]:
    return {block.origin.layer for section in kept.document.sections for block in section.blocks}


def _improve_and_check(desk: Desk) -> tuple[Kept, Kept]:
    """The strategy as the templates wrote it, and as it passed the check."""
    strategy_id = str(desk.written())
    assert desk.open_tasks() == ["strategies.improve"]
    before = _kept(desk)
    desk.run("strategies.improve", strategy_id=strategy_id)
    assert "strategies.check" in desk.open_tasks()
    desk.run("strategies.check", strategy_id=strategy_id)
    return before, _kept(desk)


def _is_the_templates(before: Kept, after: Kept) -> None:
    assert after.strategy.status == "checked"
    assert after.strategy.findings is None
    assert after.strategy.model is None
    assert (after.document, after.strategy.html, after.strategy.content_hash) == (
        before.document, before.strategy.html, before.strategy.content_hash,
    )  # fmt: skip
    assert "model" not in _layers(after)
    assert "stand-in" not in json.dumps(after.strategy.document)


@pytest.fixture
def is_delivered(desk: Desk, mailbox: Mailbox, bot: Bot) -> Callable[[], None]:
    """Renders what was checked and sends it: the lead hears of it once in the chat, and has one mail with its PDF."""

    def deliver() -> None:
        for step in ("render", "announce", "email"):
            desk.run(f"strategies.{step}", strategy_id=str(desk.strategy.id))
        assert desk.strategy.status == "rendered"
        assert [(one.channel, one.status) for one in desk.strategy.deliveries] == [("chat", "sent"), ("email", "sent")]
        (message,) = mailbox.taken
        (attached,) = message.iter_attachments()
        with desk.database.transaction(desk.tenant_id) as connection:
            assert attached.get_content() == api.pdf(connection, desk.tenant_id, desk.strategy.id)
        assert [body["intent"] for _, _, body in bot.posted] == ["strategy_ready"]

    return deliver


def test_good_words_are_kept_with_where_they_come_from(desk: Desk, is_delivered: Callable[[], None]) -> None:
    before, after = _improve_and_check(desk)
    assert after.strategy.status == "checked"
    assert after.strategy.model == "stand-in"
    assert "model" in _layers(after)
    assert "tout simplement" in after.strategy.html
    assert after.strategy.content_hash != before.strategy.content_hash
    is_delivered()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_model_that_fails_ends_in_a_delivered_strategy_in_the_templates_words(
    desk: Desk, model: LanguageModel, is_delivered: Callable[[], None], fault: str
) -> None:
    model.fault = fault
    _is_the_templates(*_improve_and_check(desk))
    assert len(model.asked) == 1
    is_delivered()


@pytest.mark.usefixtures("impatient")
def test_the_lead_gets_the_strategy_of_a_model_that_never_answers(
    desk: Desk, model: LanguageModel, is_delivered: Callable[[], None]
) -> None:
    model.fault = "times_out"
    _is_the_templates(*_improve_and_check(desk))
    is_delivered()


@pytest.mark.parametrize("invented", INVENTED)
def test_an_invention_ends_in_a_delivered_strategy_in_the_templates_words(
    desk: Desk, model: LanguageModel, is_delivered: Callable[[], None], invented: str
) -> None:
    model.rewriting = lambda text: f"{_other_words(text)} {invented}"
    _is_the_templates(*_improve_and_check(desk))
    is_delivered()


def test_asked_again_after_a_crash_the_model_changes_nothing_that_was_checked(desk: Desk, model: LanguageModel) -> None:
    _, after = _improve_and_check(desk)
    desk.run("strategies.improve", strategy_id=str(after.strategy.id))
    assert _kept(desk) == after
    assert len(model.asked) == 1


def test_layers_that_no_longer_fit_are_a_dead_letter_and_the_model_is_not_asked(
    desk: Desk, model: LanguageModel
) -> None:
    strategy_id = desk.written()
    break_composition(desk, strategy_id)
    desk.run("strategies.improve", strategy_id=str(strategy_id))
    dead, reason = desk.failure()
    assert dead
    assert "functions of the context" in reason
    assert desk.events()[-1] == "strategy.failed"
    assert desk.strategy.status == "generated"
    assert model.asked == []
