"""All drills by the name that people give them. A new one is a module and a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from portico.config.models import Settings
from portico.recover.drills.cluster import Cluster
from portico.recover.drills.edge import Edge
from portico.recover.drills.everything import Everything
from portico.recover.drills.flipped import FlippedByte
from portico.recover.drills.hung import HungReplica
from portico.recover.drills.intake import Intake
from portico.recover.drills.interrupted import PublishInterrupted
from portico.recover.drills.keeper import Keeper
from portico.recover.drills.protocol import Drill
from portico.recover.drills.publish import Publish
from portico.recover.drills.replica import Replica
from portico.recover.drills.status_page import StatusPage
from portico.recover.drills.takedown import Takedown

DRILLS: Mapping[str, Callable[[], Drill]] = {
    "replica": Replica,
    "cluster": Cluster,
    "edge": Edge,
    "keeper": Keeper,
    "everything-behind-the-edge": Everything,
    "flipped-byte": FlippedByte,
    "hung-replica": HungReplica,
    "publish": Publish,
    "publish-interrupted": PublishInterrupted,
    "takedown": Takedown,
    "intake": Intake,
    "status-page": StatusPage,
}
OF_THE_STUDIO = frozenset({"intake"})
"""Those that need forms, so a site that comes from the studio."""


def fits(name: str, settings: Settings) -> bool:
    """Whether the drill can be run on such a stack."""
    if name in OF_THE_STUDIO:
        return settings.runs_studio
    return settings.status_page.enabled or name != "status-page"
