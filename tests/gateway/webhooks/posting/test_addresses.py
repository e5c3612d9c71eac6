"""Posts go where anybody could go, and nowhere else."""

from ipaddress import ip_address, ip_network

import pytest

from gateway.webhooks.posting.addresses import LOOPBACK, is_open_to, networks_allowed
from services.kit.settings import kit_settings

PRIVATE = [
    "127.0.0.1",
    "127.8.9.1",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "192.0.2.7",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fc00::1",
    "fd12:3456::1",
    "ff02::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::a00:1",
    "2001:0:4136:e378:8000:63bf:80ff:fffe",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_is_closed_however_it_is_written(address: str) -> None:
    assert not is_open_to(ip_address(address), ())


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "190.80.1.1", "2606:4700::1111", "64:ff9b::101:101", "::ffff:1.1.1.1"]
)
def test_a_public_address_is_open(address: str) -> None:
    assert is_open_to(ip_address(address), ())


def test_only_the_private_network_that_is_named_is_open() -> None:
    allowed = (ip_network("10.1.0.0/16"), ip_network("fd00:1::/32"))
    assert is_open_to(ip_address("10.1.2.3"), allowed)
    assert is_open_to(ip_address("::ffff:10.1.2.3"), allowed)
    assert is_open_to(ip_address("fd00:1::7"), allowed)
    for other in ("10.2.0.1", "127.0.0.1", "fd00:2::7"):
        assert not is_open_to(ip_address(other), allowed)


@pytest.mark.parametrize(("sandbox", "opened"), [("1", LOOPBACK), ("0", ())])
def test_the_loopback_is_open_in_a_sandbox_alone(
    monkeypatch: pytest.MonkeyPatch, sandbox: str, opened: tuple[object, ...]
) -> None:
    monkeypatch.setenv("AMPARO_NATS_URL", "nats://nobody@127.0.0.1:1")
    monkeypatch.setenv("AMPARO_SECRET_KEY", "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=")
    monkeypatch.setenv("AMPARO_SANDBOX", sandbox)
    kit_settings.cache_clear()
    named = (ip_network("10.1.0.0/16"),)
    assert networks_allowed(named) == (*named, *opened)
    kit_settings.cache_clear()
