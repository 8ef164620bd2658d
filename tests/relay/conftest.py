from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from portico.config.home import Home
from portico.intake import journal, seal
from portico.intake.post import Post
from portico.relay import waiting
from portico.relay.carrier import Carrier
from portico.relay.waiting import Cluster, Waiting
from support.backsocket import Back, standing


@dataclass
class House:
    """Two clusters' journals, the keys, and a carrier between them and a stand-in of the studio."""

    home: Home
    clusters: list[Cluster]
    carrier: Carrier
    aside: list[tuple[Waiting, str]]
    now: float = 1_000_000.0
    counter: int = 0
    sealer: seal.Sealer = field(init=False)

    def __post_init__(self):
        self.sealer = seal.Sealer(self.home.intake_public_key)

    def posted(self, form: str = "contact", *, key: str = "", copied: bool = True, **fields: str) -> Post:
        """As a replica of cluster a journals it."""
        self.counter += 1
        sent = Post(
            key=key or secrets.token_hex(16),
            form=form,
            received_at=self.now - 100 + self.counter,
            fields=fields or {"email": "ada@example.com", "message": f"number {self.counter}"},
            spam=False,
            why="",
            language="en",
            cluster="a",
        )
        data = self.sealer.seal(sent.encode())
        self.clusters[0].posts.append(sent.name, data, alone=not copied)
        if copied:
            self.clusters[1].copies.append(sent.name, data)
        return sent

    def carry(self) -> set[str]:
        return self.carrier.carry(waiting.of(self.clusters), lambda: self.now, lambda: True)

    def left(self) -> list[str]:
        return [one.key for one in waiting.of(self.clusters)]


@pytest.fixture
def house(tmp_path: Path) -> House:
    home = Home(tmp_path / "home").create()
    seal.create_keys(home.intake_key, home.intake_public_key)
    clusters = [Cluster(name, home.intake(name)) for name in ("a", "b")]
    for cluster in clusters:
        journal.create(cluster.folder)
    aside: list[tuple[Waiting, str]] = []
    carrier = Carrier(
        home.studio_socket, seal.Opener(home.intake_key), lambda one, why: aside.append((one, why))
    )
    return House(home, clusters, carrier, aside)


@pytest.fixture
def back(house: House):
    with standing(house.home.studio_socket, Back()) as standin:
        yield standin
