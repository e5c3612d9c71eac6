"""A state agency to play against: it knows Amparo only by its public face, with credentials of its own.

It fetches the payrolls that were filed with it, checks and accepts them, and answers each with a
payment notice reckoned by itself, in which one member's wage is lifted to a floor. Then it announces
benefit money for some of the people on the payroll, one of whom it gets wrong.

    AMPARO_SANDBOX_CLIENT_ID=… AMPARO_SANDBOX_CLIENT_SECRET=… \\
        python -m deploy.sandbox.agency --url http://127.0.0.1:8000 --people people.json
"""

import argparse
import hashlib
import json
import logging
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

_log = logging.getLogger("sandbox.agency")

POLL_SECONDS = 0.5
LIFTED_TO_MINOR = 18_421_20
"""The least wage of a small employer in 2026, to which this agency lifts one member of each payroll."""
DEPENDANT_FEE_MINOR = 1_919_78
BENEFICIARY_EVERY = 50
ITEMS_AT_ONCE = 500

RATES = {"sfs": ((304, 709), 10), "svds": ((287, 710), 20)}
"""Worker's and employer's share of each branch in hundredths of a percent; the cap in minimum wages."""
RISK_RATES, RISK_CAP = {"I": 110, "II": 115, "III": 120, "IV": 130}, 4
MINIMUM_WAGE_MINOR = 23_223_00


@dataclass(frozen=True)
class Declared:
    """One line of a payroll, as this agency reads it by position."""

    document_type: str
    document: str
    name: str
    wage_minor: int


@dataclass(frozen=True)
class Person:
    """What the State knows of somebody besides the payroll: registered dependants, class of risk."""

    additional_dependants: int = 0
    risk_class: str = "I"


class Amparo:
    """The mutual's public face."""

    def __init__(self, url: str, client_id: str, client_secret: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=120)
        self._credentials = (client_id, client_secret)
        self._token, self._good_until = "", 0.0

    def get(self, path: str, **params: Any) -> httpx.Response:
        return self._call("GET", path, params=params)

    def post(self, path: str, body: Any, *, key: str | None = None) -> httpx.Response:
        return self._call("POST", path, json=body, key=key)

    def _call(self, method: str, path: str, *, key: str | None = None, **given: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self._bearer()}"}
        if key is not None:
            headers["Idempotency-Key"] = key
        answer = self._http.request(method, path, headers=headers, **given)
        if answer.is_error:
            _log.warning("%s %s: %s %s", method, path, answer.status_code, answer.text[:500])
        return answer.raise_for_status()

    def _bearer(self) -> str:
        if time.monotonic() >= self._good_until:
            asked = self._http.post(
                "/oauth/token", data={"grant_type": "client_credentials"}, auth=self._credentials
            )
            answer = asked.raise_for_status().json()
            self._token, self._good_until = answer["access_token"], time.monotonic() + 300
        return self._token


