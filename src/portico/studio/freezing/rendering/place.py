"""Where in the templates, or else in the site's code, something happens that must not."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import FrameType
from typing import Any

from django.template.base import Node

_FRAMEWORK = (
    "django.",
    "wagtail.",
    "asgiref.",
    "modelcluster.",
    "taggit.",
    "treebeard.",
    "portico.studio.freezing.",
)


def now() -> str:
    return template() or code() or "nowhere in particular"


def template(frames: Sequence[FrameType] | None = None) -> str:
    """The innermost template that is being rendered in these frames, innermost first, and the line."""
    for frame in _frames() if frames is None else frames:
        node: Any = frame.f_locals.get("self")
        if not issubclass(
            type(node), Node
        ):  # isinstance would wake a lazy object, maybe the one that refuses
            continue
        origin = getattr(node, "origin", None)
        if origin is not None and node.token is not None:
            return f"{origin.template_name or origin.name}, line {node.token.lineno}"
    return ""


def code() -> str:
    """The innermost line of code that is neither Django's nor Wagtail's."""
    for frame in _frames():
        module = frame.f_globals.get("__name__", "")
        if module.startswith(_FRAMEWORK):
            continue
        return f"{module}, line {frame.f_lineno}"
    return ""


def asked_by_framework() -> bool:
    """Whether it is Django's or Wagtail's own machinery that asks, and no template's tag or variable."""
    for frame in _frames():
        module = frame.f_globals.get("__name__", "")
        if module in {__name__, "portico.studio.freezing.rendering.request"}:
            continue
        if module.startswith(("django.template.base", "django.template.defaulttags")) or _is_tag(module):
            return False
        return module.startswith(_FRAMEWORK)
    return True


def _is_tag(module: str) -> bool:
    return ".templatetags." in module


def _frames() -> list[FrameType]:
    frames = []
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - CPython's way to the frames
    while frame is not None:
        frames.append(frame)
        frame = frame.f_back
    return frames
