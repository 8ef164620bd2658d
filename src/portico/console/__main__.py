"""The console, started by the keeper: `python -m portico.console HOME [CONFIG]`."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable

from portico.config import program
from portico.config.home import Home
from portico.config.load import Config
from portico.console import app, live
from portico.console.desk import Desk
from portico.console.security import gate
from portico.kit import ports, web
from portico.model import CONSOLE

BEAT_S = 1.0
_BACKLOG = 128


def run(asked: Config) -> None:
    """Answer until told to end. Raises PorticoError."""
    home, console = asked.home, asked.settings.console
    with program.alone(home, CONSOLE):
        listening = ports.bind_kept(
            console.listen, console.port, home.console_port, backlog=_BACKLOG, where="console/listen"
        )
        desk = Desk.of(asked)
        made = app.build(desk, gate.of(desk))
        server = web.Embedded(made, listening, backlog=_BACKLOG)
        threading.Thread(target=_beat, args=(home,), daemon=True, name="beat").start()
        asyncio.run(_serve(server, made.state.streams))
        home.record(CONSOLE).unlink(missing_ok=True)


async def _serve(server: web.Embedded, streams: live.Streams) -> None:
    end: Callable[[], None] = server.stop

    def stop() -> None:
        streams.end()
        end()

    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop)
    await server.serve()


def _beat(home: Home) -> None:
    """Show the keeper that this process isn't hung."""
    ended = threading.Event()
    while not ended.wait(BEAT_S):
        try:
            os.utime(home.record(CONSOLE))
        except FileNotFoundError:
            return


if __name__ == "__main__":
    sys.exit(program.main("portico.console", CONSOLE, run))
