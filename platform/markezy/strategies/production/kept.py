"""A strategy as it was kept, opened for the steps that work on it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from markezy.kernel.errors import NotFound
from markezy.strategies import repository
from markezy.strategies.model import Strategy
from markezy.strategies.versions.model import Stack
from markezy.strategies.versions.stacks import composed_of
from markezy.strategies.writing import case as cases
from markezy.strategies.writing import document_json
from markezy.strategies.writing.case import Case
from markezy.strategies.writing.document import Document


@dataclass(frozen=True)
class Kept:
    """A strategy with its document, the case it was written for and the versions it was composed of."""

    strategy: Strategy
    document: Document
    case: Case
    stack: Stack


def open_strategy(connection: Connection, tenant_id: UUID, strategy_id: UUID) -> Kept:
    """NotFound when there is none, its lead was erased, or it is from before there were layers."""
    found = repository.find_strategy(connection, tenant_id, strategy_id)
    if found is None or found.document is None or found.inputs is None:
        raise NotFound("There is no such strategy.")
    case = cases.from_json(found.inputs)
    stack = composed_of(connection, tenant_id, strategy_id, case.sector, case.locale)
    return Kept(found, document_json.from_json(found.document), case, stack)
