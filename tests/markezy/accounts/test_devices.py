"""What is kept of where a session is used from."""

import pytest
from markezy.accounts.api import device_of

MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
CHROMIUM = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1234:5678::9", "2001:db8:1234::/48"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("nonsense", ""),
    ],
)
def test_only_the_network_of_an_address_is_kept(address, network):
    assert device_of(address, "Firefox").network == network


@pytest.mark.parametrize(
    ("user_agent", "program"),
    [
        (f"{WINDOWS} {CHROMIUM}", "Chrome, Windows"),
        (f"{WINDOWS} {CHROMIUM} Edg/131.0.0.0", "Edge, Windows"),
        (f"{WINDOWS[:-1]}; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox, Windows"),
        (f"{MAC} Version/18.0 Safari/605.1.15", "Safari, macOS"),
        (f"Mozilla/5.0 (Linux; Android 15) {CHROMIUM}", "Chrome, Android"),
        ("curl/8.10.1", "curl/8.10.1"),
        ("", ""),
        ("x" * 5000, "x" * 80),
        ("odd\r\nprogram\0", "odd program"),
    ],
)
def test_program_is_named_as_people_call_it(user_agent, program):
    assert device_of("127.0.0.1", user_agent).program == program
