"""The audit: who looked at or changed what, when, from where; in words, and as a file."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from markezy.accounts import api as accounts
from markezy.accounts.api import staff
from markezy.audit import api as audit
from markezy.console.pages import AUDIT, instead, render
from markezy.console.texts import Texts, texts_for
from markezy.console.viewers import viewer_of
from markezy.kernel.http import Call, Reply, endpoint
from markezy.leads import api as leads

_ACTION = "action."


@dataclass(frozen=True)
class Choice:
    """Which entries the page shows, as its form says it. Days are whole ones, in UTC."""

    actor: str = ""
    action: str = ""
    lead: str = ""
    outcome: str = ""
    since: str = ""
    until: str = ""

    @property
    def narrows(self) -> bool:
        return any(vars(self).values())

    def address(self, path: str = AUDIT, **more: str | None) -> str:
        """The page of this choice; a file of it is at another `path`."""
        query = urlencode({name: value for name, value in {**vars(self), **more}.items() if value})
        return f"{path}?{query}" if query else path

    def export_address(self) -> str:
        """Where the same entries are as a file."""
        days = {"since": _iso(_day(self.since)), "until": _iso(_day_after(self.until))}
        query = urlencode({name: value for name, value in {**vars(self), **days}.items() if value})
        return f"/api/v1/audit/export?{query}" if query else "/api/v1/audit/export"

    def filter(self) -> audit.Filter:
        """The same in the domain's words. What can't be meant narrows to nothing that exists, or not at all."""
        return audit.Filter(
            self.actor or None, _id(self.lead), self.action or None, _day(self.since), _day_after(self.until),
            self.outcome if self.outcome in audit.OUTCOMES else None,
        )  # fmt: skip


@endpoint(staff("audit.read"), instead, audit="audit.read")
def audit_page(call: Call) -> Reply:
    """The newest entries of a choice, a page at a time."""
    names = ("actor", "action", "lead", "outcome", "since", "until")
    choice = Choice(**{name: call.query.get(name, "").strip() for name in names})
    cursor = call.query.get("cursor") or None
    page = audit.entries(call.connection, call.tenant_id, choice.filter(), cursor=cursor)
    texts = texts_for(call.request)
    return render(
        call.request,
        "audit/page.html",
        viewer=viewer_of(call),
        choice=choice,
        cursor=cursor,
        page=page,
        lead_names=_lead_names(call, {one.lead_id for one in page.items if one.lead_id} | {_id(choice.lead)}),
        people=_people(call),
        actions=_actions(texts),
        outcomes=audit.OUTCOMES,
        most=audit.MOST_EXPORTED,
    )


def onlookers_of(call: Call, lead_id: UUID) -> list[audit.Onlooker] | None:
    """Who had to do with a lead, the last ones first; None for a role that has no business knowing."""
    if not accounts.allows(call.principal.role, "audit.read"):
        return None
    return audit.onlookers(call.connection, call.tenant_id, lead_id)


def _lead_names(call: Call, lead_ids: Collection[UUID | None]) -> dict[UUID, str | None]:
    """The leads that are there, with their names; an erased one has none."""
    wanted = {lead_id for lead_id in lead_ids if lead_id is not None}
    return {id_: one.name for id_, one in leads.summaries_of(call.connection, call.tenant_id, wanted).items()}


def _people(call: Call) -> list[tuple[str, str]]:
    """Ids and names for the choice of who it was: staff, also those who left, and API keys that count."""
    users = accounts.list_users(call.connection, call.tenant_id, limit=accounts.LARGEST_PAGE).items
    keys = accounts.api_keys_of(call.connection, call.tenant_id)
    return [*((str(user.id), user.name) for user in users), *((str(key.id), key.name) for key in keys)]


def _actions(texts: Texts) -> list[tuple[str, str]]:
    """All actions there are, by what they are called in the reader's language."""
    named = ((key.removeprefix(_ACTION), text) for key, text in texts.entries.items() if key.startswith(_ACTION))
    return sorted(named, key=lambda one: one[1].casefold())


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _day(text: str) -> datetime | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _day_after(text: str) -> datetime | None:
    day = _day(text)
    return None if day is None or day.year == datetime.max.year else day + timedelta(days=1)


def _iso(at: datetime | None) -> str:
    return "" if at is None else at.isoformat()
