"""The pages of the settings: who sees and changes what, what happens to bad input, and that nobody's settings show elsewhere."""

import html
import re
from base64 import b64encode
from dataclasses import replace
from io import BytesIO
from typing import Any

import pypdf
import pytest
import requests
from markezy.accounts.roles import Role, allows
from markezy.kernel.db import Database
from markezy.kernel.mail import is_address
from markezy.strategies.enrichment import breaker, faults, repository
from markezy.strategies.enrichment.client import ModelFailed
from markezy.strategies.model import LARGEST_LOGO
from markezy.web import create_app
from PIL import Image
from sqlalchemy import text

from tests.markezy.serving import serving as web_serving
from tests.markezy.strategies.enrichment.language_model import LanguageModel, serving, settings_for

BRAND, MODEL, MAIL = "/console/settings", "/console/settings/model", "/console/settings/mail"
GIVEN = {
    "color": "#0b5d4b", "font": "lato", "email": "hello@agency.example", "website": "www.agency.example", "phone": "+44 20 7946 0311",
    "address": "14 Lantern Yard\r\n\r\nLondon",
}  # fmt: skip
CONNECTED = {
    "base_url": "https://93.184.216.34/v1", "model": "small-1", "api_key": "sk-secret", "sections": ["summary", "next"],
    "monthly_cap": "20", "price_in": "0,40", "price_out": "1.60", "active": "yes",
}  # fmt: skip
OPEN_TRANSACTIONS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%'
"""
PERMISSIONS = {BRAND: "brand", MODEL: "strategy_model", MAIL: "strategies"}


def picture(side: int = 40, noise: int = 0) -> bytes:
    out = BytesIO()
    Image.new("RGB", (side, 20), "#a33d22").save(out, "PNG")
    return out.getvalue() + b"\0" * noise


def shown(page: Any) -> str:
    """What stands on the page, in one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def value_of(page: Any, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page.text)
    return html.unescape(found[1]) if found else ""


def brand_of(database: Database, tenant_id: Any) -> dict[str, Any]:
    with database.transaction(tenant_id) as connection:
        brand: dict[str, Any] = connection.execute(text("SELECT brand FROM tenant")).scalar_one()
    return brand


def actions(database: Database, tenant_id: Any) -> list[str]:
    with database.transaction(tenant_id) as connection:
        return list(connection.execute(text("SELECT action FROM audit_entry")).scalars())


@pytest.fixture
def keep_model(database):
    def keep(person: Any, model: LanguageModel, **changed: Any) -> None:
        with database.transaction(person.tenant_id) as connection:
            repository.save_settings(connection, person.tenant_id, settings_for(model, **changed))

    return keep


@pytest.mark.parametrize("role", list(Role))
def test_pages_show_and_take_what_the_role_may(make_staff, role):
    member = make_staff(role)
    member.log_in()
    for path, about in PERMISSIONS.items():
        page = member.get(path)
        assert page.status_code == (200 if allows(role, f"{about}.read") else 403), path
        writes = {BRAND: BRAND, MODEL: MODEL, MAIL: f"{MAIL}/add"}[path]
        assert (f'action="{writes}"' in page.text) is allows(role, f"{about}.write"), path
        assert (member.post(writes, {}).status_code == 403) is not allows(role, f"{about}.write"), path
    assert ('href="/console/settings/model"' in member.get(BRAND).text) is allows(role, "strategy_model.read")
    assert member.post(f"{MODEL}/try").status_code == (200 if allows(role, "strategy_model.write") else 403)
    assert member.post(f"{BRAND}/sample", {}).status_code == (422 if allows(role, "brand.write") else 403)


def test_settings_of_another_agency_stay_its_own(staff, make_staff):
    staff.post(BRAND, GIVEN)
    staff.post(MODEL, CONNECTED)
    staff.post(f"{MAIL}/add", {"new": "maya@lead.example", "reason": "unsubscribed"})
    other = make_staff()
    other.log_in()
    assert "agency.example" not in other.get(BRAND).text.replace(other.email, "")
    assert "small-1" not in other.get(MODEL).text
    assert "Nobody is on the list" in shown(other.get(MAIL))
    assert "may get mail" in shown(other.post(f"{MAIL}/look-up", {"address": "maya@lead.example"}))


def test_brand_is_saved_shown_and_written_down(staff, database):
    page = staff.post(BRAND, GIVEN, files={"logo": ("logo.bin", picture(), "application/octet-stream")})
    assert page.url.endswith("?done=saved")
    assert "The next documents look like this" in shown(page)
    kept = brand_of(database, staff.tenant_id)
    assert kept["website"] == "https://www.agency.example"
    assert kept["address"] == ["14 Lantern Yard", "London"]
    assert kept["font"] == "lato"
    assert kept["logo"] == {"media_type": "image/png", "data": b64encode(picture()).decode()}
    assert 'src="data:image/png;base64,' in page.text
    assert "brand.changed" in actions(database, staff.tenant_id)


