"""XML parts of a workbook, parsed by expat with everything switched off that documents need and
tables do not: document types, and with them entities that grow.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO
from xml.parsers import expat

from services.kit.sheets.problems import SuspiciousWorkbook

PIECE_BYTES = 64 * 1024
DEPTH_MAX = 64


@dataclass(frozen=True, slots=True)
class Element:
    """An element's start, without namespaces: its name, its parent's, its attributes."""

    name: str
    parent: str
    attributes: dict[str, str]

    def get(self, name: str) -> str:
        return self.attributes.get(name, "")


def make_parser() -> expat.XMLParserType:
    """A parser that refuses document types."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def local_name(name: str) -> str:
    return name.rpartition(":")[2]


def read_elements(part: IO[bytes]) -> Iterator[Element]:
    """Yield the elements of a small part in the order of their starts."""
    parser = make_parser()
    path = [""]
    met: list[Element] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(path) > DEPTH_MAX:
            raise SuspiciousWorkbook("Its parts are nested deeper than a workbook's are.")
        bare = {local_name(key): value for key, value in attributes.items()}
        met.append(Element(local_name(name), path[-1], bare))
        path.append(local_name(name))

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda name: path.pop()
    while piece := part.read(PIECE_BYTES):
        parser.Parse(piece)
        yield from met
        met.clear()
    parser.Parse(b"", True)
    yield from met


def _refuse_doctype(*declared: object) -> None:
    raise SuspiciousWorkbook("It declares a document type, which no spreadsheet program writes.")
