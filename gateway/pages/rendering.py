"""Rendering: a template and a view model become HTML in the reader's language.

One Jinja environment per language, so that words and formats are bound once and a template says
only `{{ amount|money }}`. Everything is escaped; no template marks anything safe but the drawings
that this package draws itself.
"""

from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gateway.locale import LANGUAGES, Language, catalogue
from gateway.pages import assets, formatting
from gateway.pages.frame import Frame
from gateway.pages.words import word

TEMPLATES = Path(__file__).parent / "templates"


@lru_cache
def environment(language: Language, zone: ZoneInfo) -> Environment:
    """The environment in which all pages of one language are rendered."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    words = catalogue(language)
    # The i18n extension adds this method while it is being installed.
    made.install_gettext_translations(words, newstyle=True)  # type: ignore[attr-defined]
    made.filters |= _filters(language, zone)
    made.globals |= {
        "asset": assets.url,
        "word": partial(word, words),
        "sign": partial(formatting.sign, language=language),
        "languages": LANGUAGES,
    }
    return made


def _filters(language: Language, zone: ZoneInfo) -> dict[str, Callable[..., str]]:
    plain = ("money", "number", "day", "day_long", "day_short", "month")
    filters: dict[str, Callable[..., str]] = {
        name: partial(getattr(formatting, name), language=language) for name in plain
    }
    filters["time"] = partial(formatting.time, language=language, zone=zone)
    filters["moment"] = partial(formatting.moment, language=language, zone=zone)
    filters["field_amount"] = formatting.field_amount
    return filters


def render(template: str, frame: Frame, zone: ZoneInfo, **view: Any) -> str:
    """The page as text. A name that the view lacks raises, here and not before a reader."""
    page = environment(frame.language, zone).get_template(template)
    return page.render(frame=frame, **view)
