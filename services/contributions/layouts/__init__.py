"""The State's file layouts as data, a quick writer, and a reader that trusts nothing.

TSS / SUIR Plus, Instructivo v6.0: `tss-payroll` (AM, AR), `tss-changes` (NV), `tss-dependants` (RD).
"""

from services.contributions.layouts.definitions import Profile, parse_profile, shipped_profiles
from services.contributions.layouts.files import FileWriter, FileWritten, TooManyDetails
from services.contributions.layouts.reading import LayoutFault, LayoutReader, Record
from services.contributions.layouts.text import to_document_number, to_state_text
from services.contributions.layouts.writing import RecordWriter, RowFault, RowsUnwritable

__all__ = [
    "FileWriter",
    "FileWritten",
    "LayoutFault",
    "LayoutReader",
    "Profile",
    "Record",
    "RecordWriter",
    "RowFault",
    "RowsUnwritable",
    "TooManyDetails",
    "parse_profile",
    "shipped_profiles",
    "to_document_number",
    "to_state_text",
]
