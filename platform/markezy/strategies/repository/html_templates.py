"""All SQL on whole HTML templates, as they were before layers."""

from collections.abc import Sequence
from dataclasses import fields
from uuid import UUID

from sqlalchemy import Connection, case, func, select, text
from sqlalchemy.dialects.postgresql import insert

from markezy.kernel.ids import new_id
from markezy.strategies.model import TemplateVersion
from markezy.strategies.tables import strategy_template_version as template

_HTML = "html"
_LAYER = "sector"
_NAMES = {"locale": "part"}
_VERSION = tuple(template.c[_NAMES.get(one.name, one.name)] for one in fields(TemplateVersion))
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")


def newest_version(
    connection: Connection, tenant_id: UUID, sector: str, locales: Sequence[str]
) -> TemplateVersion | None:
    """The newest template of the sector in the first of these languages that has one."""
    preference = case({locale: place for place, locale in enumerate(locales)}, value=template.c.part)
    query = (
        select(*_VERSION)
        .where(
            template.c.tenant_id == tenant_id,
            template.c.format == _HTML,
            template.c.sector == sector,
            template.c.part.in_(locales),
        )
        .order_by(preference, template.c.number.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    return TemplateVersion(*row) if row else None


def sectors(connection: Connection, tenant_id: UUID) -> list[str]:
    """The sectors there are templates for."""
    query = select(template.c.sector).where(template.c.tenant_id == tenant_id, template.c.format == _HTML)
    return sorted(set(connection.execute(query.distinct()).scalars()))


def insert_version(connection: Connection, tenant_id: UUID, sector: str, locale: str, source: str) -> TemplateVersion:
    """The next version of this template, or the newest when its source is this one already."""
    connection.execute(_LOCK, {"key": f"template:{tenant_id}:{_LAYER}:{sector}:{locale}"})
    newest = newest_version(connection, tenant_id, sector, [locale])
    if newest is not None and newest.source == source:
        return newest
    place = {"tenant_id": tenant_id, "layer": _LAYER, "sector": sector, "part": locale}
    highest = select(func.coalesce(func.max(template.c.number), 0)).where(
        *(template.c[name] == value for name, value in place.items())
    )
    values = {
        **place, "id": new_id(), "format": _HTML, "source": source, "author": "",
        "number": connection.execute(highest).scalar_one() + 1,
    }  # fmt: skip
    row = connection.execute(insert(template).values(values).returning(*_VERSION)).one()
    return TemplateVersion(*row)
