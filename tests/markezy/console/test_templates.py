"""Templates on the console: looked at, compared, written, tried, kept, released and taken back."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from uuid import UUID

import pytest
import requests
from markezy.kernel.db import Database
from markezy.strategies import api as strategies
from markezy.strategies.versions import stacks
from playwright.sync_api import Browser, Page, expect

from tests.headless import headless_browser
from tests.markezy.audit.trail import Trail
from tests.markezy.console.conftest import PASSWORD, Staff
from tests.markezy.strategies.conftest import Desk

PAGE = "/console/templates/agency/-/fr"
PLAN = "/console/templates/agency/-/plan"
BASE = "/console/templates/base/-/fr"


@pytest.fixture
def owner(desk: Desk, make_staff: Callable[..., Staff]) -> Staff:
    """Somebody of an agency with its sector's layers, logged in."""
    person = make_staff("owner", desk.tenant_id)
    person.log_in()
    return person


def shown(answer: requests.Response) -> str:
    return " ".join(unescape(answer.text).split())


def history(desk: Desk, layer: str = "agency", part: str = "fr") -> strategies.History:
    with desk.database.transaction(desk.tenant_id) as connection:
        return strategies.history_of(connection, desk.tenant_id, strategies.Place.named(layer, "", part))


def counting(desk: Desk) -> str:
    """The title that the agency's French words in force give; empty when they give none."""
    with desk.database.transaction(desk.tenant_id) as connection:
        stack = stacks.in_force(connection, desk.tenant_id, "ecommerce", "fr", None)
    return next((source for layer, source in stack.sources("fr") if layer == "agency"), "").strip()


def save(person: Staff, source: str, base: int = 0, **more: str) -> requests.Response:
    return person.post(f"{PAGE}/versions", {"source": source, "base": str(base), **more}, allow_redirects=False)


def publish(person: Staff, version_id: UUID | str, number: int, **more: str) -> requests.Response:
    told = {"version": str(version_id), "number": str(number), **more}
    return person.post(f"{PAGE}/publish", told, allow_redirects=False)


@pytest.fixture
def versions(desk: Desk, owner: Staff) -> list[UUID]:
    """Two kept versions, the older first."""
    for base, title in enumerate(("Un", "Deux")):
        assert save(owner, f"title: {title}\n", base, note=f"C’est {title}").status_code == 303
    return [one.id for one in reversed(history(desk).versions)]


