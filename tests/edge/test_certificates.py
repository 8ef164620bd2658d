"""The local CA and its leaves, and a company's own file."""

from __future__ import annotations

import ssl
import stat
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from portico.config.home import Home
from portico.edge import authority, certificate, tls, trust
from portico.kit.errors import ConfigError

NOW = datetime(2030, 1, 1, tzinfo=UTC)
HOSTS = ("localhost", "127.0.0.1", "::1", "www.example.org")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path).create()


def leaf(home: Home) -> x509.Certificate:
    return x509.load_pem_x509_certificates(tls.site_pem(home).read_bytes())[0]


def test_a_first_certificate_is_for_every_host_and_short_enough_for_browsers(home: Home):
    assert tls.provide(home, HOSTS, None, NOW)
    assert sorted(certificate.names(leaf(home))) == sorted(HOSTS)
    assert leaf(home).not_valid_after_utc - leaf(home).not_valid_before_utc <= timedelta(days=397)
    assert leaf(home).not_valid_before_utc < NOW


def test_keys_are_for_their_owner_alone(home: Home):
    tls.provide(home, HOSTS, None, NOW)
    for secret in tls.site_pem(home), home.ca / authority.CA_KEY:
        assert stat.S_IMODE(secret.stat().st_mode) == 0o600


def test_a_certificate_that_serves_is_left_alone(home: Home):
    tls.provide(home, HOSTS, None, NOW)
    before = tls.site_pem(home).read_bytes()
    assert not tls.provide(home, HOSTS, None, NOW + timedelta(days=360))
    assert tls.site_pem(home).read_bytes() == before


def test_a_certificate_is_renewed_30_days_before_its_end_by_the_same_ca(home: Home):
    tls.provide(home, HOSTS, None, NOW)
    ca = tls.ca_pem(home).read_bytes()
    later = NOW + timedelta(days=367)
    assert tls.provide(home, HOSTS, None, later)
    assert leaf(home).not_valid_after_utc > later + timedelta(days=300)
    assert tls.ca_pem(home).read_bytes() == ca


def test_another_host_gets_a_ca_that_may_sign_for_it(home: Home):
    tls.provide(home, ("localhost",), None, NOW)
    assert tls.provide(home, ("localhost", "other.example.org"), None, NOW)
    assert certificate.covers(leaf(home), "other.example.org")
    constraints = x509.load_pem_x509_certificate(tls.ca_pem(home).read_bytes()).extensions
    permitted = constraints.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees
    assert x509.DNSName("other.example.org") in (permitted or [])


def test_fewer_hosts_keep_the_ca_that_people_trust(home: Home):
    tls.provide(home, HOSTS, None, NOW)
    ca = tls.ca_pem(home).read_bytes()
    tls.provide(home, HOSTS[:2], None, NOW)
    assert tls.ca_pem(home).read_bytes() == ca


@pytest.mark.parametrize("damage", ["", "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n"])
def test_a_damaged_certificate_is_made_anew(home: Home, damage: str):
    tls.provide(home, HOSTS, None, NOW)
    tls.site_pem(home).write_text(damage)
    assert tls.provide(home, HOSTS, None, NOW)
    assert leaf(home)


def test_what_is_written_is_what_openssl_takes(home: Home):
    tls.provide(home, HOSTS, None, datetime.now(UTC))
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(tls.site_pem(home))
    ssl.create_default_context(cafile=tls.ca_pem(home))


@dataclass
class Own:
    """A company's file, made by another stack's CA."""

    file: Path
    pem: str
    certificates: str
    key: str


@pytest.fixture
def own(tmp_path_factory: pytest.TempPathFactory) -> Own:
    return company(tmp_path_factory.mktemp("company"), ("www.example.org", "*.shop.example.org"))


def company(folder: Path, hosts: tuple[str, ...]) -> Own:
    other = Home(folder).create()
    tls.provide(other, hosts, None, NOW)
    file = tls.site_pem(other)
    pem = file.read_text()
    cut = pem.index("-----BEGIN PRIVATE KEY")
    return Own(file, pem, pem[:cut], pem[cut:])


