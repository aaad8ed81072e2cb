import socket
from pathlib import Path

import pytest

from devstack import servers
from devstack.ports import PortError, Ports, check_free, choose_free, read_ports
from devstack.servers import free_port, quiet_ports


@pytest.fixture
def ports() -> Ports:
    return choose_free()


@pytest.mark.parametrize(
    ("owner", "variable"),
    [("platform", "MARKEZY_PORT"), ("bot", "MARKEZY_BOT_PORT"), ("actions", "MARKEZY_ACTIONS_PORT")],
)
def test_a_taken_port_is_named_with_the_variable_that_moves_it(ports: Ports, owner: str, variable: str) -> None:
    port = getattr(ports, owner)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", port))
        listener.listen()
        with pytest.raises(PortError) as refusal:
            check_free(ports)
    assert str(port) in str(refusal.value)
    assert f"set {variable} to another port" in str(refusal.value)
    check_free(ports)


def test_a_port_of_a_server_that_the_user_brings_is_not_checked(ports: Ports) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", ports.redis))
        listener.listen()
        check_free(ports, besides=frozenset({"Redis"}))


def test_the_ports_of_two_checkouts_a_thousand_apart_do_not_meet() -> None:
    here = read_ports({"MARKEZY_PORT": "8000", "MARKEZY_BOT_PORT": "5005"})
    there = read_ports({"MARKEZY_PORT": "9000", "MARKEZY_BOT_PORT": "6005"})
    assert not {port for _, port, _ in here} & {port for _, port, _ in there}
    assert (here.actions, here.sandbox, here.smtp, here.postgres, here.redis) == (5055, 8100, 8125, 8132, 8179)


@pytest.mark.parametrize("text", ["", "0", "65536", "http", "-1", "8000.5", "²"])
def test_what_is_no_port_is_refused_by_the_variables_name(text: str) -> None:
    with pytest.raises(PortError, match="MARKEZY_PORT must be a port number"):
        read_ports({"MARKEZY_PORT": text, "MARKEZY_BOT_PORT": "5005"})


def test_two_processes_on_one_port_are_refused() -> None:
    with pytest.raises(PortError, match="Port 8100 would serve both"):
        read_ports({"MARKEZY_PORT": "8000", "MARKEZY_BOT_PORT": "8100"})


def test_a_derived_port_that_does_not_exist_is_refused() -> None:
    with pytest.raises(PortError, match="choose a lower MARKEZY_PORT"):
        read_ports({"MARKEZY_PORT": "65500", "MARKEZY_BOT_PORT": "5005"})


@pytest.mark.skipif(not servers._HANDED_OUT.exists(), reason="another system keeps its range elsewhere")
def test_a_chosen_port_is_none_that_an_outgoing_connection_may_take_meanwhile() -> None:
    first, last = map(int, servers._HANDED_OUT.read_text().split())
    chosen = [free_port() for _ in range(50)] + [port for _, port, _ in choose_free()]
    assert [port for port in chosen if first <= port <= last] == []


def test_a_free_port_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    taken, free = free_port(), free_port()
    monkeypatch.setattr(servers, "quiet_ports", lambda: [taken] * 20 + [free])
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", taken))
        listener.listen()
        assert free_port() == free


@pytest.mark.parametrize(
    ("content", "quiet"), [("20000 65535", range(10_000, 20_000)), ("1024 65535", range(10_000, 65_536))]
)
def test_quiet_ports_are_those_outside_of_the_systems_range_if_any(tmp_path: Path, content: str, quiet: range) -> None:
    (tmp_path / "range").write_text(f"{content}\n")
    assert quiet_ports(tmp_path / "range") == [*quiet]


def test_a_system_without_that_file_has_the_usual_range(tmp_path: Path) -> None:
    assert quiet_ports(tmp_path / "none") == [*range(10_000, 49_152)]
