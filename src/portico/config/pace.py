"""How quick the parts are: the edge and the keeper go by it, and the promise is held against it.

Seconds, unless the name says otherwise. What a person may change is in the settings instead.
"""

from __future__ import annotations

EDGE_CHECK_MS = 250
"""Between two of the edge's checks of a replica, and the longest that one may take."""

EDGE_CHECK_AGAIN_MS = 50
"""Between two checks while a replica seems to change its state."""

EDGE_FALL = 2
"""So many failed checks take a replica out; a refused connection does at once."""

EDGE_RISE = 1

EDGE_CONNECT_MS = 100

HUNG_MS = 750
"""A replica that sends nothing for so long is taken for hung, and its requests go to another one."""

WATCHER_TICK_S = 0.5

REPLICA_SILENT_S = 0.8
"""A replica that answered before and then not for so long is hung: it left two questions open."""

EDGE_SILENT_S = 2.0

STARTING_S = 10.0
"""How long a new process may take to its first answer."""
