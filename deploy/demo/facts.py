"""What the demonstration is about: the month, the size, and what it remembers on its way."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

PERIOD, NEXT_PERIOD = "2026-07", "2026-08"
BANK_ACCOUNT = "popular-1"
CHARGED_ON = date(2026, 7, 1)
COLLECTED_ON = date(2026, 7, 27)
CLOSED_ON = date(2026, 8, 3)
REMITTED_ON = date(2026, 8, 4)
RELAYED_ON = date(2026, 8, 12)

POLICY = """\
# What this synthetic mutual's assembly decided: its own fee. No figure here is anybody's.
scheme: do-sdss
sources:
  assembly: A decision of the synthetic mutual's assembly, made up for the demonstration
parameters:
  mutual_fee:
    - {valid_from: 2026-01-01, known_from: 2026-01-01, value: "150.00", source: assembly}
"""


@dataclass
class Facts:
    """What one step tells the next ones."""

    members: int
    directory: Path
    seed: int = 1
    organisations: dict[str, str] = field(default_factory=dict)
    rejected_rows: int = 0
    charged: list[dict[str, Any]] = field(default_factory=list)
    declaration: dict[str, Any] = field(default_factory=dict)
    notice: dict[str, Any] = field(default_factory=dict)
    disbursement: dict[str, Any] = field(default_factory=dict)
    statement_lines: list[tuple[date, str, str, int]] = field(default_factory=list)
    """Value date, reference, description and signed centavos of the bank's lines so far."""
