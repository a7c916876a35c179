"""Convert vendor JSON: attrs classes in the vendor's own shape, strictly, and readers for what vendors vary.

Nothing is coerced: a number is not a text, a text is not a flag, null is not 'None'. What the vendor's documents are
known to vary (flags as strings, the case of keys, several date forms) is read by a hook that a provider names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Annotated, Any, TypeVar, get_args, get_origin

import attrs
import cattrs
from cattrs.cols import homogenous_tuple_structure_factory
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from esign_core.model.documents import Document
from esign_core.model.errors import UnreadableReplyError
from esign_core.model.fields import UNSET
from esign_core.redaction import mask

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
_LONGEST_QUOTED = 100
_PLAIN_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TRUE = ("true", "1", "1.0", "yes", "y", "on", "sim", "si", "sí", "s", "verdadeiro", "verdadero")
_FALSE = ("false", "0", "0.0", "no", "n", "off", "não", "nao", "falso")
_FLAGS = {**dict.fromkeys(_TRUE, True), **dict.fromkeys(_FALSE, False), "": None}
_WHOLE = re.compile(r"([+-]?\d{1,30})(?:[.,]0+)?")

_NO_DATE = frozenset({"", "null", "none", "nil", "undefined", "invalid date", "nan", "n/a", "na", "n/d", "nat"})
# Dates that stand for "no date": .NET's DateTime.MinValue (0001-01-01), SQL Server's smallest datetime (1753-01-01),
# OLE's day 0 (1899-12-30), SQL Server's datetime of an empty text (1900-01-01), the Unix epoch, which is ECMAScript's
# `new Date(null)` (1970-01-01, in any zone), and .NET's DateTime.MaxValue (9999-12-31).
_FIRST_FACT = datetime(1970, 1, 2)  # noqa: DTZ001 - compared without zones
_LAST_FACT = datetime(9999, 1, 1)  # noqa: DTZ001 - compared without zones


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
    """Structure a tree as a value of the class.

    Raises:
        UnreadableReplyError: it does not fit; the text says what and where, never the contents.
    """
    try:
        return converter.structure(tree, cls)
    except cattrs.StructureHandlerNotFoundError:
        raise
    except Exception as error:  # noqa: BLE001 - cattrs gathers errors of any kind in groups; all mean "does not fit"
        problems = "; ".join(cattrs.transform_error(error, path=what, format_exception=_plainly))
    raise UnreadableReplyError(f"unexpected response from the vendor: {problems}")


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
    # Quoted, so that a person can look for it; it may be anything, so what looks secret or personal is masked.
    quoted = f"The vendor calls it {mask(repr(text[:_LONGEST_QUOTED]))}." if isinstance(text, str) and text else None
    raise UnreadableReplyError("the vendor's answer holds an id that is not one plain word", hint=quoted)


def lower_keys(tree: Any) -> Any:
    """Return the tree with every key in lower case, so that the case a vendor writes them in does not matter."""
    if isinstance(tree, Mapping):
        return {str(key).lower(): lower_keys(value) for key, value in tree.items()}
    return [lower_keys(item) for item in tree] if isinstance(tree, list) else tree


def read_flag(value: Any) -> bool | None:
    """Read a flag written as a boolean, as 0 or 1, as a text saying so, or as null."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, (int, float)) and value in (0, 1):
        return bool(value)
    if isinstance(value, str) and value.strip().lower() in _FLAGS:
        return _FLAGS[value.strip().lower()]
    raise _unexpected("a flag", value)


def _unexpected(due: str, came: Any) -> ValueError:
    """Return an error that names what was expected and the kind of what came, never its value."""
    kind = next((name for kinds, name in _KINDS if isinstance(came, kinds)), "something else")
    return ValueError(f"expected {due}, got {kind}")


def read_text(value: Any) -> str | None:
    """Read a text that may have been written as a number; a number written as `5.0` is read as `5`."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    raise _unexpected("a text", value)


def read_number(value: Any) -> int | None:
    """Read a whole number that may have been written as a text or with a fraction of zero: `8`, `"8"`, `"8.0"`."""
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str):
        found = _WHOLE.fullmatch(value.strip())
        if found:
            return int(found[1])
        if not value.strip():
            return None
    raise _unexpected("a whole number", value)


def lenient(reader: Callable[[Any], T | None], value: Any) -> T | None:
    """Read an optional field: a value that its reader refuses becomes None (`raw` keeps it)."""
    try:
        return reader(value)
    except ValueError:
        return None


def read_instant(value: Any, zone: tzinfo = UTC) -> datetime | None:
    """Read a date and time in ISO 8601 or as `dd/mm/yyyy hh:mm:ss`; one without a zone is taken to be in `zone`.

    Returns:
        An aware datetime, or None for null and for what stands for "no date": a blank, a dash, a word such as `null`,
        zeros, and the dates that systems write where they have none.

    Raises:
        ValueError: it is neither.
    """
    if value is None:
        return None
    if not isinstance(value, str):
        raise _unexpected("a date and time", value)
    text = value.strip()
    if text.lower() in _NO_DATE or not text.strip("0-/:. TZ"):
        return None
    moment = _iso(text) or _slashed(text)
    if moment is None:
        raise _unexpected("a date and time", value)
    if not _FIRST_FACT < moment.replace(tzinfo=None) < _LAST_FACT:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def fact_date(value: Any, zone: tzinfo = UTC) -> datetime | None:
    """Return the date and time that a value states as a fact, or None: an unreadable value states nothing."""
    return lenient(lambda given: read_instant(given, zone), value)


lenient_instant = fact_date


def format_instant(moment: datetime) -> str:
    """Return an aware datetime as JSON's usual text: UTC, milliseconds, `Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


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
