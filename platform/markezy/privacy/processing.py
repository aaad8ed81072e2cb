"""The record of processing activities (GDPR art. 30), made from what is set up. What isn't, it calls not configured."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from sqlalchemy import Connection

from markezy.accounts import api as accounts
from markezy.crm import api as crm
from markezy.flows import api as flows
from markezy.kernel.clock import now
from markezy.kernel.settings import Settings
from markezy.privacy.paper import page
from markezy.privacy.retention import periods
from markezy.privacy.wording import Words, words
from markezy.resuming import api as resuming
from markezy.strategies import api as strategies
from transport.rules import is_loopback

_MOST_FLOWS = 200


@dataclass(frozen=True)
class Item:
    """One line of the record. `id` is the same in every language."""

    id: str
    name: str
    text: str


@dataclass(frozen=True)
class Section:
    """What one letter of article 30 asks for."""

    id: str
    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class ProcessingRecord:
    """The record in one language, as of now."""

    agency: strategies.Agency
    locale: str
    made_at: datetime
    title: str
    intro: str
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class _Facts:
    """What is set up for the agency."""

    settings: Settings
    agency: strategies.Agency
    flows: tuple[tuple[str, Mapping[str, Any], tuple[str, ...]], ...]
    """Of what is published the name, the definition, and the questions in their order."""
    sectors: tuple[str, ...]
    crms: tuple[crm.CrmConnection, ...]
    model_host: str
    """Where the agency's language model is; empty without one."""
    resuming: resuming.ResumingSettings
    roles: dict[str, int]
    second_factors: int
    has_website: bool
    days: dict[str, int]

    @property
    def staff(self) -> int:
        return sum(self.roles.values())


def processing_record(
    connection: Connection, tenant_id: UUID, settings: Settings, locale: str | None = None
) -> ProcessingRecord:
    """The agency's record in a language, its own unless told otherwise."""
    agency = accounts.tenant(connection, tenant_id)
    said = words(locale or agency.locale)
    facts = _facts(connection, tenant_id, settings, agency)
    made_at = now()
    intro = said.record["intro"].format(agency=agency.name, day=strategies.Formats(said.language).day(made_at.date()))
    sections = tuple(Section(name, said.record[name], tuple(lines(said, facts))) for name, lines in _SECTIONS.items())
    return ProcessingRecord(facts.agency, said.language, made_at, said.record["title"], intro, sections)


def as_pdf(record: ProcessingRecord) -> bytes:
    """The record on paper."""
    html = page("record.html.j2", record.locale, record=record)
    return strategies.render_document(
        strategies.Document(
            record.title, record.locale, "", record.agency, record.made_at, html,
            prepared_by=words(record.locale).export["prepared_by"],
        )
    )  # fmt: skip


def _facts(connection: Connection, tenant_id: UUID, settings: Settings, agency: accounts.Tenant) -> _Facts:
    published = [one for one in flows.list_flows(connection, tenant_id, limit=_MOST_FLOWS) if one.number is not None]
    versions = [(one.name, flows.published_version(connection, tenant_id, one.slug)) for one in published]
    model = strategies.language_model(connection, tenant_id)
    return _Facts(
        settings,
        strategies.Agency.of(agency.name, agency.brand),
        tuple((name, version.definition, tuple(flows.ordinals(version))) for name, version in versions),
        (agency.sector,) if strategies.languages(connection, tenant_id, agency.sector) else (),
        tuple(crm.active_connections(connection, tenant_id)),
        _host(model.base_url) if model else "",
        resuming.read_settings(connection, tenant_id),
        accounts.count_by_role(connection, tenant_id),
        accounts.count_second_factors(connection, tenant_id),
        bool(accounts.widget_keys(connection, tenant_id)),
        {one.data_class: one.days for one in periods(connection, tenant_id)},
    )


def _line(said: Words, id_: str, text: str | None = None, **values: object) -> Item:
    """A line under its name; without a text it is not configured."""
    shown = said.record["not_configured"] if text is None else said.record.get(text, text).format(**values)
    return Item(id_, said.record[id_], shown)


def _controller(said: Words, facts: _Facts) -> Iterator[Item]:
    # What people wrote themselves is no text of ours: it goes in as a value, so that a brace in it stays one.
    given = {"controller_name": facts.agency.name, "contact": facts.agency.email, "website": facts.agency.website}
    for name, value in given.items():
        yield _line(said, name, "{value}" if value else None, value=value)
    yield _line(said, "officer")


