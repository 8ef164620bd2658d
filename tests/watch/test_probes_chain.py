from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

import pytest

from portico.watch.answer import What
from portico.watch.probes import chain, trust
from portico.watch.probes.looks import Outcome
from portico.watch.probes.visit import Way
from support import chains, tinyhttp

AUTHORITY = chains.authority()
LEAF = chains.sign("localhost", AUTHORITY.between, days=30.5)


def look(folder: Path, tls: ssl.SSLContext, file: Path | None = None) -> Outcome:
    """What a visitor who trusts the root makes of that server."""

    async def page(asked: tinyhttp.Asked, writer: asyncio.StreamWriter) -> None:
        tinyhttp.say(writer, b"")

    with tinyhttp.serving(page, tls=tls) as address:
        way = Way(address, at=("127.0.0.1", Way(address).port))
        roots = trust.context(AUTHORITY.trusted(folder))
        shown = chain.ask(way, roots, 60)
        return chain.judge(shown, way.host, chains.NOW, file)


def test_a_whole_chain_is_trusted_and_its_days_are_told(tmp_path: Path):
    seen = look(tmp_path, chains.server(tmp_path, LEAF, AUTHORITY.between))
    assert seen.ok
    assert "ends in 30 days" in seen.sentence
    assert 30 * 86400 < seen.phases["left"] < 31 * 86400


def test_a_chain_that_lacks_one_in_between_names_the_missing_issuer(tmp_path: Path):
    seen = look(tmp_path, chains.server(tmp_path, LEAF))
    assert seen.what is What.CERTIFICATE
    assert "not complete" in seen.sentence
    assert "CN=Between" in seen.sentence


@pytest.mark.parametrize(
    ("leaf", "why"),
    [
        (chains.sign("localhost"), "not trusted"),
        (chains.sign("localhost", chains.sign("Stranger", ca=True)), "not complete"),
        (chains.sign("localhost", AUTHORITY.root, days=-1), "is valid from"),
        (chains.sign("elsewhere", AUTHORITY.root), "is for 'elsewhere', not for localhost"),
    ],
    ids=["self-signed", "stranger", "expired", "name"],
)
def test_what_a_visitor_would_not_trust_is_told_with_the_reason(
    tmp_path: Path, leaf: chains.Signed, why: str
):
    seen = look(tmp_path, chains.server(tmp_path, leaf))
    assert seen.what is What.CERTIFICATE
    assert why in seen.sentence


def test_a_certificate_that_is_not_the_one_in_the_file_is_told(tmp_path: Path):
    file = tmp_path / "site.pem"
    file.write_bytes(LEAF.pem + LEAF.private_pem)
    shown = chains.sign("localhost", AUTHORITY.root)
    assert look(tmp_path, chains.server(tmp_path, LEAF, AUTHORITY.between), file).ok
    seen = look(tmp_path, chains.server(tmp_path, shown), file)
    assert seen.what is What.STALE
    assert f"{shown.certificate.serial_number:x}" in seen.sentence


def test_a_file_that_can_not_be_read_says_nothing_about_the_certificate(tmp_path: Path):
    assert look(tmp_path, chains.server(tmp_path, LEAF, AUTHORITY.between), tmp_path / "none.pem").ok


def test_nobody_there_is_no_answer_about_the_certificate(tmp_path: Path):
    with pytest.raises(OSError, match="refused"):
        chain.ask(Way("https://localhost/", at=("127.0.0.1", 1)), trust.context(), 5)
