"""The check address of a receipt as a QR code, drawn as one SVG path."""

from typing import NamedTuple

import segno


class Drawn(NamedTuple):
    """A QR code in a square of `size` units; `path` is stroked one unit wide."""

    path: str
    size: int


_BORDER = 2


def path_of(address: str) -> Drawn:
    """Draw `address`; error correction M, which bears a fold in the paper."""
    code = segno.make(address, error="m", micro=False)
    rows = [list(row) for row in code.matrix]
    strokes = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            if not row[x]:
                x += 1
                continue
            run = x
            while run < len(row) and row[run]:
                run += 1
            strokes.append(f"M{x + _BORDER} {y + _BORDER}.5h{run - x}")
            x = run
    return Drawn("".join(strokes), len(rows) + 2 * _BORDER)