def _purposes(said: Words, facts: _Facts) -> Iterator[Item]:
    line = partial(_line, said)
    names = ", ".join(name for name, _, _ in facts.flows)
    yield line("qualify", "qualify_text" if facts.flows else "qualify_none", flows=names)
    yield line("strategy", "strategy_text" if facts.sectors else "strategy_none", sectors=", ".join(facts.sectors))
    crms = ", ".join(one.name for one in facts.crms)
    yield line("follow_up", "follow_up_text" if facts.crms else "follow_up_none", crms=crms)
    hours = facts.resuming.remind_after_hours
    yield line("remind", "remind_text" if facts.resuming.remind else "remind_none", hours=hours)
    answering = sum(count for role, count in facts.roles.items() if accounts.allows(role, "handover.write"))
    yield line("person", "person_text", count=answering)
    yield line("accounts", "accounts_text", count=facts.staff)


def _people(said: Words, facts: _Facts) -> Iterator[Item]:
    yield _line(said, "visitors", "visitors_text" if facts.has_website else "visitors_none")
    yield _line(said, "staff", "staff_text", count=facts.staff)


def _data(said: Words, facts: _Facts) -> Iterator[Item]:
    for name, definition, order in facts.flows:
        yield _line(said, "questions", "{name}", name=name)
        for id_ in order:
            question = definition["questions"][id_]
            label = question["label"].get(said.language) or next(iter(question["label"].values()))
            yield Item(id_, label, said.question_types[question["type"]])
    if not facts.flows:
        yield _line(said, "questions", "data_none")
    for name in ("conversation", "results", "team_data"):
        yield _line(said, name, f"{name}_text")


def _recipients(said: Words, facts: _Facts) -> Iterator[Item]:
    for one in facts.crms:
        yield _line(said, "crm", "crm_text", name=one.name, vendor=one.vendor, host=_host(one.base_url))
    if not facts.crms:
        yield _line(said, "crm", "none")
    yield _line(said, "mail", "{host}" if _mail_host(facts) else None, host=_mail_host(facts))
    used = "language_model_text" if facts.model_host else "language_model_none"
    yield _line(said, "language_model", used, host=facts.model_host)


def _transfers(said: Words, facts: _Facts) -> Iterator[Item]:
    hosts = {_mail_host(facts), facts.model_host, *(_host(one.base_url) for one in facts.crms)}
    yield _line(said, "transfers_hosts", "{hosts}", hosts=", ".join(sorted(hosts - {""})))
    yield _line(said, "transfers_place")


def _periods(said: Words, facts: _Facts) -> Iterator[Item]:
    for name, days in facts.days.items():
        yield Item(name, said.classes[name].name, said.record["days"].format(days=days))


def _security(said: Words, facts: _Facts) -> Iterator[Item]:
    line = partial(_line, said)
    transport = facts.settings.transport()
    yield line("sealing", "sealing_text")
    yield line("https", "https_on" if transport.https else "https_proxy" if transport.behind_proxy else "https_off")
    yield line("database", _database(facts.settings.database_url.get_secret_value()))
    yield line("walls", "walls_text")
    roles = ", ".join(f"{said.name('role', role)} ({count})" for role, count in sorted(facts.roles.items()))
    yield line("roles", "roles_text", roles=roles or said.record["none"])
    yield line("factor", "factor_text", count=facts.second_factors, total=facts.staff)
    yield line("chain", "chain_text")
    yield line("limits", "limits_on" if facts.settings.limits_scale else "limits_off")
    yield line("erasing", "erasing_text")
    yield line("backups")


def _database(url: str) -> str:
    parts = urlsplit(url)
    mode = parse_qs(parts.query).get("sslmode", [""])[0]
    if mode == "verify-full":
        return "database_tls"
    if mode in ("require", "verify-ca"):
        return "database_tls_unchecked"
    # A path or no host at all is a socket of this machine.
    return "database_local" if not parts.hostname or is_loopback(parts.hostname) else "database_plain"


def _mail_host(facts: _Facts) -> str:
    return _host(facts.settings.smtp_url.get_secret_value())


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


_SECTIONS = {
    "controller": _controller,
    "purposes": _purposes,
    "people": _people,
    "data": _data,
    "recipients": _recipients,
    "transfers": _transfers,
    "periods": _periods,
    "security": _security,
}
