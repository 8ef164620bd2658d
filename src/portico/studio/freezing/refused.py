"""A freeze that must fail: what is wrong, where, and what to do about it."""

from __future__ import annotations


class RefusedError(Exception):
    """Never swallowed by templates, which are silent about attributes and keys that lack."""

    def __init__(self, what: str, where: str, hint: str) -> None:
        super().__init__(f"{where}: {what}; {hint}")
        self.what = what
        self.where = where
        self.hint = hint

    def __reduce__(self) -> tuple[type[RefusedError], tuple[str, str, str]]:
        return RefusedError, (self.what, self.where, self.hint)
