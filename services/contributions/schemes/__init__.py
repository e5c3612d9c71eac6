"""The rules of a social security as dated data, and the one place that computes a charge from them.

`terms_of_period` gives the rules of one period as far as they were known on a day; its `compute` is
called for the quote at the counter and for every member of a charging run alike.
"""

from services.contributions.schemes.catalogue import (
    Policy,
    parse_scheme,
    read_policy,
    scheme_in_use,
    schemes_in_use,
    shipped_schemes,
    under_policy,
)
from services.contributions.schemes.computing import LineTerms
from services.contributions.schemes.definitions import Scheme
from services.contributions.schemes.parameters import Book
from services.contributions.schemes.problems import ParameterNotInForce, SchemeUnknown, WageBelowFloor
from services.contributions.schemes.terms import Terms, terms_of_period, terms_on

__all__ = [
    "Book",
    "LineTerms",
    "ParameterNotInForce",
    "Policy",
    "Scheme",
    "SchemeUnknown",
    "Terms",
    "WageBelowFloor",
    "parse_scheme",
    "read_policy",
    "scheme_in_use",
    "schemes_in_use",
    "shipped_schemes",
    "terms_of_period",
    "terms_on",
    "under_policy",
]
