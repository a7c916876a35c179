"""The kit for vendor JSON: strict conversion of attrs classes in the vendor's own shape, and lenient readers by name.

Nothing is coerced: a number is no text, a text is no flag, null is no 'None'. What the vendor's documents are known to
vary (flags as strings, the case of keys, several date forms) is read by a hook that a provider names where it needs it.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, tzinfo
from typing import Annotated, Any, TypeVar, get_args, get_origin

import attrs
import cattrs
from cattrs.cols import homogenous_tuple_structure_factory
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from esign_core.model.documents import Document
from esign_core.model.errors import UnreadableReplyError
from esign_core.model.fields import UNSET

T = TypeVar("T")

Flag = Annotated[bool | None, "flag"]
"""A flag that a vendor writes as a boolean, as 0 or 1, or as a text saying so."""
Text = Annotated[str | None, "text"]
"""A text that a vendor may also write as a number."""
Number = Annotated[int | None, "number"]
"""A whole number that a vendor may also write as a text."""

_KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (type(None), "null"),
    (bool, "a flag"),
    ((int, float), "a number"),
    (str, "a text"),
    (list, "a list"),
    (dict, "an object"),
)
_PLAIN_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_FLAGS = {"true": True, "1": True, "false": False, "0": False, "": None}


def wired(name: str, default: Any = attrs.NOTHING, **options: Any) -> Any:
    """Return an attrs field that is called `name` in the vendor's JSON; a default of UNSET is left out of requests."""
    return attrs.field(default=default, metadata={"wire": name}, kw_only=True, **options)


def make_converter() -> cattrs.Converter:
    """Return a fresh strict converter that knows `wired` names, `Flag`, `Text`, `Number` and documents as leaves."""
    converter = cattrs.Converter(prefer_attrib_converters=False)
    for kind in (str, int, float, bool):
        converter.register_structure_hook(kind, _exactly(kind))
    for annotated, reader in ((Flag, read_flag), (Text, read_text), (Number, read_number)):
        converter.register_structure_hook_func(_is(annotated), _hook(reader))
    converter.register_structure_hook_factory(attrs.has, lambda cls: _structure(cls, converter))
    converter.register_structure_hook_factory(_is_tuple, lambda kind: _tuple(kind, converter))
    converter.register_unstructure_hook_factory(attrs.has, lambda cls: _unstructure(cls, converter))
    converter.register_unstructure_hook(Document, lambda document: document)
    converter.register_unstructure_hook(datetime, format_instant)
    return converter


def load(converter: cattrs.Converter, cls: type[T], tree: Any, what: str) -> T:
    """Return the tree as a value of the class.

    Raises:
        UnreadableReplyError: it does not fit; the text says what and where, never the contents.
    """
    try:
        return converter.structure(tree, cls)
    except cattrs.StructureHandlerNotFoundError:
        raise
    except Exception as error:  # noqa: BLE001 - cattrs gathers errors of any kind in groups; all mean "does not fit"
        problems = "; ".join(cattrs.transform_error(error, path=what, format_exception=_plainly))
    raise UnreadableReplyError(f"the vendor's answer is not what was due: {problems}")


def merge_extras(body: Mapping[str, Any], extras: Mapping[str, Any]) -> dict[str, Any]:
    """Merge the extras of a draft or of a signer into a request body; neither is changed.

    Objects are merged member by member, at any depth. Everywhere else the value of the extras replaces that of the
    body: a list is replaced as a whole.
    """
    merged = dict(body)
    for name, value in extras.items():
        inner = merged.get(name)
        if isinstance(inner, Mapping) and isinstance(value, Mapping):
            value = merge_extras(inner, value)  # noqa: PLW2901 - the member as it is sent
        merged[name] = value
    return merged


def plain_id(value: Any) -> str:
    """Return an id from an answer to a call with an effect: one plain word, also where it is written as a number.

    Raises:
        UnreadableReplyError: it is anything else, from which no path may be built.
    """
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if isinstance(text, str) and _PLAIN_ID.fullmatch(text):
        return text
    raise UnreadableReplyError("the vendor's answer holds an id that is not one plain word")


def lower_keys(tree: Any) -> Any:
    """Return the tree with every key in lower case, so that a vendor's wavering case does not matter."""
    if isinstance(tree, Mapping):
        return {str(key).lower(): lower_keys(value) for key, value in tree.items()}
    return [lower_keys(item) for item in tree] if isinstance(tree, list) else tree


