"""Whether a silence's words mean anything here: a typo silences nothing, which shows only at night."""

from __future__ import annotations

import difflib
import fnmatch
from collections.abc import Collection, Iterable, Mapping

from portico.cli import names
from portico.cli.told import UsageError
from portico.config.load import Config
from portico.ledger import incidents
from portico.ledger.incidents import Incident, Member
from portico.ledger.ledger import Ledger
from portico.model import MIRROR, Severity
from portico.respond.delivery import matching
from portico.respond.incidents import mended
from portico.watch.alerts.table import ALERTS

_LABELS = ("part", "metric", "target", "drill")
"""Labels whose values nobody can list beforehand."""


def known(config: Config, ledger: Ledger) -> dict[str, frozenset[str] | None]:
    """What each name of a matcher may be held against, None is anything. The name `` is an alert's."""
    clusters, current = config.settings.clusters, incidents.current(ledger)
    members = [member for one in current for member in one.members]
    restarted = {f"{kind.partition('.')[0]}-restarted" for kind in mended.KINDS}
    alerts = {*ALERTS, *restarted, *(member.alert for member in members)}
    targets = names.targets(config, dict.fromkeys(clusters.names, clusters.replicas))
    found = {
        "": alerts,
        "alert": alerts,
        "severity": {str(level) for level in Severity},
        "cluster": {*clusters.names, MIRROR},
        "replica": {*targets} - {"all", *clusters.names},
        "channel": {channel.name for channel in config.settings.notify.channels},
        "incident": {str(one.id) for one in current},
    }
    for member in members:
        for label in member.data.keys() & found.keys():
            found[label].add(str(member.data[label]))
    others = {*_LABELS, *(label for member in members for label in member.data)} - found.keys()
    return {**dict.fromkeys(others), **{label: frozenset(values) for label, values in found.items()}}


def check(matcher: str, there_is: Mapping[str, Collection[str] | None]) -> None:
    """Raises UsageError for a word that fits nothing that is known, with what is meant perhaps."""
    for word in matcher.split():
        label, _, glob = word.rpartition("=")
        if label not in there_is:
            labels = [one for one in there_is if one]
            raise _unknown(f"nothing is known by the name {label!r}", label, "{}=", labels)
        values, asked = there_is[label], glob if label else glob.partition(":")[0]
        if values is not None and not any(fnmatch.fnmatchcase(value, asked) for value in values):
            shape = f"{label}={{}}" if label else "{}"
            raise _unknown(f"there is no {label or 'alert'} {asked!r}", asked, shape, values)


def _unknown(what: str, given: str, shape: str, values: Collection[str]) -> UsageError:
    close = difflib.get_close_matches(given, values, 3, 0.6)
    listed = close or (sorted(values) if len(values) <= 12 else [])
    meant = " or ".join(shape.format(value) for value in listed)
    say = f"did you mean {meant}? " if close else f"there is {meant}; " if meant else ""
    return UsageError(what, hint=f"{say}--anyway takes it as it is")


def covered(matcher: str, found: Iterable[Incident]) -> tuple[list[Incident], list[Incident]]:
    """The incidents that fall silent, and those of whose troubles others go on and are told."""
    whole, part = [], []
    for one in found:
        fitting = [matching.fits(matcher, one, member) for member in _lasting(one)]
        if fitting and all(fitting):
            whole.append(one)
        elif any(fitting):
            part.append(one)
    return whole, part


def _lasting(incident: Incident) -> list[Member]:
    return [member for member in incident.members if member.over is None and not member.evidence]
