"""All pictures of the sample site by name, drawn when asked for: the same bytes each time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from portico.studio.seed.painting import landscapes, machines, marks, people, waters
from portico.studio.seed.painting.canvas import Canvas

_DANUBE = [(-40.0, 250.0), (180.0, 300.0), (400.0, 260.0), (620.0, 330.0), (760.0, 420.0), (1000.0, 400.0)]
_MUR = [(420.0, -40.0), (380.0, 120.0), (500.0, 260.0), (450.0, 420.0), (560.0, 560.0), (540.0, 700.0)]
_TYNE = [(-40.0, 420.0), (160.0, 340.0), (330.0, 400.0), (540.0, 300.0), (740.0, 240.0), (1000.0, 270.0)]

SCENES: Mapping[str, Callable[[], Canvas]] = {
    "weir-morning": partial(landscapes.weir, landscapes.MORNING),
    "weir-night": partial(landscapes.weir, landscapes.NIGHT),
    "tyne": landscapes.bridge,
    "winter": landscapes.ice,
    "screw": partial(machines.screw, machines.DAY),
    "screw-night": partial(machines.screw, machines.DARK),
    "workshop": machines.workshop,
    "contours": waters.contours,
    "survey": waters.depths,
    "pool": waters.pool,
    "meander": waters.loops,
    "fish": waters.fish,
    "counter": waters.counter,
    "crew": people.crew,
    "map-danube": partial(waters.river_map, _DANUBE, (620, 330), 0.4),
    "map-mur": partial(waters.river_map, _MUR, (450, 420), 2.1),
    "map-tyne": partial(waters.river_map, _TYNE, (540, 300), 4.0),
    **{name: partial(people.portrait, name) for name in people.PEOPLE},
}


def names() -> list[str]:
    return [*SCENES, *marks.MARKS]


def file_of(name: str) -> tuple[str, bytes]:
    """The file's name and bytes."""
    if name in marks.MARKS:
        return f"{name}.svg", marks.svg(name).encode()
    return f"{name}.jpg", SCENES[name]().jpeg()
