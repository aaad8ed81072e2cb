"""What operators do from a shell is in the audit of the agencies it is about."""

from collections.abc import Callable
from uuid import UUID

from markezy.commands import keys, plan, replay, verify
from markezy.kernel.db import Database
from markezy.kernel.settings import Settings

from tests.markezy.audit.trail import Trail


def test_commands_leave_their_entries(
    database: Database, settings: Settings, url_of: Callable[[str], str], tenant_id: UUID
) -> None:
    trail, slug = Trail(database, tenant_id), f"t-{tenant_id}"
    assert keys.rotate(database, "tenant", slug, None) == keys.DONE
    assert plan.run(database, slug, "growth", []) == plan.DONE
    assert plan.run(database, slug, None, []) == plan.DONE
    assert verify.run(database, slug) == verify.HOLDS
    owner = Database(url_of("owner"), 2, settings.key_ring())
    replay.run(owner, database, list(replay.READ_MODELS), check=True)
    owner.dispose()
    found = trail.new()
    assert [(one["action"], one["subject_id"]) for one in found] == [
        ("keys.rotated", str(tenant_id)),
        ("plan.changed", "growth"),
        ("log.verified", None),
        ("read_model.compared", "leads"),
        ("read_model.compared", "consents"),
    ]
    assert {(one["actor_kind"], one["actor_id"]) for one in found} == {("operator", "cli")}
