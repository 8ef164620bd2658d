"""From a file's name to the path that answers with it, and to the other paths that lead there. Pure."""

from __future__ import annotations

INDEX = "index.html"
NOT_FOUND = "404.html"
_HTML = ".html"


def path_of(name: str) -> str:
    """`docs/index.html` -> `/docs/`, `about.html` -> `/about`, anything else by its name.

    A 404 page keeps its name: nobody links to it, and `/404` stays free.
    """
    folder, file = _split(f"/{name}")
    if file == INDEX:
        return folder
    if file.endswith(_HTML) and file not in {NOT_FOUND, _HTML}:
        return folder + file.removesuffix(_HTML)
    return folder + file


def is_not_found(name: str) -> bool:
    return _split(f"/{name}")[1] == NOT_FOUND


def answering(path: str) -> tuple[str, ...]:
    """The canonical paths that may answer a request for `path`, itself first: the replicas' aliases."""
    folder, file = _split(path)
    if file == INDEX:
        return (path, folder)
    if file.endswith(_HTML):
        return (path, path.removesuffix(_HTML))
    if file:
        return (path, f"{path}/")
    return (path, path.rstrip("/")) if path != "/" else ("/",)


def stem(path: str) -> str:
    """What all the paths that may answer a request have in common with the one that is asked for."""
    bare = path.rstrip("/")
    folder, file = _split(bare or "/")
    return (folder if file == INDEX else bare.removesuffix(_HTML)).rstrip("/")


def _split(path: str) -> tuple[str, str]:
    at = path.rindex("/") + 1
    return path[:at], path[at:]
