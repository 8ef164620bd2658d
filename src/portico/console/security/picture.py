"""A QR code as the one path of an SVG picture."""

from __future__ import annotations

from dataclasses import dataclass

import qrcode  # type: ignore[import-untyped]


@dataclass(frozen=True, slots=True)
class Picture:
    """`size` in modules, with the quiet border that readers need."""

    size: int
    path: str


def of(text: str) -> Picture:
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(text)
    rows = code.get_matrix()
    dark = [(x, y) for y, row in enumerate(rows) for x, cell in enumerate(row) if cell]
    return Picture(len(rows), "".join(f"M{x} {y}h1v1h-1z" for x, y in dark))
