"""This host's resolver and routes, asked only about itself."""

import pytest

from tq_conn_citrix_waf.run.hosts import Hosts


def test_an_address_is_its_own_name() -> None:
    assert Hosts().of("127.0.0.1") == ["127.0.0.1"]


def test_towards_itself_this_host_speaks_from_itself() -> None:
    assert Hosts().towards("127.0.0.1") == ["127.0.0.1"]


@pytest.mark.parametrize("name", ["", "a" * 70 + ".x", "no\0name", "..", "x y"])
def test_what_is_no_name_has_no_address(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(host: str, *_: object, **__: object) -> list[object]:
        host.encode("idna")
        raise OSError(host)

    # The system's resolver might ask the network.
    monkeypatch.setattr("socket.getaddrinfo", refuse)
    assert Hosts().of(name) == []
    assert Hosts().towards(name) == []


def test_a_family_without_a_route_is_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = [(0, 0, 0, "", ("127.0.0.1", 0)), (0, 0, 0, "", ("2001:db8::1%lo", 0, 0))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: found)
    assert Hosts().of("both") == ["127.0.0.1", "2001:db8::1"]
    assert "127.0.0.1" in Hosts().towards("both")
