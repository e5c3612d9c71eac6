"""Synthetic members and their families, in the proportions that AMUSSOL reports (DOMAIN §1).

2.35 dependants per contributor, 0.03 of them additional; declared wages from the permitted minimum
upwards with a mean eleven per cent above it, as 15,770 was to 14,161 in 2024.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate
from random import Random

from deploy.sample.names import MEN, OCCUPATIONS, SURNAMES, WOMEN
from deploy.sample.numbers import Numbers

TEXT_VERSION = "2026-01"
"""Of the mandate and of the consent that every sample member signed."""

PARTNER_SHARE = 0.60
CHILDREN_WEIGHTS = (0.22, 0.25, 0.26, 0.15, 0.08, 0.03, 0.01)  # for none, one, two …
ADDITIONAL_SHARE = 0.03
AT_MINIMUM_SHARE = 0.45
MEAN_ABOVE_MINIMUM = Decimal("1.1136")
NO_MANDATE_SHARE = 0.01
NO_PHONE_SHARE = 0.06

_CHILDREN = tuple(accumulate(CHILDREN_WEIGHTS))
_YEAR_DAYS = 365.25
_ROUND_PESOS = Decimal("1E2")


@dataclass(slots=True)
class Person:
    """A row of the roster. The words are those that a secretary would write."""

    given_names: str
    first_surname: str
    second_surname: str
    sex: str
    birth_date: date
    document_type: str = ""
    document: str = ""
    relation: str = "titular"
    kind: str = ""


@dataclass(slots=True)
class Member(Person):
    """A contributor with what only members' rows hold."""

    phone: str = ""
    language: str = "es"
    organisation: str = ""
    occupation: str = ""
    risk_class: str = ""
    wage: Decimal = Decimal(0)
    agreed_on: date | None = None
    has_mandate: bool = True
    family: list[Person] = field(default_factory=list)


def make_members(
    count: int, seed: int, organisations: Sequence[str], minimum_wage: Decimal, as_of: date
) -> Iterator[Member]:
    """Yield `count` members; the same arguments give the same ones."""
    maker = _Maker(Random(seed), Numbers(seed), minimum_wage, as_of)
    # A few organisations are large and many are small.
    shares = list(accumulate(1 / place for place in range(1, len(organisations) + 1)))
    for _ in range(count):
        member = maker.member()
        if organisations:
            [member.organisation] = maker.random.choices(organisations, cum_weights=shares)
        yield member


@dataclass(slots=True)
class _Maker:
    random: Random
    numbers: Numbers
    minimum_wage: Decimal
    as_of: date

    def member(self) -> Member:
        chance = self.random.random
        sex = "F" if chance() < 0.54 else "M"
        age = self.random.triangular(20, 70, 36)
        hers, his, risk_class = self.random.choice(OCCUPATIONS)
        member = Member(*self._names(sex), sex, self._born(age))
        member.occupation, member.risk_class = hers if sex == "F" else his, risk_class
        member.document_type, member.document = self._document()
        member.phone = "" if chance() < NO_PHONE_SHARE else self.numbers.phone()
        member.language = "en" if chance() < 0.03 else "es"
        member.wage = self._wage()
        member.agreed_on = self.as_of - timedelta(days=self.random.randrange(1, 400))
        member.has_mandate = chance() >= NO_MANDATE_SHARE
        member.family = list(self._family(member, age))
        return member

    def _family(self, member: Member, age: float) -> Iterator[Person]:
        chance = self.random.random
        partner_surname = self.random.choice(SURNAMES)
        if chance() < PARTNER_SHARE:
            sex = "M" if member.sex == "F" else "F"
            words = ("esposa", "compañera") if sex == "F" else ("esposo", "compañero")
            relation = words[chance() < 0.5]
            partner = self._dependant(sex, max(18.5, age + self.random.uniform(-8, 8)), relation)
            partner.first_surname = partner_surname
            yield partner
        draw = chance()
        # A child is at least seventeen years younger than its parent, and a minor.
        oldest = min(17.5, age - 17)
        for _ in range(sum(draw >= share for share in _CHILDREN[:-1])):
            sex = "F" if chance() < 0.5 else "M"
            child = self._dependant(sex, self.random.uniform(0.1, oldest), "hija" if sex == "F" else "hijo")
            mother_first = member.sex == "F"
            child.first_surname = partner_surname if mother_first else member.first_surname
            child.second_surname = member.first_surname if mother_first else partner_surname
            yield child
        if chance() < ADDITIONAL_SHARE:
            sex = "F" if chance() < 0.6 else "M"
            words = ("madre", "suegra") if sex == "F" else ("padre", "suegro")
            relation = words[chance() < 0.3]
            yield self._dependant(sex, age + self.random.uniform(18, 35), relation, "adicional")

    def _dependant(self, sex: str, age: float, relation: str, kind: str = "directo") -> Person:
        person = Person(*self._names(sex), sex, self._born(min(age, 95)), relation=relation, kind=kind)
        if age > 18:
            person.document_type, person.document = "C", self.numbers.cedula()
        elif self.random.random() < 0.2:
            person.document_type, person.document = "N", self.numbers.nss()
        return person

    def _names(self, sex: str) -> tuple[str, str, str]:
        choice, chance = self.random.choice, self.random.random
        names = WOMEN if sex == "F" else MEN
        given = choice(names) if chance() < 0.4 else f"{choice(names)} {choice(names)}"
        return given, choice(SURNAMES), "" if chance() < 0.04 else choice(SURNAMES)

    def _document(self) -> tuple[str, str]:
        draw = self.random.random()
        if draw < 0.94:
            return "C", self.numbers.cedula()
        return ("P", self.numbers.passport()) if draw < 0.97 else ("N", self.numbers.nss())

    def _wage(self) -> Decimal:
        if self.random.random() < AT_MINIMUM_SHARE:
            return self.minimum_wage
        mean_more = float(self.minimum_wage * (MEAN_ABOVE_MINIMUM - 1)) / (1 - AT_MINIMUM_SHARE)
        # People name round figures.
        more = Decimal(self.random.expovariate(1 / mean_more))
        return (self.minimum_wage + more).quantize(_ROUND_PESOS) + 50

    def _born(self, age: float) -> date:
        return self.as_of - timedelta(days=int(age * _YEAR_DAYS))
