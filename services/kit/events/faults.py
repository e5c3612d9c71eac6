"""What went wrong, told without quoting anybody: messages of errors hold names and documents."""

import traceback
from pathlib import Path

import psycopg
from pydantic import ValidationError
from sqlalchemy import exc

_OURS = Path(__file__).resolve().parents[3]


def told(error: BaseException) -> str:
    """The kind of an error and where it arose; of a bad shape, the fields. Never a value."""
    if isinstance(error, ValidationError):
        wrong = [
            f"{'.'.join(str(step) for step in one['loc'])} ({one['type']})"
            for one in error.errors(include_input=False, include_url=False, include_context=False)
        ]
        return _storable(f"ValidationError: {', '.join(wrong[:5])}")
    cause = error.orig if isinstance(error, exc.DBAPIError) and error.orig else error
    state = f" {cause.sqlstate}" if isinstance(cause, psycopg.Error) and cause.sqlstate else ""
    return f"{type(cause).__name__}{state}{_place(error)}"


def detail(error: BaseException) -> str:
    """The whole story with its values, for the letter's own row and for nowhere else."""
    return _storable("".join(traceback.format_exception(error))[-4000:])


def _place(error: BaseException) -> str:
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if path.is_relative_to(_OURS) and "site-packages" not in path.parts:
            return f" at {path.relative_to(_OURS)}:{frame.lineno}"
    return ""


def _storable(told: str) -> str:
    """As PostgreSQL can keep it: a hostile message's NULs and half characters are in its error too."""
    return told.replace("\x00", "\\x00").encode("utf-8", "backslashreplace").decode()
