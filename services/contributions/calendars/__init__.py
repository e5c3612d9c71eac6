"""Working days, and the two dates of a period that hang on them: the State's and the mutual's own.

The State's due date is the 3rd working day of the month after the period (TSS: Monday to Friday
less holidays). The mutual's cut-off comes earlier, since a member must have paid before the payroll
that names them is filed. Both rules are data; this package only counts days.
"""

from services.contributions.calendars.rules import (
    CutOffRule,
    DueRule,
    Override,
    WorkingCalendar,
    calendar_of,
    cut_off_on,
    due_on,
)

__all__ = [
    "CutOffRule",
    "DueRule",
    "Override",
    "WorkingCalendar",
    "calendar_of",
    "cut_off_on",
    "due_on",
]
