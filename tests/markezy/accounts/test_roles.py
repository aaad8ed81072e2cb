"""The permission matrix, cell by cell, over HTTP. The expectation is written out: changing a right means changing it here too."""

import re

import pytest
from markezy.accounts.api import Role, permissions_of, staff
from markezy.accounts.roles import GRANTS, allows
from markezy.kernel.settings import ROOT

RECORD = ROOT / "docs" / "record.md"
ROLES = ("owner", "admin", "agent", "analyst", "read_only")
EXPECTED = """
leads.read        yes    yes    yes    yes      yes
leads.write       yes    yes    yes    no       no
strategies.read   yes    yes    yes    yes      yes
strategies.write  yes    yes    yes    no       no
templates.read    yes    yes    yes    yes      yes
templates.write   yes    yes    no     no       no
strategy_model.read  yes yes    no     no       no
strategy_model.write yes yes    no     no       no
mail.report       yes    yes    no     no       no
brand.read        yes    yes    yes    yes      yes
brand.write       yes    yes    no     no       no
flows.read        yes    yes    yes    yes      yes
flows.write       yes    yes    no     no       no
experiments.read  yes    yes    yes    yes      yes
experiments.write yes    yes    no     no       no
crm.read          yes    yes    yes    no       yes
crm.write         yes    yes    no     no       no
users.read        yes    yes    no     no       no
users.write       yes    yes    no     no       no
api_keys.read     yes    yes    no     no       no
api_keys.write    yes    yes    no     no       no
audit.read        yes    yes    no     no       no
privacy.read      yes    yes    no     no       no
privacy.write     yes    yes    no     no       no
consents.read     yes    yes    yes    yes      yes
handover.read     yes    yes    yes    no       yes
handover.write    yes    yes    yes    no       no
handover.manage   yes    yes    no     no       no
"""
CELLS = {
    (permission, role): cell == "yes"
    for permission, *cells in (line.split() for line in EXPECTED.strip().splitlines())
    for role, cell in zip(ROLES, cells, strict=True)
}


def test_the_expectation_covers_every_cell():
    assert set(CELLS) == {(permission, role.value) for permission in GRANTS for role in Role}


@pytest.mark.parametrize("role", ROLES)
def test_role_reaches_exactly_what_the_matrix_says(role, make_agency, log_in, get):
    agency = make_agency(role)
    token = log_in(agency.email(role))["access_token"]
    for permission in GRANTS:
        expected = 200 if CELLS[permission, role] else 403
        assert get(f"/guarded/{permission}", token).status_code == expected, permission


def test_the_table_for_readers_says_the_same():
    lines = RECORD.read_text(encoding="utf-8").splitlines()
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in lines if re.match(r"\| `\w+\.\w+` \| •", line)
    ]
    (header,) = (line for line in lines if line.startswith("| permission |"))
    assert [cell.strip().replace(" ", "_") for cell in header.strip("|").split("|")][1:] == list(ROLES)
    told = {
        (name.strip("`"), role): cell == "•" for name, *cells in rows for role, cell in zip(ROLES, cells, strict=True)
    }
    assert told == {(permission, role): allows(role, permission) for permission in GRANTS for role in ROLES}


def test_unknown_role_may_nothing():
    assert permissions_of("ceo") == []


def test_misspelt_permission_is_found_at_import():
    with pytest.raises(ValueError, match=r"leads\.reed"):
        staff("leads.reed")


def test_misspelt_permission_is_not_silently_denied():
    with pytest.raises(KeyError):
        allows("owner", "leads.reed")


def test_nobody_gets_in_without_a_token(get):
    for permission in GRANTS:
        answer = get(f"/guarded/{permission}")
        assert answer.status_code == 401
        assert answer.headers["Content-Type"] == "application/problem+json"
