import pytest
from markezy.kernel.errors import Invalid
from markezy.kernel.outgoing import check_url


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost:8000/",
        "http://10.1.2.3/",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://0.0.0.0/",
        "http://2130706433/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://user:word@93.184.216.34/",
        "ftp://93.184.216.34/",
        "file:///etc/passwd",
        "http:///path",
        "http://127.0.0.1:99999/",
        "no url at all",
    ],
)
def test_private_and_malformed_addresses_are_refused(url: str) -> None:
    with pytest.raises(Invalid):
        check_url(url)


def test_a_public_address_passes() -> None:
    check_url("https://93.184.216.34/path")


def test_only_the_allowed_port_of_a_private_host_passes() -> None:
    check_url("http://127.0.0.1:8100/hubspot", {"127.0.0.1:8100"})
    with pytest.raises(Invalid):
        check_url("http://127.0.0.1:8101/hubspot", {"127.0.0.1:8100"})
