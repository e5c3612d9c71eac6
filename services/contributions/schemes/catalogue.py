"""The schemes that are shipped, and a mutual's own figures laid over them.

A scheme is the law's; a policy is the mutual's: its fee, with the days it holds from and was known
from. A policy can set only what the scheme leaves to the mutual.
"""

from functools import lru_cache
from pathlib import Path

from pydantic import Field

from services.contributions.datafiles import Loc, Strict, read_file, read_text
from services.contributions.schemes.consistency import contradictions
from services.contributions.schemes.definitions import Code, Row, Scheme
from services.contributions.schemes.problems import SchemeUnknown
from services.contributions.settings import settings

_DATA = Path(__file__).parent / "data"


class Policy(Strict):
    """What one mutual decides for one scheme; an empty one charges no fee."""

    scheme: Code
    sources: dict[str, str] = Field(default_factory=dict)
    parameters: dict[Code, tuple[Row, ...]] = Field(default_factory=dict)


@lru_cache
def shipped_schemes() -> dict[str, Scheme]:
    """All schemes in the package, by code."""
    read = [read_file(path, Scheme, contradictions) for path in sorted(_DATA.glob("*.yaml"))]
    return {scheme.code: scheme for scheme in read}


@lru_cache
def schemes_in_use() -> dict[str, Scheme]:
    """All schemes, with the figures that this mutual's policy file sets."""
    schemes = shipped_schemes()
    path = settings().policy_file
    if path is None:
        return schemes
    policy = read_policy(path)
    return schemes | {policy.scheme: under_policy(schemes[policy.scheme], policy)}


def scheme_in_use(code: str) -> Scheme:
    """One scheme under this mutual's policy. Raises SchemeUnknown."""
    try:
        return schemes_in_use()[code]
    except KeyError:
        raise SchemeUnknown from None


def parse_scheme(text: str, *, name: str = "scheme") -> Scheme:
    """Read a scheme from YAML. Raises DataFileInvalid, which names each fault with its line."""
    return read_text(text, Scheme, contradictions, name=name)


def read_policy(path: Path) -> Policy:
    """Read a mutual's policy. Raises DataFileInvalid, which names each fault with its line."""

    def check(policy: Policy) -> list[tuple[Loc, str]]:
        scheme = shipped_schemes().get(policy.scheme)
        if scheme is None:
            return [(("scheme",), f"there is no scheme {policy.scheme}")]
        foreign: list[tuple[Loc, str]] = [
            (("parameters", code), f"{policy.scheme} does not leave {code} to the mutual")
            for code in policy.parameters
            if code not in scheme.parameters or scheme.parameters[code].set_by != "mutual"
        ]
        return foreign or list(contradictions(under_policy(scheme, policy)))

    return read_file(path, Policy, check)


def under_policy(scheme: Scheme, policy: Policy) -> Scheme:
    """The scheme with the mutual's own figures in it."""
    set_by_mutual = {
        code: scheme.parameters[code].model_copy(update={"values": values})
        for code, values in policy.parameters.items()
    }
    return scheme.model_copy(
        update={
            "parameters": scheme.parameters | set_by_mutual,
            "sources": scheme.sources | policy.sources,
        }
    )
