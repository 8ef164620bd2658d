"""What the watcher told of visitors, on paper: `tell(desk)` for a console of `support.consoles`."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

from portico.console.desk import Desk
from portico.watch import signal
from portico.watch.collect import journey, vitals
from portico.watch.collect.journey import Diary
from portico.watch.journey.plan import Result, Step, Walked
from portico.watch.series.store import Store
from portico.watch.visitors import standing
from portico.watch.visitors.quartile import Buckets
from portico.watch.visitors.standing import Standing
from portico.watch.visitors.vitals import DEVICES, VITALS

KINDS = {"home": 4200, "article": 2600, "service": 900, "list": 610, "form": 240, "search": 60}
PHONES_ARE_SLOWER = 1.6
PICTURE = "2026-11-23T02-41-10.jpg"


def tell(desk: Desk) -> None:
    """Phones wait a little too long; the last journey found nothing."""
    now = desk.now
    desk.ledger.see(standing.SEEN, Standing(_tallies(28), now - 240, _tallies(1), now - 1800).as_json())
    went = Walked(tuple(Step(name, Result.WENT, 0.6) for name in ("page", "search", "form")))
    why = "searching 'hydropower' on /search/ found nothing"
    failed = Walked((Step("page", Result.WENT, 0.58), Step("search", Result.FAILED, 12.4, why)))
    diary = Diary()
    for number in range(20):
        diary.note(went, now - 300 * (22 - number), "")
    diary.note(failed, now - 390, "")
    diary.note(failed, now - 90, PICTURE)
    desk.ledger.see(journey.SEEN, diary.as_json())
    _course(desk)
    desk.home.journey.mkdir(parents=True, exist_ok=True)
    (desk.home.journey / PICTURE).write_bytes(_picture())


def _course(desk: Desk) -> None:
    """Phones were well until ten days ago."""
    store = Store(desk.home.series, desk.settings.watch, lambda: desk.now)
    for hour in range(30 * 24, 0, -6):
        for vital, device in ((vital, device) for vital in VITALS for device in DEVICES):
            slow = 1.3 if device == "phone" and hour < 240 else 0.8
            key = signal.of(vitals.QUARTILE.name, 0, vital=vital.name, device=device).key
            store.append(desk.now - hour * 3600, {key: slow + 0.05 * VITALS.index(vital)})
    store.close()


def _tallies(divided: int) -> dict[tuple[str, str, str], Buckets]:
    found = {}
    for vital in VITALS:
        for device, slower in (("phone", PHONES_ARE_SLOWER), ("desktop", 1.0)):
            for place, (kind, visits) in enumerate(KINDS.items()):
                told = visits // divided // (3 if vital.name == "inp" else 1)
                median = vital.good * 0.55 * slower * (1 + 0.06 * place)
                found[vital.name, device, kind] = _buckets(told, median, vital.bounds)
    return found


def _buckets(visits: int, median: float, bounds: tuple[float, ...]) -> Buckets:
    up_to = {bound: round(visits * (1 - 0.5 ** ((bound / median) ** 1.7))) for bound in bounds}
    return Buckets({**up_to, float("inf"): visits})


def _picture() -> bytes:
    image = Image.new("RGB", (1280, 900), "#f5f7f3")
    ImageDraw.Draw(image).rectangle((0, 0, 1280, 90), fill="#0a3a3b")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=60)
    return out.getvalue()
