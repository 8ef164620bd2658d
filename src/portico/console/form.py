"""Reads what a form of ours sent: a few short texts, never a file."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request

LARGEST = 64 << 10
MOST_FIELDS = 100
_TYPE = "application/x-www-form-urlencoded"


async def read(request: Request) -> FormData:
    """Raises HTTPException for what no form of ours sends."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _TYPE:
        raise HTTPException(415, "A form of this console was expected.")
    body = await whole(request)
    try:
        fields = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise HTTPException(400, "This is no form of the console.") from error
    return FormData([(name, value) for name, value in fields])


async def whole(request: Request) -> bytes:
    """The body, as far as it isn't too large. Raises HTTPException."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            raise HTTPException(413, "That is too long.")
    return bytes(body)
