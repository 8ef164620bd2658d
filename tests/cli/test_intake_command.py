from __future__ import annotations

import json
import secrets

import pytest

from portico.config.home import Home
from portico.intake import journal, seal
from portico.intake.post import Post
from portico.ledger.ledger import Ledger
from portico.relay import waiting
from portico.relay.waiting import Cluster
from support.backsocket import Back, standing
from support.commands import Run


@pytest.fixture
def clusters(home: Home, ledger: Ledger) -> list[Cluster]:
    seal.create_keys(home.intake_key, home.intake_public_key)
    made = [Cluster(name, home.intake(name)) for name in ("a", "b")]
    for cluster in made:
        journal.create(cluster.folder)
    return made


@pytest.fixture
def posted(home: Home, clusters: list[Cluster]):
    def post(address: str, *, aside: bool = False) -> Post:
        fields = {"email": address, "message": "a secret"}
        sent = Post(secrets.token_hex(16), "contact", 1_790_000_000.0, fields, False, "", "en", "a")
        clusters[0].posts.append(sent.name, seal.Sealer(home.intake_public_key).seal(sent.encode()))
        if aside:
            clusters[0].posts.quarantine(sent.name)
        return sent

    return post


@pytest.fixture
def studio(home: Home):
    def answer(body):
        if body.get("address") is None:
            return None
        return 200, {"entries": [{"key": "in the studio"}], "erased": 1}

    with standing(home.studio_socket, Back(says=answer)) as back:
        yield back


def test_what_waits_is_listed_without_a_word_of_the_visitors(run: Run, posted):
    sent = posted("ada@example.com")
    ran = run("intake", "list")
    assert ran.code == 0
    assert sent.key[:8] in ran.out
    assert "ada" not in ran.out
    assert "secret" not in ran.out


def test_what_was_put_aside_is_tried_again(run: Run, clusters, posted):
    sent = posted("ada@example.com", aside=True)
    assert json.loads(run("intake", "quarantine", "--json").out)[0]["key"] == sent.key
    assert "would try 1 post" in run("intake", "release", "all", "--dry-run").out
    assert run("intake", "release", sent.key[:6]).code == 0
    assert [one.key for one in waiting.of(clusters)] == [sent.key]
    assert waiting.aside(clusters) == []


def test_a_key_that_is_not_there_is_refused(run: Run, clusters):
    ran = run("intake", "release", "abc")
    assert ran.code == 2
    assert "fits 0" in ran.err


def test_a_person_is_given_what_lies_anywhere(run: Run, posted, studio):
    posted("ada@example.com")
    posted("Ada@Example.com", aside=True)
    posted("bob@example.com")
    found = json.loads(run("intake", "export", "ada@example.com").out)
    assert [one.get("where") for one in found] == ["journal", "quarantine", None]


def test_what_a_person_sent_is_erased_everywhere(run: Run, clusters, posted, studio, ledger):
    posted("ada@example.com")
    posted("ada@example.com", aside=True)
    other = posted("bob@example.com")
    assert "would erase 3 posts" in run("intake", "erase", "ada@example.com", "--dry-run").out
    erased = json.loads(run("intake", "erase", "ada@example.com", "--json").out)
    assert erased == {"journals": 2, "studio": 1, "subscribers": 0}
    assert [one.key for one in waiting.of(clusters)] == [other.key]
    assert waiting.aside(clusters) == []
    [event] = ledger.events(kind="intake.erased")
    assert "ada" not in str(event)


def test_an_erasure_that_the_studio_did_not_hear_of_is_not_called_done(run: Run, clusters):
    ran = run("intake", "erase", "ada@example.com")
    assert ran.code == 5
    assert "isn't done" in ran.err
