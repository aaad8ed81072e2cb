"""Out of an agency's mail by the link in it: every letter to a lead offers it, and whoever follows it gets no more."""

from dataclasses import dataclass
from email.message import EmailMessage
from uuid import UUID

from sqlalchemy import Connection

from markezy.kernel import personal
from markezy.kernel.events import NewEvent, append
from markezy.kernel.mail import is_address
from markezy.kernel.settings import Settings
from markezy.strategies import repository
from markezy.strategies.delivery import suppression
from markezy.strategies.delivery.links import Leaving, unsubscribe_url
from markezy.strategies.delivery.suppression import Reason, suppress
from markezy.strategies.wording import words

ONE_CLICK = "List-Unsubscribe=One-Click"
"""With this body a mail program posts to the address in `List-Unsubscribe` (RFC 8058)."""
_UNSUBSCRIBED = "strategy.email_unsubscribed"


@dataclass(frozen=True)
class WayOut:
    """The way out that one letter offers."""

    url: str

    def offer_in(self, message: EmailMessage) -> None:
        """Say it to the lead's mail program; the letter's own text shows `url` under the words of `said`."""
        message["List-Unsubscribe"] = f"<{self.url}>"
        message["List-Unsubscribe-Post"] = ONE_CLICK

    def said(self, locale: str, agency: str) -> str:
        """What the link is called."""
        return words(locale).unsubscribe.format(agency=agency)


def way_out(
    connection: Connection,
    settings: Settings,
    tenant_id: UUID,
    address: str,
    *,
    strategy_id: UUID | None = None,
    lead_id: UUID | None = None,
) -> WayOut:
    """For a letter to the address, with this strategy or else to this lead. What is no address is told by whoever composes the letter."""
    if not is_address(address):
        return WayOut("")
    index = suppression.index_of(connection, tenant_id, address)
    return WayOut(unsubscribe_url(settings, Leaving(tenant_id, index, strategy_id, lead_id)))


def leave(connection: Connection, leaving: Leaving, correlation_id: str) -> None:
    """Nothing more is sent to the address; again, nothing happens. It holds when the lead was forgotten meanwhile, too."""
    if not suppress(connection, leaving.tenant_id, leaving.address_index, Reason.UNSUBSCRIBED):
        return
    strategy_id, lead_id = leaving.strategy_id, leaving.lead_id
    if strategy_id is not None:
        lead_id = repository.lead_of(connection, leaving.tenant_id, strategy_id)
    if lead_id is None or personal.keys_of_one(connection, leaving.tenant_id, lead_id) is None:
        return
    letter = {} if strategy_id is None else {"strategy_id": str(strategy_id)}
    happened = NewEvent(_UNSUBSCRIBED, letter, "visitor")
    append(connection, leaving.tenant_id, "lead", lead_id, None, [happened], correlation_id)
