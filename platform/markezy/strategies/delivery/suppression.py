"""Addresses that an agency sends nothing to, kept as keyed digests: the list says whether an address is on it, never which ones are."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import Connection

from markezy.kernel import personal
from markezy.kernel.errors import Invalid, NotFound
from markezy.strategies.repository import suppressions

_KIND = "mail_address"


class Reason(StrEnum):
    """Why."""

    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"
    """There is no such mailbox, or it takes nothing from us."""
    COMPLAINED = "complained"
    """They told their provider that it is spam. Outweighs what was known before."""


@dataclass(frozen=True)
class Suppression:
    reason: Reason
    at: datetime


def comparable(address: str) -> str:
    """The address as one way of writing it; Invalid when it is none. Mail servers don't tell upper case from lower."""
    try:
        return validate_email(address.strip(), check_deliverability=False).normalized.casefold()
    except EmailNotValidError:
        raise Invalid("This is not an e-mail address.") from None


def index_of(connection: Connection, tenant_id: UUID, address: str) -> bytes:
    """What the address is looked up by; Invalid when it is none."""
    # Hashed first: the blind index folds words, and two people may differ by an accent or in the seventieth character.
    digest = hashlib.sha256(comparable(address).encode()).hexdigest()
    return personal.blind(connection, tenant_id, _KIND, digest)


def find(connection: Connection, tenant_id: UUID, address: str) -> Suppression | None:
    """Why the address gets no mail; None when it may get some. Invalid when it is none."""
    found = suppressions.find(connection, tenant_id, index_of(connection, tenant_id, address))
    return None if found is None else Suppression(Reason(found[0]), found[1])


def suppress(connection: Connection, tenant_id: UUID, address_index: bytes, reason: Reason) -> bool:
    """From now on nothing is sent there; False when that was known."""
    return suppressions.put(connection, tenant_id, address_index, reason, outweighs=reason is Reason.COMPLAINED)


def add(connection: Connection, tenant_id: UUID, address: str, reason: Reason) -> Suppression:
    """Staff say that nothing is to be sent there; what holds from now on. Invalid when it is no address."""
    index = index_of(connection, tenant_id, address)
    suppress(connection, tenant_id, index, reason)
    found = suppressions.find(connection, tenant_id, index)
    if found is None:
        raise RuntimeError("what was just put on the list is not there")
    return Suppression(Reason(found[0]), found[1])


def counts(connection: Connection, tenant_id: UUID) -> dict[Reason, int]:
    """How many addresses are on the list for each reason."""
    found = suppressions.counts(connection, tenant_id)
    return {reason: found.get(reason, 0) for reason in Reason}


def lift(connection: Connection, tenant_id: UUID, address: str) -> None:
    """The address may get mail again. NotFound when it was not on the list, Invalid when it is none."""
    if not suppressions.remove(connection, tenant_id, index_of(connection, tenant_id, address)):
        raise NotFound("This address is not on the list.")
