"""An agency's brand: from what its tenant keeps to what its documents show, also long after they were written."""

import json
from base64 import b64encode
from datetime import date
from typing import Any

import pytest
from markezy.strategies.layers.golden import golden_leads
from markezy.strategies.model import LARGEST_LOGO, Agency
from markezy.strategies.rendering.brand import Brand
from markezy.strategies.shipped_brands import shipped_brand
from markezy.strategies.writing import case as cases
from markezy.strategies.writing.case import Case


@pytest.mark.parametrize("slug", ["brightlane", "atelier-nova"])
def test_the_agencies_of_the_demo_show_logo_and_contact(slug: str) -> None:
    kept = shipped_brand(slug)
    brand = Brand.of(Agency.of("Agency", kept))
    picture = brand.picture(190, 46)
    assert picture
    assert picture.uri.startswith("data:image/svg+xml;base64,")
    assert brand.contact == (kept["email"], kept["website"], kept["phone"], *kept["address"])


@pytest.mark.parametrize(
    "logo",
    [
        "logo.svg",
        {"media_type": "image/svg+xml"},
        {"media_type": "image/svg+xml", "data": "no base64"},
        {"media_type": "image/svg+xml", "data": b64encode(b"<svg><script/></svg>").decode()},
        {"media_type": "image/png", "data": b64encode(bytes(LARGEST_LOGO + 10)).decode()},
    ],
)
def test_a_logo_that_is_none_is_not_shown(logo: Any) -> None:
    assert Brand.of(Agency.of("Agency", {"logo": logo})).picture(190, 46) is None


def test_an_address_that_is_no_list_of_lines_is_not_shown() -> None:
    assert Agency.of("Agency", {"address": "8 passage"}).address == ()
    assert Agency.of("Agency", {"address": ["8 passage", 7, " ", "Lyon"]}).address == ("8 passage", "Lyon")


def _case(agency: Agency) -> Case:
    return Case(golden_leads("restaurant", "en")["small"], agency, "restaurant", "en", date(2026, 1, 7))


def test_a_kept_case_has_the_brand_it_was_written_with() -> None:
    case = _case(Agency.of("Agency", shipped_brand("brightlane")))
    assert cases.from_json(json.loads(json.dumps(cases.as_json(case)))) == case


def test_a_case_from_before_logos_is_read() -> None:
    kept = cases.as_json(_case(Agency.of("Agency", {"email": "a@b.example"})))
    for name in ("phone", "address", "logo", "logo_type", "font"):
        del kept["agency"][name]
    assert cases.from_json(kept).agency.email == "a@b.example"


def test_a_case_from_before_there_was_a_choice_keeps_the_one_typeface_there_was() -> None:
    kept = cases.as_json(_case(Agency.of("Agency", {"font": "lato"})))
    assert cases.from_json(kept).agency.font == "lato"
    del kept["agency"]["font"]
    assert cases.from_json(kept).agency.font == "vera"


@pytest.mark.parametrize("font", [None, "", "Lato", 7, ["lato"], "../lato"])
def test_a_typeface_there_is_none_of_is_the_default(font: Any) -> None:
    assert Agency.of("Agency", {"font": font}).font == "vera"
