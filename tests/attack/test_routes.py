"""Every operation of the staff API, by every role, on one's own agency and on another one."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from markezy.kernel.db import Database
from sqlalchemy import text

from tests.attack.expected import EXPECTED, FOR_NEW_ONES, OWN_PERSON, PUBLIC
from tests.attack.tally import Attacks
from tests.attack.world import ROLES, Agency

LETTERS = dict(zip("oagnr", ROLES, strict=True))
_PARAMETER = re.compile(r"\{(\w+)\}")
_ENDS_ITS_SESSION = "POST /api/v1/auth/logout"
_REFUSED_FOREIGN = {400, 404, 405, 409, 422}


@pytest.fixture(scope="module")
def operations(web_url: str) -> list[str]:
    document = requests.get(f"{web_url}/api/v1/openapi.json", timeout=30).json()
    return [f"{method.upper()} {path}" for path, methods in document["paths"].items() for method in methods]


def test_every_operation_has_its_entry(operations: list[str]) -> None:
    assert sorted(operations) == sorted(EXPECTED)


def send(web_url: str, operation: str, agency: Agency, token: str | None) -> requests.Response:
    """The operation on this agency's things, with what would be accepted."""
    method, path = operation.split(" ", 1)
    url = web_url + _PARAMETER.sub(lambda found: agency.ids[found[1]], path)
    body = _filled(EXPECTED[operation][1], agency)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    if isinstance(body, str):
        return requests.request(method, url, data=body, headers=headers, timeout=30)
    return requests.request(method, url, json=body, headers=headers, timeout=30)


def _filled(body: Any, agency: Agency) -> Any:
    if isinstance(body, dict):
        return {name: _filled(value, agency) for name, value in body.items()}
    if isinstance(body, list):
        return [_filled(value, agency) for value in body]
    return agency.ids[body.strip("{}")] if isinstance(body, str) and _PARAMETER.fullmatch(body) else body


def test_nobody_without_an_account_gets_in(
    operations: list[str], web_url: str, victim: Agency, attacks: Attacks
) -> None:
    for operation in operations:
        if EXPECTED[operation][0] == PUBLIC:
            continue
        answer = send(web_url, operation, victim, None)
        held = answer.status_code == 401 and victim.secret not in answer.text
        attacks.held("routes without an account", f"{operation}: {answer.status_code}", held)
    attacks.check("routes without an account")


def test_a_role_does_what_it_may_and_nothing_else(
    operations: list[str], web_url: str, victim: Agency, attacks: Attacks
) -> None:
    kind = "routes beyond one's role"
    for operation in operations:
        allowed = EXPECTED[operation][0]
        for letter, role in LETTERS.items():
            if allowed == PUBLIC or letter in allowed:
                continue
            answer = send(web_url, operation, victim, victim.tokens[role])
            held = answer.status_code == 403 and victim.secret not in answer.text
            attacks.held(kind, f"{role}: {operation}: {answer.status_code}", held)
    attacks.check(kind)


def test_another_agency_gets_nothing_and_changes_nothing(
    operations: list[str], web_url: str, victim: Agency, intruder: Agency, database: Database, attacks: Attacks,
    fresh_token: Callable[[Agency, str], str],
) -> None:  # fmt: skip
    kind = "routes into another agency"
    before = _everything_of(database, victim)
    for operation in operations:
        for letter, role in LETTERS.items():
            ends = operation == _ENDS_ITS_SESSION
            token = fresh_token(intruder, role) if ends else intruder.tokens[role]
            answer = send(web_url, operation, victim, token)
            named = _PARAMETER.search(f"{operation} {EXPECTED[operation][1]}") is not None
            named = named and operation not in FOR_NEW_ONES
            may = EXPECTED[operation][0] == PUBLIC or letter in EXPECTED[operation][0]
            refused = answer.status_code in _REFUSED_FOREIGN if may else answer.status_code == 403
            held = victim.secret not in answer.text and (refused or (may and not named))
            held = held and answer.status_code < 500
            attacks.held(kind, f"{role}: {operation}: {answer.status_code} {answer.text[:80]}", held)
    for table, rows in _everything_of(database, victim).items():
        attacks.held(kind, f"rows of {table} changed", rows == before[table])
    attacks.check(kind)


def test_who_may_is_let_in(
    operations: list[str], web_url: str, intruder: Agency, fresh_token: Callable[[Agency, str], str]
) -> None:
    """Without this the three above would pass on a server that refuses everybody."""
    for operation in sorted(operations, key=_harmless_first):
        allowed = EXPECTED[operation][0]
        if allowed == PUBLIC or operation in OWN_PERSON:
            continue
        for letter in allowed:
            answer = send(web_url, operation, intruder, fresh_token(intruder, LETTERS[letter]))
            assert answer.status_code not in (401, 403), f"{LETTERS[letter]}: {operation}: {answer.text}"
            assert answer.status_code < 500, f"{LETTERS[letter]}: {operation}: {answer.text}"


def _harmless_first(operation: str) -> int:
    return ("GET", "PUT", "POST", "PATCH", "DELETE").index(operation.split(" ", 1)[0])


def _everything_of(database: Database, agency: Agency) -> dict[str, str]:
    """A digest of each table's rows of this agency."""
    with database.transaction(agency.tenant_id) as connection:
        return {name: connection.execute(text(_DIGEST.format(name))).scalar_one() for name in _tables(connection)}


_DIGEST = "SELECT coalesce(md5(string_agg(one::text, ',' ORDER BY one::text)), '') FROM {} AS one"
_TABLES = text(
    "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
    " AND has_table_privilege(oid, 'SELECT') AND relname <> 'alembic_version'"
)


def _tables(connection: Any) -> Iterator[str]:
    yield from connection.execute(_TABLES).scalars().all()
