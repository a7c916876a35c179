"""The JSON Schemas of the reference agree with what `to_dict` writes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs
import pytest
from scripts.json_schema import Schema, json_schema, schema_text
from tests.unit.esign_core.model.test_json_form import VALUES
from tests.unit.esign_core.providers.test_validation import RICH

from esign_core import to_dict
from esign_core.model.documents import Document, TemplateDocument
from esign_core.model.errors import InvalidRequestError, OutcomeUnknownError, Problem, RateLimitError
from esign_core.model.json_form import KINDS
from esign_core.model.resend import Missed, ResendReport

ERRORS = [
    InvalidRequestError(problems=[Problem.invalid("name", "must be a text", "")]),
    OutcomeUnknownError(advice="Look at it.", status=502),
    RateLimitError("later"),
]
DOCUMENTS = [
    Document.from_url("https://files.example.com/c.pdf", name="c.pdf"),
    Document.from_bytes(b"%PDF-1.7", name="a.pdf"),
    Document.from_path(Path(__file__)),
    TemplateDocument(template_id="T1", values={"who": "Ana"}),
]
SAMPLES = [
    *VALUES,
    attrs.evolve(RICH, documents=DOCUMENTS, extras={}),
    ResendReport(process_id="P1", missed=[Missed(signer_id="S1", error=error) for error in ERRORS]),
]
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "null": (type(None),),
    "object": (dict,),
    "array": (list,),
}
VARIED = ("Document", "EsignError")
"""The written members of these depend on the value."""


def faults(form: Any, schema: Schema, whole: Schema, place: str = "", *, exact: str = "properties") -> list[str]:
    """Return the places at which a form differs from its schema; `exact` names what an object's members must be."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/$defs/")
        return faults(form, whole["$defs"][name], whole, place, exact="" if name in VARIED else exact)
    if "anyOf" in schema:
        tried = [faults(form, each, whole, place, exact=exact) for each in schema["anyOf"]]
        return [] if [] in tried else max(tried, key=len)
    if form not in schema.get("enum", [form]) or form != schema.get("const", form):
        return [place]
    kinds = schema.get("type", list(TYPES))
    allowed = [kind for name in ([kinds] if isinstance(kinds, str) else kinds) for kind in TYPES[name]]
    if type(form) not in allowed:
        return [place]
    if isinstance(form, list):
        items = schema.get("items", {})
        return [
            each for n, part in enumerate(form) for each in faults(part, items, whole, f"{place}[{n}]", exact=exact)
        ]
    return members(form, schema, whole, place, exact) if "properties" in schema else []


def members(form: dict[str, Any], schema: Schema, whole: Schema, place: str, exact: str) -> list[str]:
    """Return the places at which an object differs from its schema."""
    properties = schema["properties"]
    if not set(schema["required"]) <= set(form) <= set(properties) or (exact and set(form) != set(schema[exact])):
        return [place]
    return [
        each
        for name, part in form.items()
        for each in faults(part, properties[name], whole, f"{place}.{name}", exact=exact)
    ]


@pytest.mark.parametrize("value", SAMPLES, ids=[f"{type(value).__name__}-{n}" for n, value in enumerate(SAMPLES)])
def test_forms_have_the_schemas_properties(value: Any) -> None:
    """With secrets every property is written, without them those that are required."""
    schema = json_schema(type(value))
    assert faults(to_dict(value, secrets=True), schema, schema) == []
    assert faults(to_dict(value), schema, schema, exact="required") == []


def test_every_kind_has_a_sample() -> None:
    """No schema goes unchecked."""
    assert {type(value) for value in SAMPLES} == set(KINDS)


@pytest.mark.parametrize(
    ("change", "place"),
    [({"more": 1}, ""), ({"status": "in_progress"}, ".status"), ({"id": 5}, ".id"), ({"signers": [{}]}, ".signers[0]")],
)
def test_differences_are_found(change: dict[str, Any], place: str) -> None:
    """A member too many, an unknown word, another type and a missing member are found."""
    schema = json_schema(type(VALUES[0]))
    assert faults(to_dict(VALUES[0], secrets=True) | change, schema, schema) == [place]


def test_long_schemas_are_broken() -> None:
    """A part that fits stands on one line."""
    assert schema_text({"a": {"b": 1}}) == '{"a": {"b": 1}}'
    assert schema_text({"a": "x" * 200, "b": {"c": 1}}).splitlines()[2] == '  "b": {"c": 1}'
