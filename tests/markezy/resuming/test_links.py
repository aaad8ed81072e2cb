"""Where a link leads, and what it carries."""

from uuid import UUID

import jwt
import pytest
from markezy.kernel.ids import new_id
from markezy.kernel.settings import Settings
from markezy.resuming.links import resume_url

TENANT, CONVERSATION = new_id(), new_id()
SITE = "https://shop.example/start"


@pytest.mark.parametrize(
    ("page", "leads_to"),
    [
        ("https://shop.example/offers?a=1#top", "https://shop.example/offers?a=1"),
        ("https://www.shop.example/", "https://www.shop.example/"),
        ("http://shop.example:8080/x", "http://shop.example:8080/x"),
        ("https://evil.example/", SITE),
        ("https://notshop.example/", SITE),
        ("https://shop.example.evil.example/", SITE),
        ("https://shop.example@evil.example/", SITE),
        ("javascript:alert(1)", SITE),
        ("", SITE),
        (None, SITE),
        ("http://127.0.0.1:9100/sites/brightlane", "http://127.0.0.1:9100/sites/brightlane"),
        ("http://127.0.0.1:9101/", SITE),
        ("http://[shop.example/", SITE),
        ("https://shop.example:shop/", SITE),
        ("https://zoe:secret@shop.example/", SITE),
        ("https://evil.example\\@shop.example/", SITE),
        ({"page": 1}, SITE),
    ],
)
def test_a_link_leads_to_the_agencys_pages_only(settings: Settings, page: object, leads_to: str) -> None:
    allowed = settings.model_copy(update={"private_hosts": "127.0.0.1:9100"})
    url = resume_url(allowed, SITE, page, TENANT, CONVERSATION)
    assert url is not None
    assert url.partition("#")[0] == leads_to


def test_a_website_with_www_owns_the_pages_without(settings: Settings) -> None:
    url = resume_url(settings, "https://www.shop.example", "https://shop.example/offers", TENANT, CONVERSATION)
    assert url is not None
    assert url.startswith("https://shop.example/offers#markezy-resume=")


def test_the_token_says_whose_conversation_it_is(settings: Settings) -> None:
    url = resume_url(settings, SITE, None, TENANT, CONVERSATION)
    assert url is not None
    name, _, token = url.partition("#")[2].partition("=")
    assert name == "markezy-resume"
    claims = jwt.decode(token, settings.service_secret.get_secret_value(), ["HS256"], audience="resume")
    assert (UUID(claims["tid"]), UUID(claims["cid"])) == (TENANT, CONVERSATION)
    assert claims["exp"] - claims["iat"] == 14 * 24 * 3600


@pytest.mark.parametrize("website", [None, "", "shop", "ftp://shop.example", "https://[", 7])
def test_without_a_website_there_is_no_link(settings: Settings, website: object) -> None:
    assert resume_url(settings, website, "https://other.example/", TENANT, CONVERSATION) is None
