import pytest

from tests.transport.conftest import MakePapers, Papers
from transport.rules import InsecureTransport, transport_of

PRODUCTION = {"MARKEZY_ENVIRONMENT": "production"}
BEHIND = {"MARKEZY_BEHIND_PROXY": "1", "MARKEZY_TRUSTED_PROXIES": "10.0.0.0/8"}
CHECKED = "?ssl_cert_reqs=required&ssl_check_hostname=true"


def test_the_demo_needs_nothing() -> None:
    found = transport_of({})
    found.require_https()
    assert (found.scheme, found.server_context()) == ("http", None)


def test_a_certificate_makes_https(papers: Papers) -> None:
    found = transport_of({"MARKEZY_TLS_CERT": str(papers.certificate), "MARKEZY_TLS_KEY": str(papers.key)})
    assert found.scheme == "https"
    assert found.server_context() is not None


def test_a_certificate_without_its_key_is_refused(papers: Papers) -> None:
    with pytest.raises(InsecureTransport, match="MARKEZY_TLS_KEY is missing"):
        transport_of({"MARKEZY_TLS_CERT": str(papers.certificate)})


def test_a_key_of_another_certificate_is_refused(papers: Papers, make_papers: MakePapers) -> None:
    found = transport_of({"MARKEZY_TLS_CERT": str(papers.certificate), "MARKEZY_TLS_KEY": str(make_papers().key)})
    with pytest.raises(InsecureTransport, match="MARKEZY_TLS_CERT and MARKEZY_TLS_KEY"):
        found.server_context()


def test_production_does_not_serve_plain_http() -> None:
    with pytest.raises(InsecureTransport, match="MARKEZY_TLS_CERT and MARKEZY_TLS_KEY, or MARKEZY_BEHIND_PROXY=1"):
        transport_of(PRODUCTION).require_https()


def test_production_may_stand_behind_a_proxy() -> None:
    transport_of({**PRODUCTION, **BEHIND}).require_https()


def test_a_proxy_that_is_not_named_is_not_believed() -> None:
    with pytest.raises(InsecureTransport, match="MARKEZY_TRUSTED_PROXIES"):
        transport_of({"MARKEZY_BEHIND_PROXY": "1"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgresql://u:p@db.example.com/markezy"),
        ("DATABASE_URL", "postgresql://u:p@db.example.com/markezy?sslmode=require"),
        ("MARKEZY_RELAY_DATABASE_URL", "postgresql://u:p@db.example.com/markezy?sslmode=prefer"),
        ("REDIS_URL", "redis://:p@cache.example.com:6379/0"),
        ("REDIS_URL", "rediss://:p@cache.example.com:6379/0"),
        ("REDIS_URL", "rediss://:p@cache.example.com:6379/0?ssl_cert_reqs=none&ssl_check_hostname=true"),
        ("MARKEZY_PLATFORM_URL", "http://app.example.com"),
        ("MARKEZY_SMTP_URL", "smtp://u:p@mail.example.com:587"),
        ("MARKEZY_SMTP_URL", "smtp://u:p@mail.example.com:587?starttls=yes"),
        ("MARKEZY_KMS_URL", "vault+http://vault.example.com:8200/transit/markezy"),
        ("MARKEZY_ENVIRONMENT", "staging"),
        ("MARKEZY_BEHIND_PROXY", "yes"),
    ],
)
def test_what_is_not_safe_in_production_is_named_without_its_password(name: str, value: str) -> None:
    with pytest.raises(InsecureTransport, match=name) as refused:
        transport_of({**PRODUCTION, name: value})
    assert ":p@" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgresql://u:p@db.example.com/markezy?sslmode=verify-full"),
        ("DATABASE_URL", "postgresql://u:p@127.0.0.1:5433/markezy"),
        ("DATABASE_URL", "postgresql:///markezy"),
        ("REDIS_URL", f"rediss://:p@cache.example.com:6379/0{CHECKED}"),
        ("REDIS_URL", "redis://:p@[::1]:6379/0"),
        ("MARKEZY_SMTP_URL", "smtps://u:p@mail.example.com"),
        ("MARKEZY_SMTP_URL", "smtp://u:p@mail.example.com:587?starttls=required"),
        ("MARKEZY_SMTP_URL", "smtp://127.0.0.1:8125"),
        ("MARKEZY_KMS_URL", "vault+https://vault.example.com:8200/transit/markezy"),
        ("MARKEZY_KMS_URL", "vault+http://127.0.0.1:8200/transit/markezy"),
        ("MARKEZY_ACTIONS_URL", "http://127.0.0.1:5055"),
        ("MARKEZY_PLATFORM_URL", "https://app.example.com"),
    ],
)
def test_what_is_safe_in_production_is_taken(name: str, value: str) -> None:
    assert transport_of({**PRODUCTION, name: value}).production


def test_the_demo_may_use_a_plain_database_elsewhere() -> None:
    transport_of({"DATABASE_URL": "postgresql://u:p@db.example.com/markezy", "REDIS_URL": "redis://cache.example.com"})