def test_logo_stays_until_it_is_taken_away(staff, database):
    staff.post(BRAND, GIVEN, files={"logo": ("logo.png", picture(), "image/png")})
    staff.post(BRAND, {**GIVEN, "color": "#112233"})
    assert "logo" in brand_of(database, staff.tenant_id)
    staff.post(BRAND, {**GIVEN, "without_logo": "yes"})
    assert "logo" not in brand_of(database, staff.tenant_id)


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"color": "red"}, "color"), ({"font": "Comic Sans"}, "font"), ({"email": "a@b@c"}, "email"),
        ({"website": "javascript:alert(1)"}, "website"), ({"website": "two words"}, "website"), ({"phone": "call me"}, "phone"),
        ({"address": "\n".join("abcde")}, "address"), ({"address": "x" * 81}, "address"), ({"address": "a\x01b"}, "address"),
    ],
)  # fmt: skip
def test_bad_field_is_told_at_the_field_and_nothing_typed_is_lost(staff, database, changed, wrong):
    before = brand_of(database, staff.tenant_id)
    page = staff.post(BRAND, {**GIVEN, **changed})
    assert page.status_code == 422
    assert re.findall(r'id="(\w+)-fault"', page.text) == [wrong]
    assert 'role="alert"' in page.text
    for name in {"email", "phone"} - {wrong}:
        assert value_of(page, name) == GIVEN[name]
    if wrong == "email":
        assert value_of(page, "email") == "a@b@c"
        assert re.search(r'id="email"[^>]*aria-describedby="email-fault"[^>]*aria-invalid="true" autofocus', page.text)
    assert brand_of(database, staff.tenant_id) == before


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"no picture", "none of the kinds"), (b"\x89PNG\r\n\x1a\nbroken", "can’t be read as a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><script>1</script></svg>", "more than plain shapes"),
        (picture(noise=LARGEST_LOGO), "larger than 100 kB"), (picture(side=300_000), "more than 4 million pixels"),
    ],
)  # fmt: skip
def test_logo_that_can_not_be_used_is_told_with_what_to_do(staff, database, body, said):
    page = staff.post(BRAND, GIVEN, files={"logo": ("logo.png", body, "image/png")})
    assert page.status_code == 422
    assert said in shown(page)
    assert "logo" not in brand_of(database, staff.tenant_id)


def test_file_that_no_request_may_carry_is_explained_on_a_page(staff):
    page = staff.post(BRAND, GIVEN, files={"logo": ("photo.png", picture(noise=1_200_000), "image/png")})
    assert page.status_code == 413
    assert "choose a smaller file" in shown(page)


def test_new_logo_need_not_be_chosen_twice_when_another_field_is_wrong(staff, database):
    page = staff.post(BRAND, {**GIVEN, "email": "wrong"}, files={"logo": ("logo.png", picture(), "image/png")})
    carried = value_of(page, "logo_sent")
    staff.post(BRAND, {**GIVEN, "logo_sent": carried})
    assert brand_of(database, staff.tenant_id)["logo"]["data"] == b64encode(picture()).decode()


@pytest.mark.parametrize("carried", ["image/png;!!", "text/html;eA==", ";", "image/svg+xml;PHN2Zz4="])
def test_carried_logo_is_looked_at_like_any_other(staff, database, carried):
    staff.post(BRAND, {**GIVEN, "logo_sent": carried})
    assert "logo" not in brand_of(database, staff.tenant_id)


@pytest.mark.parametrize(
    ("color", "said"),
    [("#ffffee", "too light to be seen on white paper"), ("#ffd54f", "set in the darker"), ("#0b5d4b", "shades of it")],
)
def test_what_becomes_of_a_light_colour_is_said(staff, color, said):
    assert said in shown(staff.post(BRAND, {**GIVEN, "color": color}))


def pages_of(answer: Any) -> str:
    assert answer.headers["Content-Type"] == "application/pdf"
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(answer.content)).pages)


def test_sample_is_the_form_as_it_stands_and_keeps_nothing(staff, database):
    before = brand_of(database, staff.tenant_id)
    written = pages_of(staff.post(f"{BRAND}/sample", {**GIVEN, "phone": "020 7946 0311"}))
    assert "020 7946 0311" in written
    assert brand_of(database, staff.tenant_id) == before
    staff.post(BRAND, {**GIVEN, "phone": "030 123 456"})
    assert "030 123 456" in pages_of(staff.get(f"{BRAND}/sample"))
    with database.transaction(staff.tenant_id) as connection:
        assert connection.execute(text("SELECT count(*) FROM strategy")).scalar_one() == 0