class TestLooking:
    def test_parts_stand_by_whose_they_are_and_what_counts(self, desk: Desk, owner: Staff) -> None:
        desk.change("title: Neuf")
        page = shown(owner.get("/console/templates"))
        for said in (
            "Your own, for all your strategies", "Your own, for online shops", "Comes with Markezy, for online shops",
            "nothing of your own yet", "Other sectors",
        ):  # fmt: skip
            assert said in page
        assert f'href="{PAGE}"' in page

    def test_a_newer_version_that_waits_is_told(self, desk: Desk, owner: Staff, versions: list[UUID]) -> None:
        publish(owner, versions[0], 0)
        assert "version 2 not released" in shown(owner.get("/console/templates"))
        page = shown(owner.get(PAGE))
        for said in ("Version 1 counts for everybody.", "C’est Deux", "Olivia Grant", "Release 1"):
            assert said in page

    def test_a_version_is_read_as_it_was_written(self, owner: Staff, versions: list[UUID]) -> None:
        assert "title: Deux" in owner.get(f"{PAGE}/versions/{versions[1]}").text

    def test_two_versions_are_compared_place_by_place(self, owner: Staff, versions: list[UUID]) -> None:
        save(owner, "title: Deux fois\nsubtitle: Plus\n", 2)
        page = shown(owner.get(f"{PAGE}/differences"))
        assert "<code>title</code>" in page
        assert "<ins>" in page
        assert "<code>subtitle</code>" in page
        page = shown(owner.get(f"{PAGE}/differences?old={versions[0]}&new={versions[1]}"))
        assert ("<del>Un</del>" in page, "<ins>Deux</ins>" in page) == (True, True)

    @pytest.mark.parametrize(
        "path",
        ["nothing/-/en", "agency/-/de", "agency/x/en", "sector/-/en", "agency/-/fr/differences", "base/-/fr/edit",
         "agency/-/fr/versions/01890000-0000-7000-8000-000000000000", "agency/-/fr/edit?start=x"],
    )  # fmt: skip
    def test_addresses_of_nothing_are_explained(self, owner: Staff, path: str) -> None:
        assert owner.get(f"/console/templates/{path}").status_code == 404

    def test_figures_say_when_there_are_none_and_compare_what_there_is(
        self, desk: Desk, owner: Staff, versions: list[UUID]
    ) -> None:
        assert "No strategy has been written" in shown(owner.get(f"{PAGE}/figures"))
        publish(owner, versions[0], 0)
        desk.made()
        page = shown(owner.get(f"{PAGE}/figures?first={versions[0]}&second={versions[1]}"))
        assert '<th scope="row">1</th> <td>1</td>' in page
        assert "It is too early to say." in page
        french = owner.get(
            f"{PAGE}/figures?first={versions[0]}&second={versions[1]}", headers={"Accept-Language": "fr"}
        )
        assert "trop tôt" in shown(french)
        assert owner.get(f"{PAGE}/figures?first={versions[0]}&second={versions[0]}").status_code == 422

    @pytest.mark.parametrize("language", ["en", "fr", "es"])
    def test_every_page_has_its_words(self, owner: Staff, versions: list[UUID], language: str) -> None:
        told = {"Accept-Language": language}
        weights = "weight-1=2&weight-2=1"
        for path in (
            "/console/templates", PAGE, BASE, PLAN, f"{PAGE}/edit", f"{PLAN}/edit", f"{PAGE}/differences", f"{PAGE}/figures",
            f"{PAGE}/experiment?{weights}", f"{PAGE}/versions/{versions[0]}",
        ):  # fmt: skip
            assert owner.get(path, headers=told).status_code == 200, path


