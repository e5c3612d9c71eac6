"""Text as some keyboards give it."""


def wide(text: str) -> str:
    """The same text with full-width digits, as East Asian input methods write them."""
    return "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in text)
