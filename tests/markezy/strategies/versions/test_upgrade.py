"""Strategies from before layers, brought up by an owner that is no superuser."""

from uuid import UUID

import psycopg
import pytest
from markezy.kernel import personal
from markezy.kernel.db import Database
from markezy.kernel.ids import new_id
from markezy.kernel.settings import Settings
from markezy.strategies import api, repository
from markezy.strategies.versions import repository as versions
from markezy.strategies.versions.model import Place, ProductFile
from sqlalchemy import Connection, text

from tests.markezy.owned import add_tenant, owned_database
from tests.markezy.sealed import seal

PDF = "application/pdf"


def write_as_before(connection: Connection, tenant_id: UUID) -> dict[str, UUID]:
    """A template of the old kind in two versions, and a lead's strategy with its PDF made of the second."""
    ids = {name: new_id() for name in ("first", "second", "strategy", "lead")}
    for number, name in enumerate(("first", "second"), start=1):
        connection.execute(
            text(
                "INSERT INTO strategy_template_version (tenant_id, id, sector, locale, number, source)"
                " VALUES (:tenant, :id, 'ecommerce', 'en', :number, :source)"
            ),
            {"tenant": tenant_id, "id": ids[name], "number": number, "source": f"<p>{name}</p>"},
        )
    box = {
        name: seal(connection, tenant_id, ids["lead"], value, f"strategy.{name}", ids["strategy"])
        for name, value in (("title", "Plan"), ("html", "<p>second</p>"))
    }
    connection.execute(
        text(
            "INSERT INTO strategy (tenant_id, id, lead_id, status, title, locale, template_version_id, html, content_hash)"
            " VALUES (:tenant, :strategy, :lead, 'rendered', :title, 'en', :second, :html, 'h')"
        ),
        {"tenant": tenant_id, **ids, **box},
    )
    keys = personal.for_writing(connection, tenant_id, [ids["lead"]])[ids["lead"]]
    place = personal.context("strategy_document.body", tenant_id, ids["strategy"], PDF)
    connection.execute(
        text(
            "INSERT INTO strategy_document (tenant_id, strategy_id, media_type, body) VALUES (:tenant, :id, :type, :body)"
        ),
        {"tenant": tenant_id, "id": ids["strategy"], "type": PDF, "body": keys.seal(b"%PDF old", place)},
    )
    return ids


def test_old_strategies_and_templates_survive(postgres_url: str, settings: Settings) -> None:
    with owned_database(postgres_url) as owned:
        owned.migrate("0013")
        database = Database(owned.url("markezy_app"), pool_size=1, ring=settings.key_ring())
        tenants = [add_tenant(database), add_tenant(database)]
        written = {}
        for tenant_id in tenants:
            with database.transaction(tenant_id) as connection:
                written[tenant_id] = write_as_before(connection, tenant_id)
        owned.migrate()
        for tenant_id, ids in written.items():
            with database.transaction(tenant_id) as connection:
                found = repository.find_strategy(connection, tenant_id, ids["strategy"])
                assert found is not None
                assert (found.title, found.html, found.edition) == ("Plan", "<p>second</p>", 1)
                assert (found.document, found.inputs, found.model) == (None, None, None)
                assert repository.find_document(connection, tenant_id, ids["strategy"]) == b"%PDF old"
                made_of = versions.composition_of(connection, tenant_id, ids["strategy"])
                assert [(one.id, one.format, one.layer, one.part) for one in made_of] == [
                    (ids["second"], "html", "sector", "en")
                ]
                assert repository.next_edition(connection, tenant_id, ids["lead"]) == 2
                file = ProductFile(Place.named("sector", "ecommerce", "en"), "title: new")
                api.adopt(connection, tenant_id, [file])
                listed = versions.list_versions(connection, tenant_id, {"layer": "sector"}, None, 10)
                assert [(one.number, one.format) for one in listed] == [(3, "layer"), (2, "html"), (1, "html")]
        with psycopg.connect(owned.url("owner")) as owner:
            owner.execute("SELECT set_config('markezy.tenant_id', %s, true)", [str(tenants[0])])
            with pytest.raises(psycopg.errors.RestrictViolation, match="never change"):
                owner.execute("UPDATE strategy_template_version SET source = ''")
        database.dispose()
