"""An agency gives its documents a look: in a browser, from the first colour to the sample and the next lead's strategy."""

import io
from pathlib import Path
from typing import Any

import pypdf
import requests
from PIL import Image
from playwright.sync_api import BrowserContext, Page, Response, expect

PHONE = "+44 20 7946 0999"


def test_agency_changes_its_brand_and_sees_a_sample_of_it(
    page: Page, demo: dict[str, Any], tenants: dict[str, dict[str, Any]], log_in: Any, tmp_path: Path
) -> None:
    brand = f"{demo['platform_url']}/api/v1/brand"
    before = log_in("brightlane").get(brand, timeout=30).json()
    owner = tenants["brightlane"]["users"][0]
    logo = tmp_path / "logo.png"
    Image.new("RGB", (240, 80), "#7a1f5c").save(logo)
    page.goto(f"{demo['platform_url']}/console/login")
    page.get_by_label("E-mail").fill(owner["email"])
    page.get_by_label("Password").fill(owner["password"])
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("link", name="Settings").click()
    expect(page.get_by_role("img", name="Your logo")).to_be_visible()

    page.get_by_label("Colour").fill("#7a1f5c")
    page.get_by_label("Lato").check()
    page.get_by_label("Phone").fill("call us")
    page.locator("input[type=file]").set_input_files(logo)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Phone")).to_be_focused()
    expect(page.get_by_label("Phone")).to_have_value("call us")
    expect(page.get_by_label("Colour")).to_have_value("#7a1f5c")

    page.get_by_label("Phone").fill(PHONE)
    assert PHONE in _sample(page.context, page)
    assert log_in("brightlane").get(brand, timeout=30).json() == before

    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="The next documents look like this")).to_be_visible()
    saved = log_in("brightlane").get(brand, timeout=30).json()
    assert (saved["color"], saved["font"], saved["phone"]) == ("#7a1f5c", "lato", PHONE)
    assert saved["logo"]["media_type"] == "image/png"
    restored = {name: value for name, value in before.items() if name != "name" and value is not None}
    answer = log_in("brightlane").put(brand, json=restored, timeout=30)
    assert answer.status_code == requests.codes.ok, answer.text


def _sample(context: BrowserContext, page: Page) -> str:
    """What stands in the sample that opens in a tab of its own."""

    def is_sample(answer: Response) -> bool:
        return answer.url.endswith("/console/settings/sample")

    bodies: list[bytes] = []

    def pass_on(route: Any) -> None:
        answer = route.fetch()
        assert answer.headers["content-type"] == "application/pdf"
        bodies.append(answer.body())
        route.fulfill(response=answer)

    context.route("**/console/settings/sample", pass_on)
    with page.expect_popup(), context.expect_event("response", is_sample) as answered:
        page.get_by_role("button", name="See a sample").click()
    assert answered.value.status == requests.codes.ok
    return "".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(bodies[0])).pages)
