"""Logs from before events were chained, brought up by an owner that is no superuser."""

import psycopg
from markezy.kernel.chain import Break, Fault, verify
from markezy.kernel.db import Database
from markezy.kernel.ids import new_id

from tests.markezy.owned import add_tenant, owned_database


def test_old_events_are_chained_and_witnessed(postgres_url: str) -> None:
    with owned_database(postgres_url) as owned:
        owned.migrate("0003")
        database = Database(owned.url("markezy_app"), pool_size=1)
        tenants = [add_tenant(database), add_tenant(database)]
        streams = [new_id() for _ in range(3)]
        with psycopg.connect(owned.url("markezy_app")) as connection:
            for tenant_id in tenants:
                connection.execute("SELECT set_config('markezy.tenant_id', %s, true)", [str(tenant_id)])
                for version in (1, 2, 3):
                    for stream_id in streams:
                        connection.execute(
                            "INSERT INTO event (tenant_id, stream_id, version, id, stream_type, type, data, actor,"
                            " correlation_id, occurred_at) VALUES (%s, %s, %s, gen_random_uuid(), 'lead', 'said',"
                            """ '{"z": 1.0, "a": "é\\n"}', 'visitor', 'c', now())""",
                            [tenant_id, stream_id, version],
                        )
        owned.migrate()
        for tenant_id in tenants:
            verified = verify(database, tenant_id)
            assert (verified.streams, verified.events, verified.breaks) == (3, 9, ())
        with psycopg.connect(owned.url("owner")) as owner:
            owner.execute("SELECT set_config('markezy.tenant_id', %s, true)", [str(tenants[0])])
            owner.execute("ALTER TABLE event DISABLE TRIGGER event_is_append_only")
            owner.execute("DELETE FROM event WHERE stream_id = %s AND version = 3", [streams[1]])
            owner.execute("ALTER TABLE event ENABLE TRIGGER event_is_append_only")
        assert verify(database, tenants[0]).breaks == (Break(tenants[0], streams[1], 3, Fault.MISSING),)
        assert verify(database, tenants[1]).breaks == ()
        database.dispose()
