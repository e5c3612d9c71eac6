"""From a template and its facts to a text in the member's language.

Pure. A one-time code is never among the facts: its place holds a mask, which is what is stored and
shown; the code takes that place in the post alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from gateway.locale import Language, catalogue
from gateway.messages.wording.gsm import fit
from gateway.messages.wording.templates import OTHER_REASON, REASONS, TEMPLATES
from gateway.pages import formatting
from services.kit.money import Money
from services.kit.periods import Period

CATALOGUE = "sms"
CODE_MASK = "********"
"""As long as the code of a payout, so that the measured length is the one that is sent."""
NAME_LENGTH_MAX = 20


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who is spoken to, and by whom."""

    given_names: str
    member_number: str
    language: Language
    mutual: str
    receipts_url: str
    """Where a receipt's check code is appended to."""


def render(template: str, facts: Mapping[str, Any], to: Addressee) -> str:
    """The text of a template, in the GSM alphabet where that can be.

    Facts are JSON: amounts as `Money` writes them, dates and periods in ISO. Raises KeyError for a
    template that is not known, or a fact that it lacks.
    """
    words = catalogue(to.language, CATALOGUE)
    fields = {
        "mutual": to.mutual,
        "name": _first_name(to.given_names),
        "number": to.member_number,
        "code": CODE_MASK,
    }
    for name, value in facts.items():
        shown_as, show = _SHOWN.get(name, (name, _plain))
        fields[shown_as] = show(value, to)
    return fit(words.gettext(TEMPLATES[template].text) % fields)


def _first_name(given_names: str) -> str:
    return " ".join(given_names.split()[:1])[:NAME_LENGTH_MAX]


def _plain(value: Any, to: Addressee) -> str:
    return str(value)


def _money(value: Any, to: Addressee) -> str:
    return _written_money(value["amount"], value["currency"], to.language)


def _day(value: Any, to: Addressee) -> str:
    return _written_day(value, to.language)


def _month(value: Any, to: Addressee) -> str:
    return _written_month(value, to.language)


# A run tells thousands of members the same day and month, and often the same amount.
@lru_cache(maxsize=4096)
def _written_money(amount: str, currency: str, language: Language) -> str:
    return formatting.money(Money.parse(amount, currency), language)


@lru_cache(maxsize=256)
def _written_day(written: str, language: Language) -> str:
    return formatting.day(date.fromisoformat(written), language)


@lru_cache(maxsize=256)
def _written_month(written: str, language: Language) -> str:
    return formatting.month(Period.parse(written), language)


def _reason(value: Any, to: Addressee) -> str:
    return catalogue(to.language, CATALOGUE).gettext(REASONS.get(value, OTHER_REASON))


def _link(value: Any, to: Addressee) -> str:
    return f"{to.receipts_url}/{value}"


_SHOWN: Mapping[str, tuple[str, Callable[[Any, Addressee], str]]] = {
    "amount": ("amount", _money),
    "outstanding": ("outstanding", _money),
    "due_on": ("due_on", _day),
    "until": ("until", _day),
    "period": ("month", _month),
    "reason": ("reason", _reason),
    "check_code": ("link", _link),
}
"""Facts that are not shown as they are: under which name in the text, and how."""
