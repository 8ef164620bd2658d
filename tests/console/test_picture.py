from __future__ import annotations

from dataclasses import replace

import pytest

from portico.board import board
from portico.board.picture import Part, Picture
from portico.console.pages import picture
from portico.console.pages.picture import Box, Drawing
from support import consoles


def told(story: str = "quiet") -> Picture:
    return board.of(consoles.seen(story)).picture


def crowded(clusters: int, replicas: int) -> Picture:
    names = tuple((f"a{number}", "good") for number in range(replicas))
    places = tuple(Part(f"c{number}", "good", "up", ("0.1/s",), names) for number in range(clusters))
    return replace(told(), places=places)


def overlap(one: Box, other: Box) -> bool:
    across = one.x < other.x + other.width and other.x < one.x + one.width
    return across and one.y < other.y + other.height and other.y < one.y + one.height


@pytest.mark.parametrize("clusters", [1, 3, 4])
@pytest.mark.parametrize("replicas", [0, 2, 6])
@pytest.mark.parametrize("draw", [picture.wide, picture.tall])
def test_boxes_stand_apart_and_within_the_drawing(draw, clusters: int, replicas: int):
    drawing: Drawing = draw(crowded(clusters, replicas))
    for number, box in enumerate(drawing.boxes):
        assert box.x >= 0
        assert box.y >= 0
        assert box.x + box.width <= drawing.width + 0.01
        assert box.y + box.height <= drawing.height + 0.01
        assert not any(overlap(box, other) for other in drawing.boxes[number + 1 :])


def test_the_mirror_stands_by_until_it_is_asked():
    kinds = [flow.kind for flow in picture.wide(told()).flows]
    assert kinds == ["asks", "asks", "asks", "stands", "brings", "brings", "brings"]
    asked = replace(told(), sent={"a": 0.0, "b": 0.0, "mirror": 12.0})
    assert [flow.kind for flow in picture.wide(asked).flows][1:4] == ["stands", "stands", "asks"]


def test_a_narrow_box_tells_its_state_below_its_name():
    cluster = next(box for box in picture.tall(told()).boxes if box.part.name == "a")
    assert not cluster.state_beside
    assert cluster.lines[0] == "up"


def test_a_line_is_cut_to_its_box():
    assert picture.fitting("short", 200) == "short"
    assert picture.fitting("a line that is far too long for it", 100).endswith("…")