class TestWriting:
    def test_the_editor_begins_with_an_example_and_the_texts_in_force(self, owner: Staff) -> None:
        page = shown(owner.get(f"{PAGE}/edit"))
        assert "# Only what your agency says otherwise." in page
        assert "sections/summary/blocks/essence/text" in page
        assert "said('city')" in page
        assert "search_ads" in owner.get(f"{PLAN}/edit").text

    def test_it_goes_on_from_the_newest_version_or_from_a_chosen_one(self, owner: Staff, versions: list[UUID]) -> None:
        assert "title: Deux" in owner.get(f"{PAGE}/edit").text
        assert "title: Un" in owner.get(f"{PAGE}/edit?start={versions[0]}").text

    def test_a_picked_text_is_put_into_the_source_and_taken_out_again(self, owner: Staff) -> None:
        at = "sections/summary/blocks/essence/text"
        form = {"source": "# À nous.\r\n", "base": "0"}
        assert 'name="value"' in owner.post(f"{PAGE}/edit", {**form, "choose": at}).text
        page = unescape(owner.post(f"{PAGE}/edit", {**form, "open": at, "put": "yes", "value": "Nos mots."}).text)
        assert '# À nous.\nsections:\n  summary:\n    blocks:\n      essence:\n        text: "Nos mots."' in page
        written = re.search(r"<textarea id=\"source\"[^>]*>\n(.*?)</textarea>", page, re.DOTALL)
        assert written is not None
        page = unescape(owner.post(f"{PAGE}/edit", {"source": written[1], "base": "0", "drop": at}).text)
        assert "Nos mots." not in page

    @pytest.mark.parametrize("told", [{"value": " "}, {"value": "Nos mots", "source": "a: ["}])
    def test_what_cannot_be_put_in_is_told_and_stays(self, owner: Staff, told: dict[str, str]) -> None:
        form = {"source": "title: Ici", "base": "0", "open": "subtitle", "put": "yes", **told}
        for path in ("edit", "try", "versions"):
            answer = owner.post(f"{PAGE}/{path}", {**form, "samples": "ecommerce"})
            assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)
            for typed in (form["source"], form["value"]):
                assert typed in answer.text

    def test_a_text_that_was_typed_is_not_lost_by_another_button(self, desk: Desk, owner: Staff) -> None:
        form = {"source": "title: Ici", "base": "0", "open": "subtitle", "value": "Nos mots", "samples": "ecommerce"}
        assert 'subtitle: "Nos mots"' in unescape(owner.post(f"{PAGE}/try", form).text)
        assert 'subtitle: "Nos mots"' in unescape(owner.post(f"{PAGE}/edit", {**form, "choose": "title"}).text)
        assert "Nos mots" not in owner.post(f"{PAGE}/edit", {**form, "cancel": "yes"}).text
        owner.post(f"{PAGE}/versions", form)
        assert 'subtitle: "Nos mots"' in unescape(owner.get(f"{PAGE}/edit").text)

    def test_trying_shows_what_sample_leads_would_read_and_keeps_nothing(self, desk: Desk, owner: Staff) -> None:
        form = {"source": "title: Tout neuf pour {{ called }}\n", "base": "0", "samples": "ecommerce"}
        page = shown(owner.post(f"{PAGE}/try", form))
        assert "What sample leads would read" in page
        assert "Tout neuf pour" in page
        assert re.search(r"<code>title</code> · small budget, medium budget, large budget", page)
        assert history(desk).versions == ()

    def test_findings_tell_line_and_place_and_the_text_stays(self, desk: Desk, owner: Staff) -> None:
        source = "title: Bon\nsubtitle: '{{ nothing_such }}'\n"
        for page in (
            owner.post(f"{PAGE}/try", {"source": source, "base": "0", "samples": "ecommerce"}),
            save(owner, source),
        ):
            assert ("Line 2." in shown(page), "<code>subtitle</code>" in shown(page)) == (True, True)
            assert source in unescape(page.text)
        assert save(owner, source).status_code == 422
        assert history(desk).versions == ()

    def test_saving_twice_keeps_one_version(self, desk: Desk, owner: Staff) -> None:
        for _ in range(2):
            assert save(owner, "title: Un\r\n", 0).headers["Location"] == f"{PAGE}?done=saved"
        assert [(one.number, one.author.partition(":")[0]) for one in history(desk).versions] == [(1, "staff")]

    def test_a_colleagues_newer_version_is_not_passed_over(
        self, desk: Desk, owner: Staff, versions: list[UUID]
    ) -> None:
        late = save(owner, "title: Trois\n", 1)
        assert (late.status_code, "A colleague kept version 2 meanwhile" in shown(late)) == (409, True)
        assert "title: Trois" in late.text
        assert 'name="base" value="2"' in late.text
        assert len(history(desk).versions) == 2

    def test_figures_are_written_and_tried_in_all_languages(self, owner: Staff) -> None:
        form = {"source": "channels:\n  print: null\n", "base": "0", "samples": "ecommerce"}
        assert owner.post(f"{PLAN}/try", form).status_code == 200
        assert owner.post(f"{PLAN}/try", {**form, "samples": "x"}).status_code == 422


