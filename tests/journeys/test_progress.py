"""The lead waits for the strategy and sees that something happens."""

from contextlib import ExitStack
from typing import Any

from playwright.sync_api import Page, expect

from devstack.stack import Stack
from tests.journeys.conftest import eventually
from tests.journeys.interviews import INTERVIEWS, of_somebody_else
from tests.journeys.locks import hold, no_strategy_is_written
from tests.journeys.test_main_job import AGENCIES, Visitor, chat


def test_the_percentage_rises_outlives_a_reload_and_is_gone_when_the_strategy_is_there(
    page: Page, stack: Stack, demo: dict[str, Any]
) -> None:
    visitor, agency = Visitor(page), AGENCIES[0]
    progress = visitor.widget.locator(".typing")
    page.goto(f"{demo['mail_url'].removesuffix('/mail')}/sites/{agency.slug}")
    page.get_by_role("button", name=agency.opens).click()
    expect(visitor.widget.locator(".bubble").nth(1)).to_be_visible()
    no_strategy_is_written(stack)
    with ExitStack() as locks:
        with hold(stack, "LOCK TABLE strategy IN SHARE MODE") as is_awaited:
            chat(visitor, of_somebody_else(INTERVIEWS[agency.slug]), agency)
            eventually(is_awaited, "the strategy to be kept")
            expect(progress).to_have_text("Writing your strategy…10%")
            page.reload()
            expect(progress).to_have_text("Writing your strategy…10%")
            is_rendered = locks.enter_context(hold(stack, "LOCK TABLE strategy_document IN SHARE MODE"))
        eventually(is_rendered, "the documents to be kept")
        expect(progress).to_have_text("Writing your strategy…95%")
    expect(visitor.widget.locator("a.attachment")).to_be_visible(timeout=60_000)
    expect(progress).to_be_hidden()
