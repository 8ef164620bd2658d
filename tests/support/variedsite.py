"""A site with a bit of everything that a replica must answer."""

from __future__ import annotations

from dataclasses import dataclass

from portico.model import Digest, RedirectRule
from portico.store.layout import Store
from support import replicas, snapshots

WORDS = b"<!doctype html>" + b"<p>The same words over and over. </p>" * 300
ALL = ("br", "zstd", "gzip")
LONG = bytes(range(256)) * (3 << 12) + b"end"
"""Three MiB and a bit: longer than what is read into memory."""

SECURE = (("content-security-policy", "default-src 'self'"), ("x-content-type-options", "nosniff"))

SITE = {
    "/": snapshots.Page(
        snapshots.HTML, WORDS, (*SECURE, ("cache-control", "public, max-age=60")), encodings=ALL
    ),
    "/docs/": snapshots.Page(snapshots.HTML, b"docs", SECURE),
    "/docs/404.html": snapshots.Page(snapshots.HTML, b"no such docs", SECURE),
    "/docs/deep/page": snapshots.Page(snapshots.HTML, b"deep", SECURE),
    "/about": snapshots.Page(snapshots.HTML, b"about us", SECURE),
    "/caf\u00e9 au lait": snapshots.Page(snapshots.HTML, b"coffee", SECURE),
    "/logo.png": snapshots.Page("image/png", b"0123456789"),
    "/empty.txt": snapshots.Page("text/plain", b""),
    "/film.mp4": snapshots.Page("video/mp4", LONG),
    "/list.json": snapshots.Page("application/json", LONG, encodings=("br", "gzip")),
    "/404.html": snapshots.Page(snapshots.HTML, b"nothing here" * 100, SECURE, encodings=("br",)),
    "/old": snapshots.redirect("/about"),
    "/shop/": snapshots.redirect("https://shop.example/", 302),
}

REDIRECTS = (
    RedirectRule("/blog/:year/:slug", "/posts/:slug?from=:year", 301),
    RedirectRule("/go/*", "/:splat", 302),
    RedirectRule("/app/*", "/about", 200),
)


@dataclass(frozen=True, slots=True)
class Served:
    replica: replicas.Replica
    snapshot: Digest
    store: Store

    def get(self, path: str, method: str = "GET", **headers: str) -> replicas.Reply:
        return self.replica.ask(f"/{self.snapshot}{path}", method, **headers)


def build(store: Store, keys: snapshots.Keys) -> Digest:
    not_found = ("/docs/404.html", "/404.html")
    return snapshots.build(store, keys.private, SITE, redirects=REDIRECTS, not_found=not_found)
