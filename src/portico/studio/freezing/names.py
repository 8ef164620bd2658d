"""What an item's content type goes by: the name of the file that it would be."""

from __future__ import annotations

_ENDINGS = {
    "text/html": "html",
    "application/atom+xml": "atom",
    "application/rss+xml": "rss",
    "application/xml": "xml",
    "application/json": "json",
    "text/plain": "txt",
}


def page(path: str, content_type: str) -> str:
    if not path.endswith("/"):
        return path[1:]
    ending = _ENDINGS.get(content_type.partition(";")[0].strip(), "html")
    return f"{path[1:]}index.{ending}"


def item(path: str) -> str:
    """A body beside pages is JSON unless its path says otherwise; its name is the path's last part."""
    last = path.rsplit("/", 1)[-1]
    return last if "." in last else f"{last}.json"
