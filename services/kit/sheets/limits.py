"""How much of a file is read before it is refused: a limit on everything."""

from dataclasses import dataclass

from services.kit.sheets.problems import SheetTooLarge

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What a caller accepts. The defaults hold a roster of a million families."""

    rows: int = 5_000_000
    columns: int = 256
    cell_characters: int = 4_000
    line_bytes: int = MIB
    unpacked_bytes: int = 4 * 1024 * MIB
    shared_strings_bytes: int = 128 * MIB
    shared_strings: int = 3_000_000


def ensure_cells_fit(line: int, cells: list[str], limits: Limits) -> None:
    """Refuse a row that is too wide or holds too long a cell (SheetTooLarge)."""
    if len(cells) > limits.columns:
        raise SheetTooLarge(
            f"Line {line} has {len(cells)} columns; at most {limits.columns} are read.", line=line
        )
    if cells and len(max(cells, key=len)) > limits.cell_characters:
        raise SheetTooLarge(
            f"A cell on line {line} holds more than {limits.cell_characters} characters."
            " Perhaps a quotation mark is never closed.",
            line=line,
        )
