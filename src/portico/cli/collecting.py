"""Garbage collection over all stores of a stack, with one answer to what stays."""

from __future__ import annotations

from portico.cli import names
from portico.config.load import Config
from portico.ledger.ledger import Ledger
from portico.model import Digest
from portico.snapshot import collect
from portico.store import signing
from portico.store.layout import Store


def kept(config: Config, ledger: Ledger, now: float) -> frozenset[Digest]:
    """What stays in every store: by the settings, and what is live or about to be."""
    asked = config.settings.snapshots
    rule = collect.Rule(asked.keep, asked.keep_days, ledger.wanted().get("snapshot"), _ordered(ledger))
    return collect.plan(_newest(names.stores(config)), rule, now)


def sweep(config: Config, keep: frozenset[Digest], *, dry_run: bool) -> dict[str, collect.Freed]:
    """Collect each store; returns what was freed, by store."""
    key = signing.load_public(config.home.public_key)
    return {
        name: collect.collect(store, keep, key, dry_run=dry_run)
        for name, store in names.stores(config).items()
        if store.snapshots.is_dir()
    }


def _ordered(ledger: Ledger) -> frozenset[Digest]:
    """Snapshots that open orders name, or their procedures are at."""
    orders = ledger.open_orders()
    named = [order.args.get("snapshot") for order in orders]
    at = [ledger.progress(order.id).get(key) for order in orders for key in ("snapshot", "before")]
    return frozenset(digest for digest in (*named, *at) if digest)


def _newest(stores: dict[str, Store]) -> list[collect.Held]:
    """Every snapshot once, with its latest arrival in any store: the stores agree on what is old."""
    latest: dict[Digest, float] = {}
    for store in stores.values():
        for held in collect.held_by(store):
            latest[held.id] = max(held.arrived, latest.get(held.id, 0.0))
    return [collect.Held(digest, arrived) for digest, arrived in latest.items()]
