"""What the agency's documents look like, over HTTP."""

from base64 import b64encode
from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
import requests
from markezy.kernel.settings import Settings
from markezy.strategies.model import LARGEST_LOGO
from markezy.strategies.typefaces import typefaces
from PIL import Image

from tests.markezy.leads.conversations import staff_token
from tests.markezy.strategies.conftest import Desk

Call = Callable[..., requests.Response]


def _picture(width: int = 40) -> dict[str, str]:
    out = BytesIO()
    Image.new("RGB", (width, 20), "#a33d22").save(out, "PNG")
    return {"media_type": "image/png", "data": b64encode(out.getvalue()).decode()}


BRAND = {
    "color": "#0b5d4b", "email": "hello@agency.example", "website": "https://agency.example", "phone": "+44 20 7946 0311",
    "address": ["14 Lantern Yard", "London"], "logo": _picture(), "font": "source-serif",
}  # fmt: skip

SCRIPTED = b64encode(b"<svg onload='x()'><script>1</script></svg>").decode()


@pytest.fixture
def call(web_url: str, settings: Settings, tenant_id: UUID) -> Call:
    def send(method: str, body: Any = None, tenant: UUID | None = None, role: str = "admin") -> requests.Response:
        headers = {"Authorization": f"Bearer {staff_token(settings, tenant or tenant_id, role)}"}
        return requests.request(method, f"{web_url}/api/v1/brand", json=body, headers=headers, timeout=20)

    return send


def test_the_brand_is_replaced_as_a_whole(call: Call, make_tenant: Any) -> None:
    assert {name: call("PUT", BRAND).json()[name] for name in BRAND} == BRAND
    assert call("GET").json()["logo"] == BRAND["logo"]
    shown = call("PUT", {"color": "#112233"}).json()
    assert (shown["color"], shown["email"], shown["address"], shown["logo"]) == ("#112233", None, [], None)
    assert shown["font"] == "vera"
    assert call("GET", tenant=make_tenant()).json()["color"] != "#112233"


@pytest.mark.parametrize(
    "changed",
    [
        {"color": "red"}, {"color": "#12345"}, {"email": "a@b@c"}, {"website": "javascript:alert(1)"}, {"website": "https://a b"},
        {"website": "https://a\0b"},
        {"phone": "call me"}, {"address": ["x"] * 9}, {"address": ["a\nb"]}, {"more": 1},
        {"font": "Comic Sans"}, {"font": ""}, {"font": None},
        {"logo": {"media_type": "text/html", "data": "eA=="}},
        {"logo": {"media_type": "image/png", "data": "!!"}}, {"logo": {"media_type": "image/png", "data": "bm8gcGljdHVyZQ=="}},
        {"logo": {"media_type": "image/svg+xml", "data": SCRIPTED}},
        {"logo": {"media_type": "image/png", "data": "A" * (LARGEST_LOGO * 2)}},
    ],
)  # fmt: skip
def test_what_can_not_be_shown_is_refused_and_changes_nothing(call: Call, changed: dict[str, Any]) -> None:
    call("PUT", BRAND)
    before = call("GET").json()
    assert call("PUT", {**BRAND, **changed}).status_code in {400, 422}
    assert call("GET").json() == before


def test_a_typeface_there_is_none_of_is_refused_with_those_there_are(call: Call) -> None:
    refused = call("PUT", {**BRAND, "font": "helvetica"})
    assert refused.status_code == 422
    for one in typefaces():
        assert one.key in refused.text


@pytest.mark.parametrize("role", ["agent", "analyst", "read_only"])
def test_everybody_sees_it_and_managers_change_it(call: Call, role: str) -> None:
    assert call("GET", role=role).status_code == 200
    assert call("PUT", BRAND, role=role).status_code == 403


def test_the_next_strategy_has_the_new_logo_and_the_last_one_keeps_its_own(desk: Desk, call: Call) -> None:
    strategy_id = desk.written()
    before = desk.rows("SELECT content_hash FROM strategy")
    assert call("PUT", BRAND, tenant=desk.tenant_id).status_code == 200
    assert desk.rows("SELECT content_hash FROM strategy") == before
    desk.run("strategies.check", strategy_id=str(strategy_id))
    assert desk.strategy.status == "checked"
