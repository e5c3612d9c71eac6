"""What documents, phones and names have in common: text that came from keyboards and spreadsheets."""

import unicodedata

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣－"), "-")  # noqa: RUF001 — look-alikes are the point


class Unreadable(ValueError):
    """A value that cannot be what it should be. `code` is for programs, the message for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def plain(written: str) -> str:
    """The text with full-width and other scripts' digits as 0–9, one kind of dash and space, no
    invisible characters, and nothing around it.

    Checks of numbers come after this: `str.isdigit` and most libraries take a full-width 1 for a
    digit, and then two spellings of one document pass as two.
    """
    if written.isascii():
        return written.strip()
    folded = unicodedata.normalize("NFKC", written).translate(_DASHES)
    kept = (c for c in folded if unicodedata.category(c) not in {"Cf", "Cc"})
    return "".join(str(unicodedata.decimal(c, c)) if c.isdecimal() else c for c in kept).strip()
