"""The quote over HTTP: every line with its rule and source, and refusals that name the field."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from deploy.databases import Database
from services.contributions.charges.models import ChargeLine, Due
from services.contributions.schemes import schemes_in_use
from services.contributions.settings import settings
from services.kit import problems
from services.kit.money import Money
from tests import tokens
from tests.contributions import factories

Get = Callable[..., httpx.Response]
QUOTE = "/v1/schemes/do-sdss/quote"


@pytest.fixture
def get(api: TestClient) -> Get:
    """GET as a member of staff with `scopes`."""

    def get_as(
        path: str, *, scopes: str = "schemes:read", language: str = "en", **query: Any
    ) -> httpx.Response:
        headers = tokens.headers(tokens.staff(scopes)) | {"Accept-Language": language}
        response: httpx.Response = api.get(path, params=query, headers=headers)
        return response

    return get_as


def test_a_quote_shows_each_line_with_its_rule_and_source(get: Get) -> None:
    body = get(QUOTE, wage="18421.20", on="2026-07-15", additional_dependants=2, risk_class="I").json()
    assert body["total"] == {"amount": "7744.85", "currency": "DOP"}
    assert body["contributions"]["amount"] == "3905.29"
    assert body["dependants"]["amount"] == "3839.56"
    assert (body["period"], body["valid_on"], body["due_on"]) == ("2026-07", "2026-07-01", "2026-08-05")
    amounts = {line["line"]: line["amount"]["amount"] for line in body["lines"]}
    assert amounts == {
        "sfs_worker": "560.00",
        "sfs_employer": "1306.06",
        "svds_worker": "528.69",
        "svds_employer": "1307.91",
        "srl": "202.63",
        "additional_dependants": "3839.56",
    }
    for line in body["lines"]:
        assert line["rule"]
        assert line["source"]
        assert all(figure["valid_from"] <= "2026-07-01" for figure in line["figures"])
    first, last = body["lines"][0], body["lines"][-1]
    assert first["rule"] == (
        "3.04 % of DOP 18,421.20, which is below the cap of DOP 232,230.00, rounded half up"
    ).replace("DOP ", "DOP\xa0")
    assert (first["payer"], first["rate_percent"], first["base"]["amount"]) == ("worker", "3.04", "18421.20")
    assert (last["heads"], last["base"]["amount"]) == (2, "1919.78")
    assert "624-02" in last["source"]


def test_a_quote_speaks_spanish_when_asked(get: Get) -> None:
    body = get(QUOTE, wage="300000", on="2026-07-15", language="es-DO,es;q=0.9,en;q=0.5").json()
    srl = next(line for line in body["lines"] if line["line"] == "srl")
    assert srl["name"] == "Riesgos Laborales"
    assert srl["rule"].startswith("1.10 % de RD$92,892.00, lo más que cuenta")


def test_the_switch_adds_infotep(get: Get) -> None:
    query = {"wage": "40000", "on": "2026-07-01"}
    without, with_it = get(QUOTE, **query).json(), get(QUOTE, infotep=True, **query).json()
    assert without["total"]["amount"] == "8480.00"
    assert with_it["total"]["amount"] == "8880.00"


def test_a_wage_below_the_floor_is_lifted_and_says_so(get: Get) -> None:
    body = get(QUOTE, wage="15770.00", on="2026-07-01").json()
    assert body["wage"]["amount"] == "15770.00"
    assert body["wage_counted"]["amount"] == "16993.20"
    assert body["floor"]["lifted"] is True
    assert body["floor"]["minimum"]["amount"] == "16993.20"
    assert "380-02" in body["floor"]["source"]
    assert body["total"]["amount"] == "3602.56"


def test_the_authorisations_minimum_replaces_the_floor(get: Get) -> None:
    body = get(QUOTE, wage="15770.00", on="2026-07-01", minimum_wage="12000.00").json()
    assert (body["floor"]["lifted"], body["floor"]["figure"]) == (False, None)
    assert body["wage_counted"]["amount"] == "15770.00"


def test_the_fee_that_was_announced_late_depends_on_when_one_asks(get: Get) -> None:
    query = {"wage": "30000", "on": "2022-08-10", "additional_dependants": 1}
    then = get(QUOTE, known_on="2022-08-10", **query).json()
    now = get(QUOTE, **query).json()
    assert then["dependants"]["amount"] == "1327.81"
    assert now["dependants"]["amount"] == "1490.14"


def test_without_a_day_the_quote_is_for_the_period_of_today(get: Get) -> None:
    body = get(QUOTE, wage="30000").json()
    assert (body["period"], body["known_on"]) == ("2026-07", "2026-07-06")


def test_the_quote_at_the_counter_is_what_the_run_charges(get: Get, session: Session) -> None:
    factories.authorisation(session, minimum_wage_minor=15_000_00, infotep=True)
    given = {"declared_wage_minor": 15_770_55, "additional_dependants": 2, "risk_class": "III"}
    ana = factories.member(session, **given)
    factories.charge_period(session)
    quoted = get(QUOTE, wage="15770.55", on="2026-07-31", additional_dependants=2, risk_class="III").json()
    dues = session.exec(select(Due).where(Due.member_id == ana)).all()
    assert quoted["total"]["amount"] == Money(sum(due.total_minor for due in dues), "DOP").amount
    charged = {line.line: line.amount_minor for line in session.exec(select(ChargeLine)).all()}
    assert charged == {line["line"]: Money.parse(**line["amount"]).minor for line in quoted["lines"]}
    assert "infotep" in charged


def test_what_the_authorisation_says_can_be_asked_otherwise(get: Get, session: Session) -> None:
    factories.authorisation(session, minimum_wage_minor=15_000_00, infotep=True)
    query = {"wage": "14000", "on": "2026-07-01"}
    assert get(QUOTE, **query).json()["wage_counted"]["amount"] == "15000.00"
    body = get(QUOTE, minimum_wage="14000", infotep=False, **query).json()
    assert body["wage_counted"]["amount"] == "14000.00"
    assert "infotep" not in {line["line"] for line in body["lines"]}


@pytest.fixture
def fee_of_the_mutual(
    contributions: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[None]:
    """The service under a policy that asks 150.00 of each member a month."""
    policy = tmp_path / "policy.yaml"
    policy.write_text(
        "scheme: do-sdss\nsources: {assembly: Assembly of the mutual (synthetic)}\nparameters:\n"
        "  mutual_fee:\n"
        '    - {valid_from: 2026-07-01, known_from: 2026-06-10, value: "150.00", source: assembly}\n'
    )
    monkeypatch.setenv("AMPARO_CONTRIBUTIONS_POLICY_FILE", str(policy))
    settings.cache_clear()
    schemes_in_use.cache_clear()
    yield
    settings.cache_clear()
    schemes_in_use.cache_clear()


def test_the_mutuals_fee_comes_from_its_policy(fee_of_the_mutual: None, get: Get) -> None:
    body = get(QUOTE, wage="40000", on="2026-07-01").json()
    last = body["lines"][-1]
    assert (last["kind"], last["amount"]["amount"], last["rank"]) == ("fee", "150.00", 90)
    assert "Assembly of the mutual" in last["source"]
    assert (body["fees"]["amount"], body["total"]["amount"]) == ("150.00", "8630.00")


REFUSALS: list[tuple[dict[str, Any], str]] = [
    ({"wage": "-1"}, "wage"),
    ({"wage": "0"}, "wage"),
    ({"wage": "0.00"}, "wage"),
    ({"wage": "18421.205"}, "wage"),
    ({"wage": "1e5"}, "wage"),
    ({"wage": "\uff11\uff18\uff14\uff12\uff11"}, "wage"),
    ({"wage": "NaN"}, "wage"),
    ({"wage": "99999999999999"}, "wage"),
    ({"wage": ""}, "wage"),
    ({}, "wage"),
    ({"wage": "20000", "on": "2026-02-30"}, "on"),
    ({"wage": "20000", "on": "2021-07-31"}, "on"),
    ({"wage": "20000", "on": "2021-09-01", "additional_dependants": 1}, "on"),
    ({"wage": "20000", "known_on": "soon"}, "known_on"),
    ({"wage": "20000", "risk_class": "V"}, "risk_class"),
    ({"wage": "20000", "risk_class": "i"}, "risk_class"),
    ({"wage": "20000", "additional_dependants": -1}, "additional_dependants"),
    ({"wage": "20000", "additional_dependants": 51}, "additional_dependants"),
    ({"wage": "20000", "additional_dependants": "two"}, "additional_dependants"),
    ({"wage": "20000", "infotep": "perhaps"}, "infotep"),
    ({"wage": "20000", "minimum_wage": "-5"}, "minimum_wage"),
]


def test_bad_input_is_refused_naming_the_field(get: Get) -> None:
    for query, field in REFUSALS:  # one database serves them all: nothing is changed by a refusal
        response = get(QUOTE, **query)
        assert response.status_code == 422, query
        assert response.headers["content-type"] == problems.CONTENT_TYPE
        assert [error["field"] for error in response.json()["errors"]] == [field], query


def test_an_unknown_scheme_is_not_found(get: Get) -> None:
    for path in ("/v1/schemes/none", "/v1/schemes/none/quote"):
        response = get(path, wage="1")
        assert (response.status_code, response.json()["type"]) == (404, "scheme-unknown")


def test_schemes_need_the_right_to_read_them(get: Get) -> None:
    for path in ("/v1/schemes", "/v1/schemes/do-sdss", QUOTE):
        assert get(path, wage="20000", scopes="members:read").status_code == 403


def test_a_scheme_shows_all_its_figures_with_dates_and_sources(get: Get) -> None:
    [listed] = get("/v1/schemes").json()["items"]
    assert (listed["code"], listed["currency"]) == ("do-sdss", "DOP")
    shown = get("/v1/schemes/do-sdss").json()
    fees = [figure for figure in shown["figures"] if figure["parameter"] == "additional_dependant"]
    assert [figure["value"] for figure in fees] == ["1327.81", "1490.14", "1555.14", "1715.46", "1919.78"]
    late = fees[1]
    assert (late["valid_from"] < late["known_from"], late["known_from_assumed"]) == (True, True)
    assert shown["member_class_values"] == ["I", "II", "III", "IV"]