class Agency:
    """What the agency does with each payroll, once."""

    def __init__(self, amparo: Amparo, people: dict[str, Person]) -> None:
        self._amparo = amparo
        self._people = people

    def look(self) -> None:
        """Deal with every payroll that was filed and not accepted yet."""
        for filed in self._amparo.get("/agency/v1/declarations").json()["items"]:
            if filed["state"] == "filed":
                self._deal_with(filed)

    def _deal_with(self, filed: dict[str, Any]) -> None:
        declared = list(read_payroll(self._fetch(filed)))
        if len(declared) != filed["lines"]:
            raise ValueError(f"the payroll has {len(declared)} lines, {filed['lines']} were announced")
        self._send_notice(filed, declared)
        self._announce_benefits(filed, declared)
        # Accepted last: if this process is stopped in between, it does all again, by the same keys.
        path = f"/agency/v1/declarations/{filed['id']}/acceptances"
        self._amparo.post(path, {"reference": f"SUIR-{filed['period']}-{filed['id'][-6:]}"})
        _log.info("payroll of %s: %d people", filed["period"], len(declared))

    def _fetch(self, filed: dict[str, Any]) -> bytes:
        content = self._amparo.get(f"/agency/v1/declarations/{filed['id']}/file").content
        if hashlib.sha256(content).hexdigest() != filed["sha256"]:
            raise ValueError("the payroll's bytes are not those that were announced")
        return content

    def _send_notice(self, filed: dict[str, Any], declared: list[Declared]) -> None:
        lifted = min(declared, key=lambda line: (line.wage_minor, line.document))
        lines: list[dict[str, Any]] = []
        for line in declared:
            wage = max(line.wage_minor, LIFTED_TO_MINOR) if line is lifted else line.wage_minor
            branches = owed(wage, self._people.get(line.document, Person()))
            lines.append(
                {
                    "document_type": line.document_type,
                    "document": line.document,
                    "wage": money(wage),
                    "branches": {branch: money(minor) for branch, minor in branches.items()},
                }
            )
        total = sum(minor_of(amount) for line in lines for amount in line["branches"].values())
        period = filed["period"]
        notice = {
            "reference": f"NP-{period.replace('-', '')}-{filed['id'][-6:]}",
            "declaration_id": filed["id"],
            "type": "AM",
            "period": period,
            "issued_on": f"{period}-20",
            "due_on": due_on(period),
            "total": money(total),
            "lines": lines,
        }
        self._amparo.post("/agency/v1/payment-notices", notice, key=notice["reference"])

    def _announce_benefits(self, filed: dict[str, Any], declared: list[Declared]) -> None:
        chosen = declared[::BENEFICIARY_EVERY]
        items = [
            {
                "reference": str(number),
                "document": {"type": line.document_type, "number": line.document},
                "name": line.name,
                "amount": money(line.wage_minor * 60 // 100),
                "case_number": f"EXP-{filed['period']}-{number:04d}",
            }
            for number, line in enumerate(chosen, start=1)
        ]
        items.append(wrong_item(len(items) + 1))
        reference = f"SUB-{filed['period']}-{filed['id'][-6:]}"
        announced = self._amparo.post(
            "/agency/v1/disbursements",
            {
                "reference": reference,
                "benefit": "maternity",
                "declared_count": len(items),
                "declared_total": money(sum(minor_of(item["amount"]) for item in items)),
                "bank_reference": f"TRF-{reference}",
            },
            key=reference,
        ).json()
        path = f"/agency/v1/disbursements/{announced['id']}"
        for first in range(0, len(items), ITEMS_AT_ONCE):
            batch = items[first : first + ITEMS_AT_ONCE]
            self._amparo.post(f"{path}/items", {"items": batch}, key=f"{reference}-{first}")
        self._amparo.post(f"{path}/completions", {}, key=f"{reference}-complete")


def read_payroll(content: bytes) -> Iterator[Declared]:
    """The details of an AM file, by position (TSS, Instructivo v6.0)."""
    for line in content.decode("ascii").split("\r\n"):
        if line.startswith("D"):
            name = " ".join(line[30:160].split())
            yield Declared(line[4], line[5:30].strip(), name, int(line[169:185].replace(".", "")))


def owed(wage_minor: int, person: Person) -> dict[str, int]:
    """What both shares of each branch come to: half up to the centavo, per share, then summed."""
    branches = {
        branch: sum(share(wage_minor, rate, cap) for rate in rates) for branch, (rates, cap) in RATES.items()
    }
    branches["sfs"] += person.additional_dependants * DEPENDANT_FEE_MINOR
    branches["srl"] = share(wage_minor, RISK_RATES[person.risk_class], RISK_CAP)
    return branches


def share(wage_minor: int, rate: int, cap: int) -> int:
    """One share, rounded half up by itself."""
    return (2 * min(wage_minor, cap * MINIMUM_WAGE_MINOR) * rate + 10_000) // 20_000


def wrong_item(number: int) -> dict[str, Any]:
    """An item for somebody who is no member of this mutual."""
    return {
        "reference": str(number),
        "document": {"type": "C", "number": "99999999999"},
        "name": "NADIE DE AQUI",
        "amount": money(5_000_00),
        "case_number": "EXP-WRONG",
    }


def due_on(period: str) -> str:
    """The third day of the next month: near enough to the third working day for a sandbox."""
    year, month = divmod(int(period[:4]) * 12 + int(period[5:]), 12)
    return f"{year:04d}-{month + 1:02d}-03"


def money(minor: int) -> dict[str, str]:
    return {"amount": f"{minor // 100}.{minor % 100:02d}", "currency": "DOP"}


def minor_of(amount: Any) -> int:
    return int(amount["amount"].replace(".", ""))


def main() -> None:
    """Look for payrolls until told to stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True, help="the mutual's public address")
    parser.add_argument("--people", type=Path, help="JSON: document → [additional dependants, risk class]")
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, stream=sys.stderr)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    environment = os.environ
    amparo = Amparo(
        given.url, environment["AMPARO_SANDBOX_CLIENT_ID"], environment["AMPARO_SANDBOX_CLIENT_SECRET"]
    )
    known = json.loads(given.people.read_text()) if given.people else {}
    agency = Agency(amparo, {document: Person(*facts) for document, facts in known.items()})
    while True:
        try:
            agency.look()
        except (httpx.HTTPError, ValueError) as failure:
            _log.warning("will look again: %s", failure)
        time.sleep(POLL_SECONDS)


if __name__ == "__main__":
    main()
