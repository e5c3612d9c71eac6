"""The quote over HTTP: every line with its rule and source, and refusals that name the field."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi import FastAPI
from fastapi.testclient import TestClient
from jose import jwk

from services.contributions.schemes.catalogue import schemes_in_use
from services.contributions.schemes.endpoints import router
from services.contributions.settings import settings
from services.kit import problems, tokens
from services.kit.ids import new_id
from services.kit.settings import kit_settings

Get = Callable[..., httpx.Response]
QUOTE = "/v1/schemes/do-sdss/quote"


@pytest.fixture
def surroundings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Settings without a database: a quote reads none outside a sandbox."""
    given = {
        "NATS_URL": "nats://nowhere",
        "SECRET_KEY": "unused",
        "CONTRIBUTIONS_DATABASE_URL": "postgresql://nowhere/none",
        "CONTRIBUTIONS_CLIENT_SECRET": "unused",
    }
    for name, value in given.items():
        monkeypatch.setenv(f"AMPARO_{name}", value)
    monkeypatch.delenv("AMPARO_SANDBOX", raising=False)
    forgotten = (settings, kit_settings, schemes_in_use)
    for cached in forgotten:
        cached.cache_clear()
    yield
    for cached in forgotten:
        cached.cache_clear()


@pytest.fixture
def get(surroundings: None) -> Iterator[Get]:
    """GET as the holder of `scopes`."""
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
    public = jwk.construct(pem, tokens.ALGORITHM).public_key().to_dict()
    tokens.trust({"keys": [public | {"kid": "test"}]})
    app = FastAPI()
    problems.install(app)
    app.include_router(router)
    with TestClient(app) as client:

        def get_as(
            path: str, *, scopes: str = "schemes:read", language: str = "en", **query: Any
        ) -> httpx.Response:
            claims = {"sub": str(new_id()), "kind": "staff", "scope": scopes}
            token = tokens.sign(claims, kid="test", private_pem=pem)
            headers = {"Authorization": f"Bearer {token}", "Accept-Language": language}
            response: httpx.Response = client.get(path, params=query, headers=headers)
            return response

        yield get_as
    tokens.trust({"keys": []})


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
    today = datetime.now(UTC).date()
    assert abs((date.fromisoformat(body["valid_on"]) - today).days) <= 31
    assert body["known_on"][:4] == str(today.year)


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


@pytest.mark.parametrize(("query", "field"), REFUSALS, ids=str)
def test_bad_input_is_refused_naming_the_field(get: Get, query: dict[str, Any], field: str) -> None:
    response = get(QUOTE, **query)
    assert response.status_code == 422
    assert response.headers["content-type"] == problems.CONTENT_TYPE
    assert [error["field"] for error in response.json()["errors"]] == [field]


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
