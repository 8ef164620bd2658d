"""Whether the studio is there."""

from __future__ import annotations

import os
from typing import Any

from django.db import connection


def live(_: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """`pid` is the parent's: whoever ends it ends the studio."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return 200, {"pid": os.getppid(), "ready": True}