def read_flag(value: Any) -> bool | None:
    """Read a flag written as a boolean, as 0 or 1, as a text saying so, or as null."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and value in (0, 1):
        return bool(value)
    if isinstance(value, str) and value.strip().lower() in _FLAGS:
        return _FLAGS[value.strip().lower()]
    raise _unexpected("a flag", value)


def _unexpected(due: str, came: Any) -> ValueError:
    """Say what was due and what kind of thing came, never what it was."""
    kind = next((name for kinds, name in _KINDS if isinstance(came, kinds)), "something else")
    return ValueError(f"expected {due}, got {kind}")


def read_text(value: Any) -> str | None:
    """Read a text that may have been written as a number."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    raise _unexpected("a text", value)


def read_number(value: Any) -> int | None:
    """Read a whole number that may have been written as a text."""
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    if isinstance(value, str) and value.strip().isdecimal():
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and not value.strip():
        return None
    raise _unexpected("a whole number", value)


def read_instant(value: Any, zone: tzinfo = UTC) -> datetime | None:
    """Read a date and time in ISO 8601 or as `dd/mm/yyyy hh:mm:ss`; one without a zone is taken to be in `zone`.

    Returns:
        An aware datetime, or None for null and an empty text.

    Raises:
        ValueError: it is neither.
    """
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise _unexpected("a date and time", value)
    moment = _iso(value.strip()) or _slashed(value.strip())
    if moment is None:
        raise _unexpected("a date and time", value)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def lenient_instant(value: Any, zone: tzinfo = UTC) -> datetime | None:
    """Read a date and time where it is only for show: what cannot be read is None (`raw` keeps it)."""
    try:
        return read_instant(value, zone)
    except ValueError:
        return None


def format_instant(moment: datetime) -> str:
    """Return an aware datetime as JSON's usual text: UTC, milliseconds, `Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def read_base64(value: str) -> bytes:
    """Decode Base64 (RFC 4648); a data URI's prefix is passed over.

    Raises:
        UnreadableReplyError: it is none.
    """
    _, prefix, rest = value.partition("base64,")
    try:
        return base64.b64decode(rest if prefix else value, validate=True)
    except (binascii.Error, ValueError):
        pass
    raise UnreadableReplyError("the vendor's answer holds a file that is no Base64")


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _slashed(text: str) -> datetime | None:
    for form in ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 - the caller names the zone
        except ValueError:
            continue
    return None


def start_of_day(day: date, zone: tzinfo = UTC) -> datetime:
    """Return the first instant of a day in a zone."""
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def _exactly(kind: type) -> Callable[[Any, Any], Any]:
    def structure(value: Any, _: Any) -> Any:
        fits = isinstance(value, (int, float) if kind is float else kind)
        if not fits or (isinstance(value, bool) and kind is not bool):
            raise _unexpected(kind.__name__, value)
        return value

    return structure


def _hook(reader: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda value, _: reader(value)


def _is(wanted: Any) -> Callable[[Any], bool]:
    return lambda annotated: annotated == wanted


def _names(cls: type) -> dict[str, str]:
    return {field.name: field.metadata.get("wire", field.name) for field in attrs.fields(cls)}


def _structure(cls: Any, converter: cattrs.Converter) -> Any:
    names = {field: override(rename=name) for field, name in _names(cls).items()}
    return _only(Mapping, "an object", make_dict_structure_fn(cls, converter, **names))  # type: ignore[arg-type]  # overrides go by name


def _is_tuple(kind: Any) -> bool:
    return get_origin(kind) is tuple and get_args(kind)[-1] is ...


def _tuple(kind: Any, converter: cattrs.Converter) -> Any:
    return _only(list, "a list", homogenous_tuple_structure_factory(kind, converter))


def _only(given: type, called: str, structure: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    # cattrs takes anything that can be looked into: a text for an object of optional fields, or for a list of letters.
    def judge(value: Any, kind: Any) -> Any:
        if not isinstance(value, given):
            raise _unexpected(called, value)
        return structure(value, kind)

    return judge


def _unstructure(cls: Any, converter: cattrs.Converter) -> Any:
    optional = {field.name for field in attrs.fields(cls) if field.default is UNSET}
    overrides = {k: override(rename=v, omit_if_default=k in optional) for k, v in _names(cls).items()}
    return make_dict_unstructure_fn(cls, converter, **overrides)  # type: ignore[arg-type]  # overrides go by name


def _plainly(error: BaseException, kind: type | None) -> str:
    if isinstance(error, KeyError):
        return "a required field is missing"
    if isinstance(error, ValueError) and str(error).startswith("expected "):
        return str(error)
    return f"expected {getattr(kind, '__name__', 'something else')}"