class TestReleasing:
    def test_what_is_published_counts_and_going_back_names_what_comes_then(
        self, desk: Desk, owner: Staff, versions: list[UUID]
    ) -> None:
        publish(owner, versions[0], 0)
        done = publish(owner, versions[1], 1, note="mieux")
        assert done.headers["Location"] == f"{PAGE}?done=published"
        assert counting(desk) == "title: Deux"
        assert re.search(r"From now on this counts again: <strong>version 1</strong>", shown(owner.get(PAGE)))
        owner.post(f"{PAGE}/back", {"number": "2"})
        assert counting(desk) == "title: Un"
        assert [one.note for one in history(desk).releases] == ["", "mieux", ""]

    def test_a_layer_is_taken_out(self, desk: Desk, owner: Staff, versions: list[UUID]) -> None:
        publish(owner, versions[0], 0)
        assert publish(owner, "", 1).headers["Location"] == f"{PAGE}?done=emptied"
        assert counting(desk) == ""

    def test_an_experiment_shows_its_shares_before_it_starts(
        self, desk: Desk, owner: Staff, versions: list[UUID]
    ) -> None:
        page = shown(owner.get(f"{PAGE}/experiment?weight-1=1&weight-2=3"))
        assert ("25%" in page, "75%" in page) == (True, True)
        told = {"number": "0", "version": [str(one) for one in versions], "weight": ["1", "3"]}
        for _ in range(2):
            assert owner.post(f"{PAGE}/experiment", told, allow_redirects=False).status_code == 303  # type: ignore[arg-type]
        (release,) = history(desk).releases
        assert (release.kind, [one.weight for one in release.shares]) == ("experiment", [1, 3])
        assert "An experiment runs." in shown(owner.get(PAGE))

    @pytest.mark.parametrize(
        "weights", ["weight-1=1", "weight-1=1&weight-2=x", "weight-1=0&weight-2=5", "weight-1=1&weight-2=1001"]
    )
    def test_weights_that_make_no_experiment_are_refused(
        self, owner: Staff, versions: list[UUID], weights: str
    ) -> None:
        answer = owner.get(f"{PAGE}/experiment?{weights}")
        assert (answer.status_code, "a whole number from 1" in answer.text) == (422, True)

    def test_a_stale_page_changes_nothing_and_says_what_to_do(
        self, desk: Desk, owner: Staff, make_staff: Callable[..., Staff], versions: list[UUID]
    ) -> None:
        colleague = make_staff("admin", desk.tenant_id)
        colleague.log_in()
        publish(colleague, versions[0], 0)
        late = publish(owner, versions[1], 0)
        assert (late.status_code, "Somebody released something else meanwhile: release 1" in shown(late)) == (409, True)
        assert owner.post(f"{PAGE}/back", {"number": "7"}).status_code == 409
        assert len(history(desk).releases) == 1

    def test_what_was_sent_twice_is_done_once(self, desk: Desk, owner: Staff, versions: list[UUID]) -> None:
        publish(owner, versions[0], 0)
        for _ in range(2):
            assert publish(owner, versions[1], 1).status_code == 303
        for _ in range(2):
            assert owner.post(f"{PAGE}/back", {"number": "2"}, allow_redirects=False).status_code == 303
        assert len(history(desk).releases) == 3

    def test_the_product_is_pinned_and_followed_again(self, desk: Desk, owner: Staff) -> None:
        (version,) = history(desk, "base").versions
        told = {"version": str(version.id), "number": "1"}
        owner.post(f"{BASE}/publish", told)
        assert "Follow Markezy again" in shown(owner.get(BASE))
        owner.post(f"{BASE}/publish", {**told, "number": "2", "follows": "yes"})
        current = history(desk, "base").current
        assert current is not None
        assert current.follows_product
        assert owner.post(f"{BASE}/publish", {"version": "", "number": "3"}).status_code == 422
        assert owner.post(f"{BASE}/versions", {"source": "title: x", "base": "1"}).status_code == 404


