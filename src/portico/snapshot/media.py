"""Content types by file name: one fixed table, so that every machine says the same. Pure."""

from __future__ import annotations

HTML = "text/html"
UNKNOWN = "application/octet-stream"

_TEXT = {
    "html": HTML,
    "htm": HTML,
    "css": "text/css",
    "js": "text/javascript",
    "mjs": "text/javascript",
    "txt": "text/plain",
    "md": "text/markdown",
    "csv": "text/csv",
    "vtt": "text/vtt",
    "ics": "text/calendar",
    "xml": "application/xml",
    "xsl": "application/xslt+xml",
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
}

_UTF8_BY_DEFINITION = {
    "json": "application/json",
    "map": "application/json",
    "jsonld": "application/ld+json",
    "geojson": "application/geo+json",
    "webmanifest": "application/manifest+json",
    "xhtml": "application/xhtml+xml",
    "svg": "image/svg+xml",
}

_BINARY_THAT_SHRINKS = {
    "wasm": "application/wasm",
    "ttf": "font/ttf",
    "otf": "font/otf",
    "eot": "application/vnd.ms-fontobject",
    "ico": "image/x-icon",
    "bmp": "image/bmp",
}

_PACKED = {
    "woff": "font/woff",
    "woff2": "font/woff2",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "jxl": "image/jxl",
    "mp4": "video/mp4",
    "m4v": "video/mp4",
    "webm": "video/webm",
    "mov": "video/quicktime",
    "ogv": "video/ogg",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "wav": "audio/wav",
    "flac": "audio/flac",
    "pdf": "application/pdf",
    "zip": "application/zip",
    "gz": "application/gzip",
    "tgz": "application/gzip",
    "bz2": "application/x-bzip2",
    "xz": "application/x-xz",
    "zst": "application/zstd",
    "br": "application/octet-stream",
    "7z": "application/x-7z-compressed",
    "epub": "application/epub+zip",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}

_PLAIN = {**_UTF8_BY_DEFINITION, **_BINARY_THAT_SHRINKS, **_PACKED}
_WELL_KNOWN = {"apple-app-site-association": "application/json"}


def content_type(name: str, *, utf8: bool = True) -> str:
    """The header's value. A page that is not UTF-8 says its charset itself, so the header must not."""
    extension = _extension(name)
    if text := _TEXT.get(extension):
        return f"{text}; charset=utf-8" if utf8 else text
    return _PLAIN.get(extension) or _WELL_KNOWN.get(name.rpartition("/")[2], UNKNOWN)


def is_page(name: str) -> bool:
    return _TEXT.get(_extension(name)) == HTML


def is_style(name: str) -> bool:
    return _extension(name) == "css"


def shrinks(name: str) -> bool:
    """Whether compressing the bytes is worth a try."""
    extension = _extension(name)
    return extension in _TEXT or extension in _UTF8_BY_DEFINITION or extension in _BINARY_THAT_SHRINKS


def _extension(name: str) -> str:
    file = name.rpartition("/")[2]
    return file.rpartition(".")[2].lower() if "." in file else ""
