"""Periods: a month's figures in one place, and its closing.

Whoever is about to charge or declare a period calls `ensure_open` first.
"""

from services.contributions.periods.models import PeriodClosing
from services.contributions.periods.problems import PeriodClosed
from services.contributions.periods.queries import ensure_open

__all__ = ["PeriodClosed", "PeriodClosing", "ensure_open"]
