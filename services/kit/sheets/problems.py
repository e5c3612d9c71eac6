"""Why a file is refused as a whole. What is wrong with one row is the caller's to say, by line."""

from typing import ClassVar

from services.kit.problems import Problem


class EmptySheet(Problem):
    """The file holds no rows."""

    status: ClassVar[int] = 422


class NotASheet(Problem):
    """The file is neither CSV nor XLSX."""

    status: ClassVar[int] = 422


class NotWhatItSays(Problem):
    """The file's content does not fit its name."""

    status: ClassVar[int] = 422


class UnreadableText(Problem):
    """The text is neither UTF-8 nor Windows-1252."""

    status: ClassVar[int] = 422


class BrokenWorkbook(Problem):
    """The workbook is damaged or is not one."""

    status: ClassVar[int] = 422


class SuspiciousWorkbook(Problem):
    """The workbook is packed as no spreadsheet program packs it."""

    status: ClassVar[int] = 422


class HeadingsNotFound(Problem):
    """No row of headings was found."""

    status: ClassVar[int] = 422


class MissingColumns(Problem):
    """Columns that are needed are missing."""

    status: ClassVar[int] = 422


class DuplicateColumns(Problem):
    """A column is there twice."""

    status: ClassVar[int] = 422


class SheetTooLarge(Problem):
    """The sheet has more rows, columns or text than is accepted."""

    status: ClassVar[int] = 413


WHEN_READING = (
    EmptySheet,
    NotASheet,
    NotWhatItSays,
    UnreadableText,
    BrokenWorkbook,
    SuspiciousWorkbook,
    HeadingsNotFound,
    MissingColumns,
    DuplicateColumns,
    SheetTooLarge,
)
"""What `read_sheet` may raise, for an endpoint's `documented(…)`."""