def test_sample_with_a_bad_field_shows_the_form_again(staff):
    page = staff.post(f"{BRAND}/sample", {**GIVEN, "email": "wrong"})
    assert page.status_code == 422
    assert value_of(page, "email") == "wrong"


def test_model_is_configured_and_its_key_never_shown(staff, database):
    assert "No language model" not in staff.get(MODEL).text
    page = staff.post(MODEL, CONNECTED)
    assert "The next strategies use it" in shown(page)
    assert "sk-secret" not in page.text
    assert (value_of(page, "price_in"), value_of(page, "base_url")) == ("0.4", CONNECTED["base_url"])
    assert "0 of 20 spent. Requests: 0." in shown(page)
    changed = staff.post(MODEL, {**CONNECTED, "api_key": "", "model": "small-2"})
    assert value_of(changed, "model") == "small-2"
    with database.transaction(staff.tenant_id) as connection:
        assert repository.find_settings(connection, staff.tenant_id).api_key == "sk-secret"
    assert "strategy_model.changed" in actions(database, staff.tenant_id)


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"base_url": "http://127.0.0.1:6379/v1"}, "base_url"), ({"base_url": "ftp://93.184.216.34"}, "base_url"),
        ({"model": "two words"}, "model"), ({"api_key": "two words"}, "api_key"), ({"api_key": ""}, "api_key"),
        ({"sections": []}, "sections"), ({"sections": ["budget"]}, "sections"), ({"monthly_cap": "lots"}, "monthly_cap"),
        ({"price_in": "-1"}, "price_in"), ({"price_out": "NaN"}, "price_out"),
    ],
)  # fmt: skip
def test_what_the_model_can_not_be_is_told_at_the_field(staff, changed, wrong):
    page = staff.post(MODEL, {**CONNECTED, **changed})
    assert page.status_code == 422
    assert re.findall(r'id="(\w+)-fault"', page.text) == [wrong]
    assert "sk-secret" not in page.text
    if wrong != "model":
        assert value_of(page, "model") == "small-1"


def test_kept_key_is_not_sent_to_another_host(staff, database):
    staff.post(MODEL, CONNECTED)
    page = staff.post(MODEL, {**CONNECTED, "api_key": "", "base_url": "https://93.184.216.35/v1"})
    assert page.status_code == 422
    assert "Give the key of this service" in shown(page)
    with database.transaction(staff.tenant_id) as connection:
        assert repository.find_settings(connection, staff.tenant_id).base_url == CONNECTED["base_url"]


def test_model_is_removed_with_its_key(staff, database):
    staff.post(MODEL, CONNECTED)
    assert "are forgotten" in shown(staff.post(f"{MODEL}/remove"))
    with database.transaction(staff.tenant_id) as connection:
        assert repository.find_settings(connection, staff.tenant_id) is None
    assert staff.post(f"{MODEL}/remove").status_code == 200


def test_what_failed_and_until_when_it_rests_is_shown(staff, settings, redis, keep_model):
    keep_model(staff, LanguageModel("93.184.216.34"))
    url = settings.redis_url.get_secret_value()

    def fail() -> None:
        raise ModelFailed("status_401")

    for _ in range(breaker.FAILURES):
        with pytest.raises(ModelFailed):
            breaker.guarded(url, staff.tenant_id, fail)
        faults.note(url, staff.tenant_id, "status_401")
    page = shown(staff.get(MODEL))
    assert "Paused" in page
    assert "Asked again:" in page
    assert page.count("The service does not accept the key.") == breaker.FAILURES
    breaker.close(redis, staff.tenant_id)
    assert "In use" in shown(staff.get(MODEL))


def test_trial_of_an_address_that_may_not_be_called_is_told_in_words(staff, database, keep_model):
    keep_model(staff, LanguageModel("127.0.0.1:9"))
    page = staff.post(f"{MODEL}/try")
    assert "leads to a network that may not be called" in shown(page)
    assert "strategy_model.tried" in actions(database, staff.tenant_id)
    with database.transaction(staff.tenant_id) as connection:
        assert connection.execute(text("SELECT spent FROM strategy_model_spend")).scalar_one() == 0


@pytest.fixture(scope="module")
def served():
    with serving() as model:
        yield model


@pytest.fixture(scope="module")
def trusting_url(settings, served):
    """A web process that may call the stand-in."""
    app = create_app(settings.model_copy(update={"private_hosts": served.host}), "web-that-may-call-a-model")
    with web_serving(app) as url:
        yield url


@pytest.fixture
def model(served):
    served.fault, served.rewriting = "", str
    served.asked.clear()
    return served


