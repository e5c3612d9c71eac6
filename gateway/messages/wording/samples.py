"""Templates filled with ordinary values, to be looked at and measured."""

from collections.abc import Iterator
from dataclasses import dataclass

from gateway.locale import LANGUAGES, Language, catalogue
from gateway.messages.wording.gsm import Size, measure
from gateway.messages.wording.rendering import CATALOGUE, Addressee, render
from gateway.messages.wording.templates import TEMPLATES, Template

FACTS = {
    "amount": {"amount": "12345.67", "currency": "DOP"},
    "outstanding": {"amount": "12345.67", "currency": "DOP"},
    "period": "2026-09",
    "due_on": "2026-09-30",
    "until": "2026-09-30",
    "reason": "paid_late",
    "receipt_number": 1_000_123,
    "check_code": "ABCDEFGHJKLMN",
}
"""The longest values that are ordinary."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One template in one language."""

    template: Template
    language: Language
    text: str
    example: str
    size: Size


def samples(mutual: str, receipts_url: str) -> Iterator[Sample]:
    """Every template in every language."""
    for template in TEMPLATES.values():
        for language in LANGUAGES:
            to = Addressee("Altagracia", "100001", language, mutual, receipts_url)
            example = render(template.name, FACTS, to)
            text = catalogue(language, CATALOGUE).gettext(template.text)
            yield Sample(template, language, text, example, measure(example))
