"""Forms: what was typed, and what was wrong with it, each word at its field.

A form is rendered from a `Form`, refused into a `Form`, and so nothing typed is ever lost. The
idempotency key is minted when the form is first rendered and travels in it: a second click, a
reload or a retry on a bad line is the same request, and posts once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from services.kit.ids import new_id


def _mint() -> str:
    return str(new_id())


@dataclass(frozen=True, slots=True)
class Form:
    """Values and errors by field name; `refusal` is what belongs to no single field."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    refusal: str | None = None
    key: str = field(default_factory=_mint)

    def value(self, name: str) -> str:
        return self.values.get(name, "")

    def refused(self, errors: Mapping[str, str], refusal: str | None = None) -> "Form":
        """The same form with its errors; what was typed and the key stay."""
        return replace(self, errors=errors, refusal=refusal)

    @property
    def ok(self) -> bool:
        return not self.errors and self.refusal is None
