"""An agency as the tests know it."""

from dataclasses import dataclass, field
from uuid import UUID

PASSWORD = "correct horse battery"
"""Of everybody in the tests."""


@dataclass(frozen=True)
class Agency:
    """An agency with its staff by role."""

    tenant_id: UUID
    users: dict[str, UUID] = field(default_factory=dict)

    def email(self, role: str) -> str:
        return f"{role}@{self.tenant_id}.example"
