import pytest

from fairuse.addresses import TrustedProxies, hashed

SECRET = "s" * 32


def test_without_proxies_nobody_speaks_for_another() -> None:
    assert TrustedProxies("").client("203.0.113.9", ["198.51.100.1"]) == "203.0.113.9"


def test_a_trusted_proxy_tells_whom_it_heard_from() -> None:
    assert TrustedProxies("10.0.0.0/8").client("10.1.2.3", ["198.51.100.1"]) == "198.51.100.1"


def test_what_the_client_wrote_before_the_proxy_is_not_believed() -> None:
    forwarded = ["6.6.6.6, 198.51.100.1", "10.0.0.9"]
    assert TrustedProxies("10.0.0.0/8").client("10.1.2.3", forwarded) == "198.51.100.1"


def test_a_word_that_is_no_address_ends_the_reading() -> None:
    assert TrustedProxies("10.0.0.0/8").client("10.1.2.3", ["unknown"]) == "10.1.2.3"


def test_a_wrong_setting_is_named() -> None:
    with pytest.raises(ValueError, match="MARKEZY_TRUSTED_PROXIES"):
        TrustedProxies("the office")


def test_a_digest_shows_nothing_and_depends_on_the_secret() -> None:
    digest = hashed("203.0.113.9", SECRET)
    assert len(digest) == 32
    assert digest == hashed("203.0.113.9", SECRET)
    assert digest != hashed("203.0.113.9", "t" * 32)
    assert digest != hashed("203.0.113.10", SECRET)


def test_a_household_is_one_network_whatever_addresses_it_takes() -> None:
    assert hashed("2001:db8:1:2::1", SECRET) == hashed("2001:db8:1:2:ffff::9", SECRET)
    assert hashed("2001:db8:1:2::1", SECRET) != hashed("2001:db8:1:3::1", SECRET)


def test_an_address_is_the_same_in_both_spellings() -> None:
    assert hashed("::ffff:203.0.113.9", SECRET) == hashed("203.0.113.9", SECRET)
