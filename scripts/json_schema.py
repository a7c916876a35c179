"""Build the JSON Schema of what `esign_core.to_dict` writes, from the fields and the types of the code."""

from __future__ import annotations

import enum
import json
import types
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

import attrs
from scripts.reading import fields_of

from esign_core.model.documents import Document
from esign_core.model.errors import EsignError
from esign_core.model.headers import Headers
from esign_core.model.json_form import VERSION
from esign_core.model.status import ProcessStatus, SignerStatus

Schema = dict[str, Any]

_SECRET = ("raw", "link")
_CONTENT = "content"
_WIDTH = 116
_TEXT: Schema = {"type": "string"}
_NULL: Schema = {"type": "null"}
_PLAIN: Mapping[Any, Schema] = {
    Any: {},
    str: _TEXT,
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    type(None): _NULL,
    datetime: {"type": "string", "format": "date-time"},
    timedelta: {"type": "number", "description": "in seconds"},
    bytes: {"type": "string", "contentEncoding": "base64"},
    Path: _TEXT,
    Headers: {"type": "object", "additionalProperties": _TEXT},
}
_DOCUMENT: Schema = {
    "type": "object",
    "description": "a document: with `url`, with `path` and `stamp`, or with `sha256`; its contents are not written",
    "properties": {
        "name": _TEXT,
        "size": {"type": ["integer", "null"]},
        "url": _TEXT,
        "path": _TEXT,
        "stamp": {"type": "array", "items": {"type": "integer"}},
        "sha256": {"type": ["string", "null"]},
    },
    "required": ["name", "size"],
}
_MAYBE: Schema = {"type": ["string", "null"]}
_SAID: Schema = {
    "class": _TEXT,
    "message": _MAYBE,
    "provider": _MAYBE,
    "operation": _MAYBE,
    "process_id": _MAYBE,
    "status": {"type": ["integer", "null"]},
    "vendor_code": _MAYBE,
    "vendor_message": _MAYBE,
    "hint": _MAYBE,
}
_ERROR: Schema = {
    "type": "object",
    "description": "an error: the name of its class, and what it carries",
    "properties": {
        **_SAID,
        "problems": {"type": "array", "items": {"type": "object"}},
        "advice": _TEXT,
        "retry_at": {"type": ["string", "null"], "format": "date-time"},
    },
    "required": list(_SAID),
}


def json_schema(kind: type) -> Schema:
    """Return the JSON Schema of one class; the classes of its fields are in `$defs`."""
    parts: dict[str, Schema] = {}
    schema = _of_class(kind, parts)
    schema["properties"] = {"esign": {"const": VERSION}, **schema["properties"]}
    schema["required"] = ["esign", *schema["required"]]
    head: Schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": kind.__name__}
    return head | schema | ({"$defs": dict(sorted(parts.items()))} if parts else {})


def schema_text(node: Any, indent: str = "") -> str:
    """Return a schema as JSON text, each part on one line where it fits."""
    flat = json.dumps(node, ensure_ascii=False)
    if len(indent) + len(flat) <= _WIDTH or not isinstance(node, dict):
        return flat
    inner = indent + "  "
    lines = [f"{inner}{json.dumps(key)}: {schema_text(part, inner)}" for key, part in node.items()]
    return "{\n" + ",\n".join(lines) + f"\n{indent}}}"


def _of_class(kind: type, parts: dict[str, Schema]) -> Schema:
    hints = get_type_hints(kind)
    docs = {name: doc for name, _, _, doc in fields_of(kind.__module__, kind.__qualname__)}
    properties: Schema = {}
    for field in attrs.fields(kind):
        if field.name == _CONTENT:
            continue
        secret = "Written only with `secrets=True`." if field.name in _SECRET else ""
        said = " ".join(filter(None, [docs.get(field.name, ""), secret]))
        form = _of_type(hints[field.name], parts)
        properties[field.name] = {**form, "description": " ".join(said.split())} if said else form
    required = [name for name in properties if name not in _SECRET]
    return {"type": "object", "properties": properties, "required": required}


def _of_type(hint: Any, parts: dict[str, Schema]) -> Schema:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _any_of([_of_type(member, parts) for member in get_args(hint)])
    if origin is tuple:
        return {"type": "array", "items": _of_type(get_args(hint)[0], parts)}
    if origin is Mapping:
        return {"type": "object"}
    if hint in _PLAIN:
        return _PLAIN[hint]
    if issubclass(hint, enum.Enum):
        named = issubclass(hint, (ProcessStatus, SignerStatus))
        return {"enum": [each.name if named else each.value for each in hint]}
    return _reference(hint, parts)


def _reference(kind: type, parts: dict[str, Schema]) -> Schema:
    if kind.__name__ not in parts:
        special = {Document: _DOCUMENT, EsignError: _ERROR}.get(kind)
        parts[kind.__name__] = _of_class(kind, parts) if special is None else special
    return {"$ref": f"#/$defs/{kind.__name__}"}


def _any_of(forms: list[Schema]) -> Schema:
    # A plain type that may be null is written in the short form.
    if len(forms) == 2 and forms[1] == _NULL and isinstance(forms[0].get("type"), str):
        return {**forms[0], "type": [forms[0]["type"], "null"]}
    return {"anyOf": forms}
