"""The code on the receipt leads to the page that checks it."""

import re

import segno

from gateway.pages.qr import path_of


def test_the_drawing_is_the_code_module_for_module() -> None:
    address = "https://amparo.example/r/7K3MQX9T2V8BHW5F"
    drawn = path_of(address)
    matrix = segno.make(address, error="m", micro=False).matrix
    dark = set()
    for x, y, run in re.findall(r"M(\d+) (\d+)\.5h(\d+)", drawn.path):
        dark |= {(int(x) + i - 2, int(y) - 2) for i in range(int(run))}
    assert dark == {(x, y) for y, row in enumerate(matrix) for x, cell in enumerate(row) if cell}
    assert drawn.size == len(matrix) + 4
