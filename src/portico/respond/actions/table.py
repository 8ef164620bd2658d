"""All actions by name. A new one is a module, a line here, and its policy in `config/responding.py`."""

from __future__ import annotations

from collections.abc import Mapping

from portico.config.models import Settings
from portico.config.responding import How
from portico.respond.actions.action import Action
from portico.respond.actions.eject_replica import EjectReplica
from portico.respond.actions.fail_over import FailOver
from portico.respond.actions.free_disk import FreeDisk
from portico.respond.actions.renew_certificate import RenewCertificate
from portico.respond.actions.repair_store import RepairStore
from portico.respond.actions.restart_replica import RestartReplica
from portico.respond.actions.roll_back import RollBack
from portico.respond.actions.serve_from_mirror import ServeFromMirror
from portico.respond.actions.shield import Shield

_ALL: tuple[Action, ...] = (
    RestartReplica(),
    EjectReplica(),
    FailOver(),
    RollBack(),
    RepairStore(),
    RenewCertificate(),
    FreeDisk(),
    Shield(),
    ServeFromMirror(),
)

ACTIONS: Mapping[str, Action] = {one.name: one for one in _ALL}


def policy(settings: Settings, name: str) -> How:
    """Whether the action is done by itself, after a person's yes, or by hand only."""
    how: How = getattr(settings.actions, name.replace("-", "_"))
    return how
