"""What members are told: in their language, short, and nothing that is not for an SMS."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from gateway import locale
from gateway.locale import LANGUAGES, Language
from gateway.messages.wording import CODE_MASK, TEMPLATES, Addressee, measure, render
from gateway.messages.wording.samples import FACTS, samples
from gateway.messages.wording.templates import REASONS

ROOT = Path(locale.__file__).parents[2]
RECEIPTS = "https://amparo.example.org/r"


def to(language: Language = "es", **given: Any) -> Addressee:
    known = {"given_names": "Ana", "member_number": "100001", "mutual": "Amparo", "receipts_url": RECEIPTS}
    return Addressee(language=language, **{**known, **given})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", TEMPLATES)
def test_every_template_fits_one_part_with_the_longest_ordinary_values(
    template: str, language: Language
) -> None:
    for reason in REASONS if template == "left_out" else ["unpaid"]:
        text = render(template, {**FACTS, "reason": reason}, to(language, given_names="Altagracia"))
        size = measure(text)
        assert (size.encoding, size.segments) == ("GSM-7", 1), (size, text)
        assert "%(" not in text


def test_spanish_has_every_text_no_stale_one_and_the_same_placeholders() -> None:
    wording = ROOT / "gateway/messages/wording"
    found = {
        text for _, _, text, _, _ in extract_from_dir(wording, [("**.py", "python")], keywords={"N_": None})
    }
    spanish = read_po(
        io.BytesIO((Path(locale.__file__).parent / "es/LC_MESSAGES/sms.po").read_bytes()), locale="es"
    )
    translated = {message.id: message.string for message in spanish if message.id and not message.fuzzy}
    assert found == translated.keys()
    assert len(found) > 20
    for english, text in translated.items():
        assert _placeholders(str(english)) == _placeholders(str(text))


def _placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)s", text))


def test_no_text_names_an_illness_or_asks_for_a_number_of_a_document() -> None:
    named = re.compile(r"enferm|illness|matern|accident|subsid|c[eé]dula|\bNSS\b|embaraz", re.IGNORECASE)
    for sample in samples("Amparo", RECEIPTS):
        assert not named.search(sample.text), sample.text


def test_money_and_dates_are_written_as_in_the_country() -> None:
    facts = {
        "period": "2026-07",
        "due_on": "2026-08-05",
        "amount": {"amount": "1234.50", "currency": "DOP"},
    }
    spanish = render("charged", facts, to("es"))
    assert "RD$1,234.50" in spanish
    assert "julio de 2026" in spanish
    assert "5 ago 2026" in spanish
    english = render("charged", facts, to("en"))
    assert "RD$1,234.50" in english
    assert "July 2026" in english
    assert "Aug 5, 2026" in english


def test_another_currency_still_fits_the_alphabet() -> None:
    text = render("payout_paid_bank", {"amount": {"amount": "5000", "currency": "XOF"}}, to("es"))
    assert "5 000 F" in text
    assert measure(text).encoding == "GSM-7"


def test_a_receipt_tells_where_it_can_be_checked() -> None:
    facts = {
        "amount": FACTS["amount"],
        "receipt_number": 77,
        "check_code": "ABC",
        "outstanding": FACTS["amount"],
    }
    assert "https://amparo.example.org/r/ABC" in render("receipt", facts, to())
    assert "Le falta RD$12,345.67" in render("receipt_owing", facts, to())


def test_the_place_of_a_code_is_masked() -> None:
    assert CODE_MASK in render("payout_ready", {"amount": FACTS["amount"]}, to())


def test_only_the_first_name_is_used_and_a_long_one_is_cut() -> None:
    assert "bienvenida, Ana." in render("welcome", {}, to(given_names="Ana Isabel del Carmen"))
    assert len(render("welcome", {}, to(given_names="A" * 400))) < 160


def test_a_reason_that_is_new_to_us_is_not_shown_as_a_code() -> None:
    text = render("left_out", {"period": "2026-07", "reason": "some_new_code"}, to())
    assert "some_new_code" not in text
    assert "preguntenos el motivo" in text


@pytest.mark.parametrize("template", ["nothing", "charged"])
def test_what_cannot_be_said_is_not_said_by_half(template: str) -> None:
    with pytest.raises(KeyError):
        render(template, {"period": "2026-07"}, to())
