"""What the browser fetches besides pages: one stylesheet, one script, a few drawings.

The stylesheet is kept in parts under `styles/`, in the order of their names, and is served as one
file without comments. Each file's address carries the hash of its content, so that a browser keeps
it for a year and still never shows an old one.
"""

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Header, Response

from services.kit.problems import NotFound

_HERE = Path(__file__).parent
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}
_YEAR_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, as it is sent."""

    content: bytes
    compressed: bytes
    media_type: str
    hash: str


@lru_cache
def assets() -> dict[str, Asset]:
    """All files by name, read once."""
    sheets = "\n".join(p.read_text("utf-8") for p in sorted((_HERE / "styles").glob("*.css")))
    found = {"amparo.css": _asset(_tightened(sheets).encode(), ".css")}
    for path in sorted((_HERE / "static").iterdir()):
        found[path.name] = _asset(path.read_bytes(), path.suffix)
    return found


def _asset(content: bytes, suffix: str) -> Asset:
    short_hash = hashlib.sha256(content).hexdigest()[:12]
    return Asset(content, gzip.compress(content, mtime=0), _TYPES[suffix], short_hash)


def _tightened(css: str) -> str:
    """The stylesheet without comments, indents and empty lines: a third lighter on the way."""
    bare = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    return re.sub(r"\s*\n\s*", "\n", re.sub(r"[ \t]+", " ", bare)).strip()


def url(name: str) -> str:
    """The address of a file, changing with its content. Raises KeyError for a name we lack."""
    return f"/admin/static/{name}?v={assets()[name].hash}"


router = APIRouter(prefix="/admin/static", include_in_schema=False)


@router.get("/{name}")
def send_asset(name: str, accept_encoding: Annotated[str, Header()] = "", v: str | None = None) -> Response:
    """One file, compressed if the browser takes it; open to everybody, since it is the same for all."""
    asset = assets().get(name)
    if asset is None:
        raise NotFound(f"There is no file {name!r}.")
    lasting = f"public, max-age={_YEAR_SECONDS}, immutable" if v == asset.hash else "no-cache"
    headers = {"Cache-Control": lasting, "Vary": "Accept-Encoding", "ETag": f'"{asset.hash}"'}
    if "gzip" in accept_encoding:
        return Response(
            asset.compressed,
            media_type=asset.media_type,
            headers=headers | {"Content-Encoding": "gzip"},
        )
    return Response(asset.content, media_type=asset.media_type, headers=headers)
