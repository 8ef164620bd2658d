from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from portico.model import Entry, RedirectRule
from portico.store import manifest
from portico.watch.probes import rota
from portico.watch.probes.rota import NOWHERE, Rota


@dataclass
class Site:
    """A snapshot of these paths, sharded as the store does it."""

    root: manifest.Root
    shards: Mapping[str, Mapping[str, Entry]]

    def looks(self, target: Rota, times: int) -> list[str]:
        return [path for _ in range(times) for path in target.pages(self.root, self.shards.__getitem__)]


def site(paths: set[str], *rules: RedirectRule) -> Site:
    bits = manifest.bits_for(len(paths))
    shards: dict[str, dict[str, Entry]] = {str(number): {} for number in range(1 << bits)}
    for path in paths:
        shards[str(manifest.shard_index(path, bits))][path] = Entry(200, (), "0" * 64, 1)
    return Site(manifest.Root(tuple(shards), len(paths), 0, redirects=rules), shards)


@given(st.integers(1, 300), st.integers(1, 7))
def test_in_time_all_pages_are_looked_at_each_as_often_as_the_others(count: int, lot: int):
    paths = {f"/page{number}" for number in range(count)}
    looked = [path for path in site(paths).looks(Rota((), lot), 2 * count + 2) if path in paths]
    assert set(looked) == paths


def test_a_publish_in_between_does_not_begin_the_round_anew():
    paths = {f"/page{number}" for number in range(200)}
    target = Rota((), 1)
    first = set(site(paths).looks(target, 100))
    second = set(site(paths | {"/new"}).looks(target, 105))
    assert paths <= first | second


def test_the_pages_of_the_settings_are_in_every_look_and_the_404_page_now_and_then():
    known = site({"/", "/b", "/c"})
    target = Rota(("/", "/b"), 1)
    found = [set(known.looks(target, 1)) for _ in range(10)]
    assert all({"/", "/b"} <= asked for asked in found)
    assert sum(NOWHERE in asked for asked in found) == 2


def test_what_was_bad_stays_in_each_look_until_it_is_right():
    known = site({f"/page{number}" for number in range(50)})
    target = Rota((), 1)
    target.suspect(("/page7",))
    assert all("/page7" in known.looks(target, 1) for _ in range(5))
    target.suspect(())
    assert "/page7" not in known.looks(target, 1) + known.looks(target, 1)


def test_each_redirect_rule_has_its_turn():
    rules = (RedirectRule("/a/*", "/", 301), RedirectRule("/b/:name/c", "/", 301))
    looked = site({"/"}, *rules).looks(Rota((), 0), 2)
    assert {"/a/portico-probe", "/b/portico-probe/c"} <= set(looked)
    assert rota.sample(RedirectRule("/plain", "/", 301)) == "/plain"


def test_an_empty_site_has_nothing_but_its_404_page():
    assert site(set()).looks(Rota((), 3), 1) == [NOWHERE]
    assert Site(manifest.Root((), 0, 0), {}).looks(Rota((), 3), 1) == [NOWHERE]


def test_what_only_replicas_read_is_asked_for_by_nobody():
    looked = site({"/", "/b", "/-/intake/contact"}).looks(Rota((), 2), 6)
    assert {"/", "/b"} <= set(looked)
    assert not any(path.startswith("/-/") for path in looked)
