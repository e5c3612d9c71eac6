"""The two files of a bank order: a plain table, and ISO 20022 pain.001.001.09.

The same order makes the same bytes. Elements and their order are those of the schema
pain.001.001.09 (2019); names are cut to what it allows, and signs that XML cannot hold are left out.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from xml.etree.ElementTree import Element, SubElement, tostring

from services.kit.money import Money
from services.kit.sheets import csv_chunks

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
HEADINGS = ("reference", "beneficiary", "bank", "account", "amount", "currency")

_NOT_XML = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_NAME_MAX = 140


@dataclass(frozen=True, slots=True)
class Party:
    """Who pays or is paid: a name, an account (IBAN or the bank's own number) and its bank's BIC."""

    name: str
    account: str
    bic: str


@dataclass(frozen=True, slots=True)
class Line:
    """One payment."""

    reference: str
    amount: Money
    creditor: Party


@dataclass(frozen=True, slots=True)
class Order:
    """All that an order's files are made from. `reference` has at most 35 characters."""

    reference: str
    drawn_at: datetime
    execute_on: date
    debtor: Party
    lines: Sequence[Line]

    @property
    def total(self) -> Money:
        [currency] = {line.amount.currency for line in self.lines}
        return Money(sum(line.amount.minor for line in self.lines), currency)


def csv_file(order: Order) -> bytes:
    """The order as CSV, a line for each payment."""
    rows = (
        (
            line.reference,
            line.creditor.name,
            line.creditor.bic,
            line.creditor.account,
            Decimal(line.amount.amount),
            line.amount.currency,
        )
        for line in order.lines
    )
    return b"".join(csv_chunks(HEADINGS, rows))


def xml_file(order: Order) -> bytes:
    """The order as pain.001.001.09: one payment instruction with a transaction for each line."""
    document = Element("Document", xmlns=NAMESPACE)
    initiation = SubElement(document, "CstmrCdtTrfInitn")
    header = SubElement(initiation, "GrpHdr")
    _text(header, "MsgId", order.reference)
    _text(header, "CreDtTm", order.drawn_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    _sums(header, order)
    _name(SubElement(header, "InitgPty"), order.debtor.name)
    instruction = SubElement(initiation, "PmtInf")
    _text(instruction, "PmtInfId", order.reference)
    _text(instruction, "PmtMtd", "TRF")
    _sums(instruction, order)
    _text(SubElement(instruction, "ReqdExctnDt"), "Dt", order.execute_on.isoformat())
    _name(SubElement(instruction, "Dbtr"), order.debtor.name)
    _account(SubElement(instruction, "DbtrAcct"), order.debtor.account)
    _bank(SubElement(instruction, "DbtrAgt"), order.debtor.bic)
    for line in order.lines:
        _transaction(SubElement(instruction, "CdtTrfTxInf"), line)
    body: bytes = tostring(document, encoding="utf-8", xml_declaration=False)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body


def _transaction(element: Element, line: Line) -> None:
    _text(SubElement(element, "PmtId"), "EndToEndId", line.reference)
    amount = SubElement(SubElement(element, "Amt"), "InstdAmt", Ccy=line.amount.currency)
    amount.text = line.amount.amount
    _bank(SubElement(element, "CdtrAgt"), line.creditor.bic)
    _name(SubElement(element, "Cdtr"), line.creditor.name)
    _account(SubElement(element, "CdtrAcct"), line.creditor.account)


def _sums(element: Element, order: Order) -> None:
    _text(element, "NbOfTxs", str(len(order.lines)))
    _text(element, "CtrlSum", order.total.amount)


def _account(element: Element, number: str) -> None:
    identified = SubElement(element, "Id")
    if _IBAN.fullmatch(number):
        _text(identified, "IBAN", number)
    else:
        _text(SubElement(identified, "Othr"), "Id", number)


def _bank(element: Element, bic: str) -> None:
    _text(SubElement(element, "FinInstnId"), "BICFI", bic)


def _name(element: Element, name: str) -> None:
    _text(element, "Nm", _NOT_XML.sub("", name)[:_NAME_MAX])


def _text(element: Element, tag: str, content: str) -> None:
    SubElement(element, tag).text = content