class TestRights:
    @pytest.mark.parametrize("role", ["agent", "analyst", "read_only"])
    def test_who_may_only_look_sees_no_buttons_and_changes_nothing(
        self, desk: Desk, owner: Staff, make_staff: Callable[..., Staff], versions: list[UUID], role: str
    ) -> None:
        publish(owner, versions[0], 0)
        reader = make_staff(role, desk.tenant_id)
        reader.log_in()
        for path in ("/console/templates", PAGE, f"{PAGE}/versions/{versions[0]}", f"{PAGE}/figures"):
            page = reader.get(path)
            assert (page.status_code, f'action="{PAGE}' in page.text, "/edit" in page.text) == (200, False, False)
        assert reader.get(f"{PAGE}/edit").status_code == 403
        form = {"source": "title: x", "base": "2", "version": str(versions[1]), "number": "1"}
        for path in ("edit", "try", "versions", "publish", "experiment", "back"):
            assert reader.post(f"{PAGE}/{path}", form).status_code == 403
        assert (len(history(desk).versions), len(history(desk).releases)) == (2, 1)

    def test_another_sites_form_changes_nothing(self, desk: Desk, owner: Staff, versions: list[UUID]) -> None:
        form = {"source": "title: x", "base": "2", "version": str(versions[1]), "number": "0"}
        for path in ("edit", "try", "versions", "publish", "experiment", "back"):
            answer = owner.post(f"{PAGE}/{path}", form, headers={"Origin": "https://evil.example"})
            assert answer.status_code == 403
        assert (len(history(desk).versions), history(desk).current) == (2, None)

    def test_another_agencys_versions_are_not_there(
        self, desk: Desk, versions: list[UUID], make_staff: Callable[..., Staff]
    ) -> None:
        stranger = make_staff()
        stranger.log_in()
        assert "C’est Deux" not in shown(stranger.get(PAGE))
        for path in (f"versions/{versions[0]}", f"edit?start={versions[0]}", f"differences?old={versions[0]}&new={versions[1]}",
                     f"figures?first={versions[0]}&second={versions[1]}"):  # fmt: skip
            assert stranger.get(f"{PAGE}/{path}").status_code == 404
        assert publish(stranger, versions[0], 0).status_code == 404
        told = {"number": "0", "version": [str(one) for one in versions], "weight": ["1", "3"]}
        assert stranger.post(f"{PAGE}/experiment", told).status_code == 404  # type: ignore[arg-type]
        assert history(desk).current is None

    def test_what_is_done_stands_in_the_audit_and_what_is_refused_does_not(
        self, desk: Desk, owner: Staff, database: Database
    ) -> None:
        trail = Trail(database, desk.tenant_id)
        save(owner, "title: Un\n")
        save(owner, "title: '{{ x }}'\n", 1)
        (version,) = history(desk).versions
        publish(owner, version.id, 0)
        publish(owner, "", 0)
        noted = [(one["action"], one["status"], one["subject_kind"]) for one in trail.new()]
        assert noted == [
            ("template.version_added", 303, "template_version"), ("template.released", 303, "template_release")
        ]  # fmt: skip


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with headless_browser() as browser:
        yield browser


@pytest.fixture
def open_page(chromium: Browser, owner: Staff) -> Iterator[Callable[..., Page]]:
    """The console in a browser, logged in; what it reports as an error fails the test."""
    contexts, complaints = [], []

    def start(**options: object) -> Page:
        contexts.append(chromium.new_context(**options))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.goto(f"{owner.url}/console/login")
        page.get_by_label("E-mail").fill(owner.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_role("heading", name="Leads")).to_be_visible()
        return page

    yield start
    for context in contexts:
        context.close()
    assert complaints == []


class TestBrowser:
    def test_nothing_sticks_out_on_a_telephone(
        self, open_page: Callable[..., Page], owner: Staff, versions: list[UUID]
    ) -> None:
        page = open_page(viewport={"width": 390, "height": 800})
        for path in (
            "/console/templates", PAGE, BASE, f"{PAGE}/edit", f"{PLAN}/edit", f"{PAGE}/differences", f"{PAGE}/figures",
            f"{PAGE}/experiment?weight-1=2&weight-2=1", f"{PAGE}/versions/{versions[0]}",
        ):  # fmt: skip
            page.goto(owner.url + path)
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            for folded in page.locator("details > summary").all():
                folded.click()
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, path

    @pytest.mark.parametrize("scripts", [True, False])
    def test_a_text_is_said_otherwise_tried_and_kept(
        self, open_page: Callable[..., Page], owner: Staff, desk: Desk, scripts: bool
    ) -> None:
        page = open_page(java_script_enabled=scripts)
        page.goto(f"{owner.url}{PAGE}/edit")
        page.locator("section[aria-labelledby=texts] summary").first.click()
        page.get_by_role("button", name="Say it otherwise title", exact=True).click()
        page.get_by_label("New words for title", exact=True).fill("Rien que pour vous")
        page.get_by_role("button", name="Put it into the source").click()
        page.get_by_role("button", name="Try it").click()
        expect(page.locator("#tried ins", has_text="Rien").first).to_be_visible()
        page.get_by_label("Note for your colleagues").fill("Titre")
        page.get_by_role("button", name="Save as version").click()
        expect(page.get_by_text("Saved as a version.")).to_be_visible()
        assert [one.note for one in history(desk).versions] == ["Titre"]
