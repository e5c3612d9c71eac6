"""The bank's answers as a table (CSV or XLSX): one line each, bad ones reported by their line."""

from typing import BinaryIO

from pydantic import ValidationError

from services.benefits.bank_orders.models import Outcome
from services.benefits.bank_orders.schemas import ConfirmationIn, RefusedLine
from services.kit.sheets import Column, Limits, read_sheet

COLUMNS = (
    Column("reference", ("referencia", "end to end id"), required=True),
    Column("outcome", ("resultado", "estado", "status"), required=True),
    Column("bank_reference", ("referencia del banco", "bank reference")),
    Column("reason", ("motivo",)),
    Column("value_on", ("fecha valor", "value date", "fecha")),
)

LIMITS = Limits(rows=10_000)

_OUTCOMES = {
    **{outcome.value: outcome for outcome in Outcome},
    "pagado": Outcome.PAID,
    "pagada": Outcome.PAID,
    "rechazado": Outcome.FAILED,
    "rechazada": Outcome.FAILED,
    "rejected": Outcome.FAILED,
    "devuelto": Outcome.RETURNED,
    "devuelta": Outcome.RETURNED,
}


def read_answers(
    file: BinaryIO, filename: str | None
) -> tuple[list[tuple[int, ConfirmationIn]], list[RefusedLine]]:
    """The answers in a file with their lines, and the lines that cannot be read.

    Raises the problems of `kit.sheets.WHEN_READING`.
    """
    answers: list[tuple[int, ConfirmationIn]] = []
    refused: list[RefusedLine] = []
    for row in read_sheet(file, COLUMNS, filename=filename, limits=LIMITS).rows:
        cells = {name: text or None for name, text in row.cells.items()}
        said = (cells["outcome"] or "").casefold()
        try:
            answers.append(
                (row.line, ConfirmationIn.model_validate(cells | {"outcome": _OUTCOMES.get(said)}))
            )
        except ValidationError as error:
            fields = ", ".join(sorted({str(e["loc"][0]) for e in error.errors()}))
            reference = (cells["reference"] or "")[:35]
            refused.append(
                RefusedLine(line=row.line, reference=reference, reason=f"cannot be read: {fields}")
            )
    return answers, refused
