"""What a cell of a workbook says, as text that a person would have typed.

A cell holds a number and a style; only the style tells that 29221 is the first of January 1980, or
that 113918205 is shown as 00113918205. Dates become ISO, numbers keep their digits.
Source: ECMA-376 part 1, 18.3.1.4 (cells), 18.8.30 (number formats), 18.17.4 (dates).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from services.kit.sheets.markup import Element

NUMBER_CHARACTERS_MAX = 40

# Built-in formats that show a date or a time; 27–36 and 50–58 are those of Asian languages.
_DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_LITERALS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True)
class Styles:
    """Which styles show a number as a date, and which fill it with leading zeros to a width."""

    dates: frozenset[str] = frozenset()
    widths: dict[str, int] = field(default_factory=dict)
    since_1904: bool = False


def read_styles(elements: Iterable[Element], since_1904: bool) -> Styles:
    """Read `styles.xml`: a cell's style is the place of an `xf` within `cellXfs`."""
    codes: dict[str, str] = {}
    dates: set[str] = set()
    widths: dict[str, int] = {}
    count = 0
    for element in elements:
        if element.name == "numFmt":
            codes[element.get("numFmtId")] = element.get("formatCode")
        elif element.name == "xf" and element.parent == "cellXfs":
            format_id = element.get("numFmtId") or "0"
            code = codes.get(format_id)
            if is_date_format(code) if code else int(format_id) in _DATE_FORMATS:
                dates.add(str(count))
            elif code and (width := zeros_width(code)):
                widths[str(count)] = width
            count += 1
    return Styles(frozenset(dates), widths, since_1904)


def is_date_format(code: str) -> bool:
    """Whether a format code such as `dd/mm/yyyy` shows a date or a time of day (not a duration)."""
    shown = code.split(";")[0]
    if _ELAPSED.search(shown):
        return False
    return re.search("[dmyhs]", _LITERALS.sub("", shown), re.IGNORECASE) is not None


def zeros_width(code: str) -> int:
    """How many digits a code such as `000-0000000-0` always shows; 0 if it is not of that kind."""
    digits = _LITERALS.sub("", code.split(";")[0]).replace("-", "").replace(" ", "")
    return len(digits) if len(digits) > 1 and set(digits) == {"0"} else 0


def number_text(written: str) -> str:
    """A stored number without exponent, trailing zeros or the noise of binary fractions."""
    return written if written.isascii() and written.isdigit() else _fraction_text(written)


@lru_cache(maxsize=8_192)
def _fraction_text(written: str) -> str:
    is_fraction = "." in written or "e" in written.lower()
    number = Decimal(repr(float(written)) if is_fraction else int(written))
    if not number.is_finite() or number.adjusted() > 30:
        raise ValueError(f"{written!r} is not a number")
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache(maxsize=32_768)
def date_text(written: str, since_1904: bool) -> str:
    """A day number as an ISO date, with its time if it has one; what is no day stays a number."""
    days = float(written)
    # Day 60 is a 29 February 1900 that never was: Lotus's error, kept by every program since.
    first = (1904, 1, 1) if since_1904 else (1899, 12, 30 if days >= 60 else 31)
    epoch = datetime(*first)  # noqa: DTZ001 — a date in a cell has no time zone
    try:
        moment = epoch + timedelta(seconds=round(days * 86_400))
    except OverflowError:
        return number_text(written)
    if 0 <= days < 1:
        return moment.time().isoformat()
    return moment.date().isoformat() if moment.time() == moment.min.time() else moment.isoformat()


def plain_text(text: str) -> str:
    """A text with its `_x000D_` escapes resolved."""
    return _ESCAPED.sub(_unescape, text) if "_x" in text else text


def _unescape(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    # NUL and halves of surrogate pairs stand in no text that a database takes.
    return "" if code == 0 or 0xD800 <= code <= 0xDFFF else chr(code)


def cell_text(kind: str, style: str | None, written: str, styles: Styles) -> str:
    """The text of a cell that holds no text: number, date, truth value or error."""
    if kind == "n":
        if len(written) > NUMBER_CHARACTERS_MAX:
            raise ValueError(f"{written[:NUMBER_CHARACTERS_MAX]!r}… is not a number")
        if style in styles.dates:
            return date_text(written, styles.since_1904)
        text = number_text(written)
        width = styles.widths.get(style or "")
        return text.zfill(width) if width and text.isdigit() else text
    if kind == "b":
        return "TRUE" if written in {"1", "true"} else "FALSE"
    if kind == "d":
        return written.removesuffix("Z").removesuffix("T00:00:00")
    return written
