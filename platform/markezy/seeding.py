"""The demo's agencies: two sectors, two locales, with staff, a flow, strategy templates and a CRM connection each.

Seeding again changes nothing but a flow or template whose file changed: that becomes a new version. What an agency made of
its flow since then stays published.
"""

import base64
import hashlib
import hmac
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import Connection

from markezy.accounts import api as accounts
from markezy.crm import api as crm
from markezy.flows import api as flows
from markezy.handover import api as handover
from markezy.kernel.db import Database
from markezy.kernel.errors import NotFound
from markezy.kernel.settings import Settings
from markezy.strategies import api as strategies

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
_NAMESPACE = uuid.UUID("6f1c2f54-6f0e-4f7e-9a3c-6d61726b657a")
"""Demo agencies have the same ids on every machine."""


@dataclass(frozen=True)
class Agency:
    """A demo agency, before it is one."""

    slug: str
    name: str
    locale: str
    sector: str
    people: tuple[tuple[str, str, str], ...]
    """(local part of the e-mail address, name, role)"""
    timezone: str

    @property
    def tenant_id(self) -> uuid.UUID:
        return uuid.uuid5(_NAMESPACE, self.slug)


AGENCIES = (
    Agency(
        "brightlane",
        "Brightlane",
        "en",
        "ecommerce",
        (("olivia", "Olivia Grant", "owner"), ("ravi", "Ravi Menon", "agent")),
        "Europe/London",
    ),
    Agency(
        "atelier-nova",
        "Atelier Nova",
        "fr",
        "restaurant",
        (("camille", "Camille Roux", "owner"), ("hugo", "Hugo Besson", "agent")),
        "Europe/Paris",
    ),
)


def seed_demo(database: Database, settings: Settings, sandbox_url: str | None) -> list[dict[str, Any]]:
    """Create what is missing and describe every agency as `demo.json` does, passwords included: these are demo accounts.

    With `sandbox_url` each agency is connected to the sandbox CRM there.
    """
    return [_seed(database, settings, agency, sandbox_url) for agency in AGENCIES]


def _seed(database: Database, settings: Settings, agency: Agency, sandbox_url: str | None) -> dict[str, Any]:
    people = [
        {"email": f"{local}@{agency.slug}.example", "name": name, "role": role} for local, name, role in agency.people
    ]
    for person in people:
        person["password"] = _password(settings, person["email"])
    with database.transaction(agency.tenant_id) as connection:
        if not _exists(connection, agency.tenant_id):
            _found(connection, settings, agency, people, sandbox_url)
        definition = yaml.safe_load((SEEDS / "flows" / f"{agency.sector}.yml").read_text())
        flows.publish_new(connection, agency.tenant_id, agency.sector, agency.name, definition)
        strategies.adopt(connection, agency.tenant_id, strategies.product_files())
        widget_key = accounts.widget_keys(connection, agency.tenant_id)[0]
    return {
        "id": str(agency.tenant_id),
        "slug": agency.slug,
        "name": agency.name,
        "widget_key": widget_key,
        "locale": agency.locale,
        "sector": agency.sector,
        "users": people,
        # Both channels come with an issue of their own; null says that there is no connection yet.
        "whatsapp": None,
        "messenger": None,
    }


def _exists(connection: Connection, tenant_id: uuid.UUID) -> bool:
    try:
        accounts.tenant(connection, tenant_id)
    except NotFound:
        return False
    return True


def _found(
    connection: Connection, settings: Settings, agency: Agency, people: list[dict[str, str]], sandbox_url: str | None
) -> None:
    accounts.create_tenant(
        connection,
        agency.tenant_id,
        slug=agency.slug,
        name=agency.name,
        locale=agency.locale,
        sector=agency.sector,
        brand=strategies.shipped_brand(agency.slug),
    )
    accounts.add_widget_key(connection, agency.tenant_id)
    for person in people:
        accounts.add_user(connection, agency.tenant_id, **person)
    handover.save_settings(connection, agency.tenant_id, handover.HandoverSettings(timezone=agency.timezone))
    if sandbox_url is not None:
        crm.add_connection(
            connection,
            agency.tenant_id,
            "hubspot",
            "Sandbox CRM",
            f"{sandbox_url}/hubspot",
            f"pat-sandbox-{agency.slug}",
            settings.allowed_private_hosts,
        )


def _password(settings: Settings, email: str) -> str:
    """The same at every start of one home, different in every home."""
    digest = hmac.new(settings.staff_secret.get_secret_value().encode(), email.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:12]).decode()
