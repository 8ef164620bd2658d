"""A form's body as pairs. Only what browsers send without files: no attachment can arrive at all. Pure."""

from __future__ import annotations

from urllib.parse import parse_qsl

CONTENT_TYPE = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
MOST_PAIRS = 500


def is_form(content_type: str | None) -> bool:
    return _bare(content_type) == CONTENT_TYPE


def is_multipart(content_type: str | None) -> bool:
    """As forms with files are sent, and as mail programs leave; what stands in it is read by nobody here."""
    return _bare(content_type) == MULTIPART


def pairs(body: bytes) -> list[tuple[str, str]]:
    """Raises ValueError unless these are pairs of UTF-8 text, and not too many."""
    return parse_qsl(
        body.decode("ascii"),
        keep_blank_values=True,
        encoding="utf-8",
        errors="strict",
        max_num_fields=MOST_PAIRS,
    )


def _bare(content_type: str | None) -> str:
    return (content_type or "").partition(";")[0].strip().lower()
