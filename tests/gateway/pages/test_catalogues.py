"""Every text of the pages is in every catalogue, whole."""

import io
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from gateway import locale
from gateway.locale import Language, catalogue, choose_language

ROOT = Path(locale.__file__).parents[2]
METHODS = [("gateway/pages/**.py", "python"), ("gateway/pages/templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}


def texts_in_the_pages() -> Catalog:
    found = Catalog()
    trimmed = {"**.html": {"trimmed": "true"}}
    for _, _, text, _, _ in extract_from_dir(
        ROOT, METHODS, trimmed, KEYWORDS, directory_filter=lambda path: ".venv" not in path
    ):
        found.add(text)
    return found


def written(language: Language) -> Catalog:
    path = Path(locale.__file__).parent / language / "LC_MESSAGES" / "pages.po"
    return read_po(io.BytesIO(path.read_bytes()), locale=language)


@pytest.fixture(scope="module")
def texts() -> Catalog:
    return texts_in_the_pages()


def test_spanish_has_every_text_and_no_stale_one(texts: Catalog) -> None:
    spanish = written("es")
    assert len(texts) > 150
    assert {m.id for m in texts if m.id} - {m.id for m in spanish if m.string} == set()
    assert {m.id for m in spanish if m.id} - {m.id for m in texts} == set()


def test_no_translation_is_doubtful_or_loses_a_placeholder() -> None:
    for message in written("es"):
        assert not message.fuzzy or not message.id
        for text in _strings(message):
            assert text
            assert _placeholders(text) == _placeholders(_ids(message)[0])


def test_the_english_catalogue_is_the_source_itself() -> None:
    assert catalogue("en").gettext("Take a payment") == "Take a payment"
    assert catalogue("es").gettext("Take a payment") == "Cobrar"
    assert catalogue("es").ngettext("%(num)s month", "%(num)s months", 2) == "%(num)s meses"


@pytest.mark.parametrize(
    ("wishes", "language"),
    [
        (("en",), "en"),
        ((None, "fr-FR,en;q=0.8,es;q=0.5"), "en"),
        (("xx", "es-DO"), "es"),
        ((None, ""), "es"),
        (("en_US",), "en"),
    ],
)
def test_the_first_wish_that_we_speak_is_taken(wishes: tuple[str | None, ...], language: Language) -> None:
    assert choose_language(*wishes) == language


def _ids(message: Message) -> tuple[str, ...]:
    return tuple(message.id) if isinstance(message.id, (tuple, list)) else (message.id,)


def _strings(message: Message) -> tuple[str, ...]:
    if not message.id:
        return ()
    return tuple(message.string) if isinstance(message.string, tuple) else (str(message.string),)


def _placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)s", text))
