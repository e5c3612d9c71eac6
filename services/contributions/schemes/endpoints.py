"""HTTP face of schemes: what is in force, with its sources, and what a member would be charged.

A quote computes with the code and the authorisation of the charging run: they never differ.
"""

import re
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Header, Path, Query

from services.contributions.auth import SchemesReader
from services.contributions.authorisations import authorisation_on
from services.contributions.db import SessionDep
from services.contributions.schemes.catalogue import scheme_in_use, schemes_in_use
from services.contributions.schemes.definitions import Scheme
from services.contributions.schemes.problems import ParameterNotInForce, SchemeUnknown, WageBelowFloor
from services.contributions.schemes.quotes import HEADS_MAX, QuoteFacts, QuoteOut
from services.contributions.schemes.schemas import SchemeDetailOut, SchemeOut, SchemesOut
from services.contributions.schemes.terms import terms_of_period
from services.contributions.schemes.wording import Language
from services.kit import clock
from services.kit.money import Money
from services.kit.periods import Period
from services.kit.problems import Invalid, documented

router = APIRouter(prefix="/v1/schemes", tags=["schemes"])

AcceptLanguage = Annotated[str, Header(alias="Accept-Language", description="es or en")]
SchemeCode = Annotated[str, Path(examples=["do-sdss"])]
Amount = Annotated[
    str | None, Query(description="A decimal amount in the scheme's currency", examples=["18421.20"])
]
Heads = Annotated[int, Query(ge=0, le=HEADS_MAX)]

_AMOUNT = re.compile(r"\d{1,13}(\.\d{1,4})?", re.ASCII)


@router.get("", responses=documented())
def list_schemes(reader: SchemesReader, accept_language: AcceptLanguage = "en") -> SchemesOut:
    """The schemes that this mutual can contribute to."""
    language = _language(accept_language)
    return SchemesOut(items=[SchemeOut.of(scheme, language) for scheme in schemes_in_use().values()])


@router.get("/{code}", responses=documented(SchemeUnknown))
def show_scheme(
    code: SchemeCode, reader: SchemesReader, accept_language: AcceptLanguage = "en"
) -> SchemeDetailOut:
    """One scheme with every figure it holds, when each is valid and was known, and its source."""
    return SchemeDetailOut.of(scheme_in_use(code), _language(accept_language))


@router.get("/{code}/quote", responses=documented(SchemeUnknown, ParameterNotInForce, WageBelowFloor))
def quote(
    code: SchemeCode,
    reader: SchemesReader,
    session: SessionDep,
    wage: Amount = None,
    on: Annotated[date | None, Query(description="A day of the period; today if left out")] = None,
    known_on: Annotated[date | None, Query(description="As far as was known on this day")] = None,
    additional_dependants: Heads = 0,
    beneficiaries: Annotated[int, Query(ge=1, le=HEADS_MAX)] = 1,
    risk_class: Annotated[str | None, Query(description="The member's class; the first if left out")] = None,
    infotep: Annotated[
        bool | None, Query(description="Whether INFOTEP is owed; if left out, as authorised")
    ] = None,
    minimum_wage: Annotated[
        str | None, Query(description="The least wage to count; if left out, as authorised")
    ] = None,
    accept_language: AcceptLanguage = "en",
) -> QuoteOut:
    """What a member would be charged for the period of `on`: each line with its rule and source.

    The mutual's authorisation in force decides on INFOTEP and the least wage, as it does in the run;
    without one, the scheme does. A wage below the least is lifted to it, and the answer says so, where
    the scheme lifts.
    """
    scheme = scheme_in_use(code)
    today = clock.business_today(session)
    facts = QuoteFacts(
        wage_minor=_wage(wage, scheme),
        additional_dependants=additional_dependants,
        member_class=_member_class(risk_class, scheme),
        beneficiaries=beneficiaries,
    )
    period = Period.of(on or today)
    authorised = authorisation_on(session, scheme.code, period.last_day)
    least = None if authorised is None else authorised.minimum_wage_minor
    owes_infotep = authorised is not None and authorised.infotep
    terms = terms_of_period(
        scheme,
        period,
        known_on=known_on or today,
        switches=_switches(owes_infotep if infotep is None else infotep, scheme),
        permitted_minimum_minor=least
        if minimum_wage is None
        else _minor("minimum_wage", minimum_wage, scheme),
    )
    return QuoteOut.of(terms, facts, period, _language(accept_language))


def _wage(written: str | None, scheme: Scheme) -> int:
    if not scheme.uses_wage:
        return 0
    if written is None:
        raise _refused("wage", f"{scheme.code} charges by the wage; give it, for example 18421.20")
    if wage_minor := _minor("wage", written, scheme):
        return wage_minor
    raise _refused("wage", "must be more than zero")


def _minor(field: str, written: str, scheme: Scheme) -> int:
    if not _AMOUNT.fullmatch(written):
        raise _refused(field, f"{written!r} is not an amount; write digits, for example 18421.20")
    try:
        return Money.parse(written, scheme.currency).minor
    except ValueError as error:
        raise _refused(field, str(error)) from None


def _member_class(asked: str | None, scheme: Scheme) -> str | None:
    if scheme.member_class is None:
        return None
    if asked is None:
        return scheme.member_class.values[0]
    if asked not in scheme.member_class.values:
        raise _refused("risk_class", f"{asked!r} is not one of {', '.join(scheme.member_class.values)}")
    return asked


def _switches(infotep: bool, scheme: Scheme) -> frozenset[str]:
    if infotep and "infotep" not in scheme.switches:
        raise _refused("infotep", f"{scheme.code} has no such switch")
    return frozenset({"infotep"} if infotep else ())


def _refused(field: str, reason: str) -> Invalid:
    return Invalid(f"{field}: {reason}", errors=[{"field": field, "reason": reason}])


def _language(accepted: str) -> Language:
    """The first of the two languages that the header names; its weights are not read."""
    named = re.findall(r"\b(en|es)\b", accepted.lower())
    return "es" if named and named[0] == "es" else "en"
