"""One JSON line on standard error for what an operator may want to know; never a request's data."""

from __future__ import annotations

import json
import sys
import time


def line(event: str, **fields: object) -> None:
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    sys.stderr.write(json.dumps({"at": at, "event": event, **fields}, ensure_ascii=False) + "\n")
    sys.stderr.flush()
