"""The roster: the format in which an organisation's secretary keeps members and their families.

One sheet, one row per person. A row whose `Cédula del titular` is empty is a member; one that names a
member's document there is of that member's family, wherever it stands in the sheet. Only the columns
that tell who a person is must be there; what a person's row must hold beyond that depends on which of
the two it is. Headings are understood in Spanish and English, in any order, with or without accents.

Dates are `AAAA-MM-DD` or `DD/MM/AAAA`, amounts `15770.00` or `15,770.00`, documents with or without
dashes. The words that stand for something are in `WORDS`.
"""

from collections.abc import Mapping
from functools import lru_cache

from services.kit.sheets import Column, heading_key

COLUMNS = (
    Column("document_type", ("Tipo de documento", "Document type")),
    Column(
        "document_number", ("Documento", "Cédula", "No. de documento", "Document number", "Document"), True
    ),
    Column("given_names", ("Nombres", "Nombre", "Given names", "First names"), True),
    Column("first_surname", ("Primer apellido", "Apellido paterno", "First surname", "Surname"), True),
    Column("second_surname", ("Segundo apellido", "Apellido materno", "Second surname")),
    Column("sex", ("Sexo", "Sex"), True),
    Column("birth_date", ("Fecha de nacimiento", "Nacimiento", "Birth date", "Date of birth"), True),
    Column("member_document", ("Cédula del titular", "Documento del titular", "Titular", "Member document")),
    Column("relation", ("Parentesco", "Relación", "Relation", "Relationship")),
    Column("kind", ("Tipo de dependiente", "Dependant kind", "Dependent type")),
    Column("phone", ("Teléfono", "Celular", "Móvil", "Phone", "Mobile")),
    Column("language", ("Idioma", "Language")),
    Column("organisation", ("Organización", "Asociación", "Organisation", "Organization", "Association")),
    Column("occupation", ("Ocupación", "Oficio", "Occupation")),
    Column("risk_class", ("Clase de riesgo", "Risk class")),
    Column(
        "declared_wage", ("Salario cotizable", "Salario", "Ingreso mensual", "Declared wage", "Wage"), True
    ),
    Column("mandate_signed_on", ("Fecha del mandato", "Mandate date", "Mandate signed on")),
    Column("mandate_text_version", ("Versión del mandato", "Mandate version")),
    Column("consent_given_on", ("Fecha del consentimiento", "Consent date", "Consent given on")),
    Column("consent_text_version", ("Versión del consentimiento", "Consent version")),
    Column("document_override_reason", ("Motivo de excepción", "Override reason")),
)
"""Named as the API names its fields. `document_override_reason` admits a document whose check digit
fails; `kind` may stay empty where the relation and the age leave no doubt."""

HEADINGS = {column.name: column.heading for column in COLUMNS}
"""Of each column the Spanish heading: what templates and exports show."""

_WORDS: dict[str, dict[str, str]] = {
    "document_type": {
        "C": "C, cédula, cedula de identidad, CIE, identity card",
        "N": "N, NSS, número de seguridad social, social security number",
        "P": "P, pasaporte, passport",
        "R": "R, residencia, carné de residencia, permiso de residencia, residence permit",
        "U": "U, ACNUR, UNHCR",
        "O": "O, otro, other",
    },
    "sex": {"M": "M, masculino, hombre, male", "F": "F, femenino, mujer, female"},
    "relation": {
        "": "titular, afiliado, afiliada, socio, socia, member",
        "spouse": "cónyuge, esposo, esposa, spouse, husband, wife",
        "partner": "compañero, compañera, pareja, unión libre, partner",
        "child": "hijo, hija, hijastro, hijastra, child, son, daughter",
        "parent": "padre, madre, parent, father, mother",
        "parent_in_law": "suegro, suegra, parent in law, father in law, mother in law",
        "other": "otro, otra, other",
    },
    "kind": {"direct": "directo, directa, direct", "additional": "adicional, additional"},
    "language": {"es": "es, español, spanish", "en": "en, inglés, english"},
    "risk_class": {"I": "I, 1", "II": "II, 2", "III": "III, 3", "IV": "IV, 4"},
}

WORDS: dict[str, Mapping[str, str]] = {
    column: {heading_key(word): meant for meant, words in meanings.items() for word in words.split(",")}
    for column, meanings in _WORDS.items()
}
"""For each column with a closed list: what a word written there means."""


@lru_cache(maxsize=4_096)
def meaning(column: str, written: str) -> str | None:
    """What a word in a column of `WORDS` means to the API; None if it means nothing there.

    `Hija` and `DAUGHTER` are `child`; `titular` is "" (no relation: the row is a member's).
    """
    return WORDS[column].get(heading_key(written))


def is_member(cells: Mapping[str, str]) -> bool:
    """Whether a row is a member's own: it names no member, or none but the person in it."""
    return cells["member_document"] in {"", cells["document_number"]}
