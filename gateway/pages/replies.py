"""Answering with a page: rendered, in the reader's language, with the headers that close it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse

from gateway.locale import Language, choose_language
from gateway.pages.frame import Frame
from gateway.pages.headers import PAGE_HEADERS
from gateway.pages.rendering import render
from services.kit import clock

LANGUAGE_COOKIE = "amparo-language"


def language_of(request: Request, own: str | None = None) -> Language:
    """What the reader chose last, else what their account says (`own`), else what the browser asks for."""
    return choose_language(request.cookies.get(LANGUAGE_COOKIE), own, request.headers.get("accept-language"))


def html(
    template: str,
    frame: Frame,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **view: Any,
) -> HTMLResponse:
    """A page, or with a template that extends none a part of one."""
    text = render(template, frame, clock.zone(), **view)
    return HTMLResponse(text, status, {**PAGE_HEADERS, **(headers or {})})


def go(to: str) -> RedirectResponse:
    """On to another page after a form was taken: reloading there sends nothing again."""
    return RedirectResponse(to, 303, {"Cache-Control": "no-store"})


def local_path(wanted: str | None, otherwise: str = "/admin") -> str:
    """A path on this host, whatever a link or form claims; never another host's address."""
    if not wanted or "\\" in wanted or any(ord(sign) <= 32 for sign in wanted):
        return otherwise
    parts = urlsplit(wanted)
    inside = parts.path == "/admin" or parts.path.startswith(("/admin/", "/r/"))
    if parts.scheme or parts.netloc or not inside:
        return otherwise
    return parts.path + (f"?{parts.query}" if parts.query else "")