@pytest.fixture
def trusting(staff, trusting_url):
    """The owner at that web process."""
    with requests.Session() as browser:
        person = replace(staff, url=trusting_url, browser=browser)
        assert person.log_in().status_code == 303
        yield person


def test_trial_shows_the_models_words_and_settles_their_price(trusting, database, redis, keep_model, model):
    keep_model(trusting, model)
    redis.set(f"markezy:model:{trusting.tenant_id}:pybreaker:fail_counter", breaker.FAILURES - 1)
    open_meanwhile = []

    def rewrite(sentence: str) -> str:
        with database.transaction(trusting.tenant_id) as connection:
            open_meanwhile.append(connection.execute(text(OPEN_TRANSACTIONS)).scalar_one())
        return sentence.replace("Most of your", "Your")

    model.rewriting = rewrite
    page = shown(trusting.post(f"{MODEL}/try"))
    assert "The model answers" in page
    assert "Your customers look for you" in page
    assert "would not have got into a strategy" not in page
    (asked,) = model.asked
    assert "Northlight" not in str(asked)
    assert open_meanwhile == [0]
    assert redis.get(f"markezy:model:{trusting.tenant_id}:pybreaker:fail_counter") == b"0"
    with database.transaction(trusting.tenant_id) as connection:
        spend = connection.execute(text("SELECT spent, calls FROM strategy_model_spend")).one()
    assert tuple(spend) == (settings_for(model).price_of(900, 400), 1)


def test_trial_says_when_the_words_would_have_been_thrown_away(trusting, keep_model, model):
    keep_model(trusting, model)
    model.rewriting = lambda text: f"{text} Results guaranteed, 300 % more sales."
    assert "would not have got into a strategy" in shown(trusting.post(f"{MODEL}/try"))


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("wrong_key", "does not accept the key"), ("overloaded", "takes no more requests for now"), ("broken", "a fault of its own (500)"),
        ("prose", "did not have the form"), ("refuses", "refused to answer"), ("hangs_up", "could not be reached"),
    ],
)  # fmt: skip
def test_trial_that_fails_says_why_in_words(trusting, keep_model, model, fault, said):
    keep_model(trusting, model)
    model.fault = fault
    assert said in shown(trusting.post(f"{MODEL}/try"))


def test_trial_beyond_the_cap_asks_nothing(trusting, keep_model, model):
    keep_model(trusting, model, monthly_cap=0)
    assert "cap does not allow another request" in shown(trusting.post(f"{MODEL}/try"))
    assert model.asked == []


def test_mail_list_is_asked_added_to_and_lifted_from(staff, database):
    assert "Nobody is on the list" in shown(staff.get(MAIL))
    added = staff.post(f"{MAIL}/add", {"new": "Maya@Lead.example", "reason": "bounced"})
    assert "From now on nothing is sent" in shown(added)
    found = staff.post(f"{MAIL}/look-up", {"address": "maya@lead.EXAMPLE"})
    assert "is on the list" in shown(found)
    assert "The mailbox takes nothing" in shown(found)
    assert "may get mail" in shown(staff.post(f"{MAIL}/look-up", {"address": "tom@lead.example"}))
    assert "The mailbox takes nothing 1" in shown(staff.get(MAIL))
    lifted = staff.post(f"{MAIL}/lift", {"address": "maya@lead.example"})
    assert "may get mail again" in shown(lifted)
    assert staff.post(f"{MAIL}/lift", {"address": "maya@lead.example"}).status_code == 200
    done = actions(database, staff.tenant_id)
    assert {"mail_suppression.added", "mail_suppression.read", "mail_suppression.lifted"} <= set(done)


@pytest.mark.parametrize("address", ["", "maya", "a@b@c", "maya@lead.example\0", "x" * 400 + "@lead.example"])
def test_what_is_no_address_is_told_at_the_field(staff, address):
    assert not is_address(address)
    for path, name, more in (("look-up", "address", {}), ("add", "new", {"reason": "bounced"})):
        page = staff.post(f"{MAIL}/{path}", {name: address, **more})
        if "\0" in address:  # taken out of what people paste
            assert page.status_code == 200
            continue
        assert page.status_code == 422
        assert f'id="{name}-fault"' in page.text
    assert staff.post(f"{MAIL}/add", {"new": "maya@lead.example", "reason": "x"}).status_code == 422


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_pages_speak_each_language(staff, keep_model, language):
    keep_model(staff, LanguageModel("93.184.216.34"))
    for path in PERMISSIONS:
        page = staff.get(path, headers={"Accept-Language": language})
        assert f'lang="{language}"' in page.text
        assert re.search(r"settings\.\w|section\.\w|model\.fault", shown(page)) is None