def test_an_own_certificate_is_checked_and_copied_for_the_edge_alone(home: Home, own: Own):
    assert tls.provide(home, ("www.example.org", "A.shop.example.org"), own.file, NOW)
    assert tls.site_pem(home).read_text() == own.pem
    assert stat.S_IMODE(tls.site_pem(home).stat().st_mode) == 0o600
    assert not tls.provide(home, ("www.example.org",), own.file, NOW)


def swapped(own: Own) -> str:
    first, last = own.certificates.split("-----END CERTIFICATE-----\n")[:2]
    end = "-----END CERTIFICATE-----\n"
    return last + end + first + end + own.key


WRONG: list[tuple[str, Callable[[Own], str]]] = [
    ("expected a PEM file with certificate", lambda own: own.key),
    ("expected a PEM file with certificate", lambda _: "hello"),
    ("expected a private key without a passphrase", lambda own: own.certificates),
    ("expected the key of the first certificate", swapped),
]


@pytest.mark.parametrize(("expectation", "make"), WRONG)
def test_a_wrong_file_is_refused_with_its_name_and_the_expectation(
    home: Home, own: Own, expectation: str, make: Callable[[Own], str]
):
    own.file.write_text(make(own))
    with pytest.raises(ConfigError, match=expectation) as told:
        tls.provide(home, ("www.example.org",), own.file, NOW)
    assert str(own.file) in str(told.value)
    assert not tls.site_pem(home).exists()


def test_a_chain_of_somebody_else_is_refused(home: Home, own: Own, tmp_path: Path):
    stranger = company(tmp_path / "stranger", ("www.example.org",))
    end = "-----END CERTIFICATE-----\n"
    own.file.write_text(
        own.certificates.split(end)[0] + end + stranger.certificates.split(end)[1] + end + own.key
    )
    with pytest.raises(ConfigError, match="expected a chain"):
        tls.provide(home, ("www.example.org",), own.file, NOW)


@pytest.mark.parametrize("when", [NOW + timedelta(days=400), NOW - timedelta(days=1)])
def test_a_certificate_that_is_not_valid_now_is_refused(home: Home, own: Own, when: datetime):
    with pytest.raises(ConfigError, match="valid now"):
        tls.provide(home, ("www.example.org",), own.file, when)


def test_a_certificate_for_other_hosts_is_refused_and_says_for_which(home: Home, own: Own):
    with pytest.raises(
        ConfigError, match=r"expected a certificate for a\.b\.shop\.example\.org, .*www\.example"
    ) as told:
        tls.provide(home, ("a.b.shop.example.org", "www.example.org"), own.file, NOW)
    assert "edge/hosts" in str(told.value)


def test_a_file_that_is_not_there_is_told(home: Home, tmp_path: Path):
    with pytest.raises(ConfigError, match=r"gone\.pem: the certificate can't be read"):
        tls.provide(home, HOSTS, tmp_path / "gone.pem", NOW)


def test_the_end_of_a_certificate_is_known(home: Home):
    tls.provide(home, HOSTS, None, NOW)
    assert NOW + timedelta(days=390) < certificate.ends(tls.site_pem(home)) < NOW + timedelta(days=397)


@pytest.mark.parametrize(
    ("platform", "command"),
    [
        ("debian", "update-ca-certificates"),
        ("fedora", "update-ca-trust"),
        ("macos", "security add-trusted-cert"),
        ("windows", "Import-Certificate"),
    ],
)
def test_a_person_is_told_how_to_trust_the_ca_and_how_to_undo_it(platform: str, command: str):
    told = trust.instructions(Path("/home/o'neill/ca.pem"), platform)
    assert command in told
    assert "certutil" in told
    assert "undo" in told
    assert """'/home/o'"'"'neill/ca.pem'""" in told


def test_an_unknown_platform_is_told_everything():
    told = trust.instructions(Path("ca.pem"), "plan9")
    assert all(word in told for word in ("Debian", "Fedora", "macOS", "Windows", "Firefox"))
