"""Texts that people write into requests: of one line, without signs that cannot be seen."""

from typing import Annotated

from pydantic import StringConstraints

VISIBLE = r"^[^\x00-\x1f\x7f]+$"

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=VISIBLE)]
Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=3, max_length=300, pattern=VISIBLE)
]
"""Why something is done; kept in the audit."""
