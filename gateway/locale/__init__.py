"""Text for people, by language: one Babel catalogue (`.po`) per language and domain.

English is the language of the source, so its catalogue needs only what differs. Catalogues are read
as they stand, without a compiling step: what a translator saves is what the next start shows.

    pybabel extract -F gateway/locale/babel.cfg -k N_ -c "Translators:" -o /tmp/pages.pot .
    pybabel update -i /tmp/pages.pot -D pages -d gateway/locale --no-fuzzy-matching
"""

from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Literal

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

Language = Literal["es", "en"]
LANGUAGES: tuple[Language, ...] = ("es", "en")
DEFAULT_LANGUAGE: Language = "es"

_HERE = Path(__file__).parent


@lru_cache
def catalogue(language: Language, domain: str = "pages") -> NullTranslations:
    """The translations of `domain` into `language`; of English, the source's own words."""
    path = _HERE / language / "LC_MESSAGES" / f"{domain}.po"
    if not path.exists():
        return NullTranslations()
    with path.open("rb") as source:
        written = read_po(source, locale=language, domain=domain)
    compiled = BytesIO()
    write_mo(compiled, written)
    compiled.seek(0)
    return Translations(compiled, domain)


def choose_language(*wishes: str | None) -> Language:
    """The first wish that we speak (`es`, `en-US`, a whole `Accept-Language`), else Spanish."""
    for wish in wishes:
        for part in (wish or "").split(","):
            spoken = part.split(";")[0].strip().lower().split("-")[0].split("_")[0]
            for language in LANGUAGES:
                if spoken == language:
                    return language
    return DEFAULT_LANGUAGE
