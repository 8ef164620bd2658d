"""The files that this replica refuses to serve, until they verify again; the keeper repairs them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from portico.model import Digest
from portico.replica import identity, log

_MOST = 256


@dataclass(slots=True)
class _Refusal:
    digest: Digest
    why: str
    seen: identity.Identity | None
    verify: Callable[[], object]


class Refusals:
    """Bounded: when too much is broken, the oldest is forgotten and found again when it is asked for."""

    def __init__(self) -> None:
        self._files: OrderedDict[str, _Refusal] = OrderedDict()

    def __len__(self) -> int:
        return len(self._files)

    def add(self, file: str, digest: Digest, why: str, verify: Callable[[], object]) -> None:
        """Note that `file` is refused; `verify` raises PorticoError as long as it is."""
        if file not in self._files:
            log.line("refused", file=file, digest=digest, why=why)
        self._files[file] = _Refusal(digest, why, identity.of(file), verify)
        if len(self._files) > _MOST:
            self._files.popitem(last=False)

    def over(self, file: str) -> None:
        """Note that `file` is right again."""
        if self._files.pop(file, None):
            log.line("verified-again", file=file)

    def listed(self) -> list[dict[str, str]]:
        return [
            {"digest": refusal.digest, "file": file, "why": refusal.why}
            for file, refusal in self._files.items()
        ]

    def take_changed(self) -> list[tuple[str, Callable[[], object]]]:
        """The refused files that are not what they were, and so may be whole: each with how to verify it."""
        found = []
        for file, refusal in self._files.items():
            now = identity.of(file)
            if now != refusal.seen:
                refusal.seen = now
                found.append((file, refusal.verify))
        return found
