"""Resolve references in settings and convert values strictly to the types of the settings class."""

from __future__ import annotations

import collections.abc
import enum
import os
import re
import types
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

import attrs
import cattrs

from esign_core.accounts.settings import Secret
from esign_core.redaction import MASK, mask

__all__ = ["Invalid", "Text", "looks_secret", "read_value", "sandbox_default", "shown_name"]

_MOST_HOPS = 5
_LONGEST_FILE = 1_000_000
_LISTS = (tuple, list, set, frozenset, collections.abc.Sequence, collections.abc.Iterable)
# A long run of letters and digits, and a GUID, is how vendors write their keys.
_KEY = re.compile(
    r"(?=[A-Za-z]*[0-9])[A-Za-z0-9]{20,}|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|(?i:p[ru]k[_-])"
)
_LONGEST_NAME = 100
_WORDS = {"true": True, "1": True, "false": False, "0": False}


class Text(str):
    """Mark a text from an environment variable or a file, from which numbers, flags and lists are read."""

    __slots__ = ()


@attrs.frozen
class Invalid:
    """Say what is wrong with a value, without the value: "must be a number"."""

    what: str


class _BlankError(ValueError):
    """A text is blank."""


def read_value(raw: object, kind: Any, environ: Mapping[str, str], folder: Path) -> Any:
    """Resolve the references in a value and convert it to a type, or say what is wrong with it."""
    if isinstance(raw, Text) and _item(kind) is not None:
        raw = [Text(item.strip()) for item in raw.split(",")]
    if isinstance(raw, str) and _item(kind) is not None:
        return Invalid(f"must be {_expected(kind)}")
    resolved = _resolved(raw, environ, folder)
    if isinstance(resolved, Invalid) or kind is None:
        return resolved
    try:
        return _converter(folder).structure(resolved, kind)
    except _BlankError:
        return Invalid("is blank; give it a value or leave it out")
    except Exception:  # noqa: BLE001 - a converter's message would repeat the value
        return Invalid(f"must be {_expected(kind)}")


def looks_secret(text: str) -> bool:
    """Return whether a text may be a key, a password or a person's data rather than a name."""
    return len(text) > _LONGEST_NAME or _KEY.search(text) is not None or mask(text) != text


def shown_name(name: object) -> str:
    """Return a name as an error may show it: a value that was given as a name is hidden."""
    text = str(name)
    return MASK if looks_secret(text) else text


def sandbox_default(kind: Any, name: str) -> Any:
    """Return an invented value for a required text or secret that the sandbox does not need; otherwise None."""
    if kind is str:
        return f"sandbox-{name}"
    if get_origin(kind) is not None and _is_secret(kind) and get_args(kind) == (str,):
        return get_origin(kind)(f"sandbox-{name}")
    return None


def _resolved(raw: object, environ: Mapping[str, str], folder: Path) -> Any:
    if isinstance(raw, str):
        return _follow(raw, environ, folder)
    if isinstance(raw, list | tuple):
        items = [_resolved(item, environ, folder) for item in raw]
        return next((item for item in items if isinstance(item, Invalid)), items)
    if isinstance(raw, Mapping):
        table = {key: _resolved(item, environ, folder) for key, item in raw.items()}
        return next((item for item in table.values() if isinstance(item, Invalid)), table)
    return raw


def _follow(text: str, environ: Mapping[str, str], folder: Path) -> str | Invalid:
    # A reference may lead to another, such as a variable that says file:///run/secrets/key.
    for _ in range(_MOST_HOPS):
        if text.startswith("env://"):
            name = text.removeprefix("env://")
            if name not in environ:
                return Invalid(f"refers to the environment variable {shown_name(name)}, which is not set")
            text = Text(environ[name])
        elif text.startswith("file://"):
            content = _file(folder / Path(text.removeprefix("file://")).expanduser())
            if isinstance(content, Invalid):
                return content
            text = Text(content)
        else:
            return text
    return Invalid("must not refer from one reference to the next without an end")


def _file(path: Path) -> str | Invalid:
    try:
        # Bounded, because a path may lead to a device that never ends.
        with path.open("rb") as file:
            content = file.read(_LONGEST_FILE + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is not valid"
        return Invalid(f"refers to the file {_shown_path(path)}, which cannot be read: {reason}")
    if len(content) > _LONGEST_FILE:
        return Invalid(f"refers to the file {_shown_path(path)}, which is too large for a setting")
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return Invalid(f"refers to the file {_shown_path(path)}, which is not UTF-8 text")
    return text.removesuffix("\n").removesuffix("\r")


def _shown_path(path: Path) -> str:
    return str(Path(*map(shown_name, path.parts)))


def _converter(folder: Path) -> cattrs.Converter:
    # cattrs as it comes turns null into "None", "false" into True and 5 into "5": every plain type has a hook here.
    converter = cattrs.Converter(detailed_validation=False, forbid_extra_keys=True)
    plain: dict[Any, Callable[[Any], Any]] = {
        str: _text,
        int: _whole,
        float: _number,
        bool: _flag,
        Path: lambda value: value if isinstance(value, Path) else folder / Path(_text(value)).expanduser(),
    }
    for kind, hook in plain.items():
        converter.register_structure_hook(kind, _plain(hook))
    converter.register_structure_hook(enum.Enum, _member)
    converter.register_structure_hook_func(_is_literal, _literal)
    converter.register_structure_hook_func(_is_union, lambda value, kind: _union(converter, value, kind))
    converter.register_structure_hook_func(_is_secret, lambda value, kind: _secret(converter, value, kind))
    converter.register_structure_hook_func(_is_list, lambda value, kind: _list(converter, value, kind))
    return converter


def _plain(hook: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    # A hook for str is asked for classes derived from str as well, such as an enum of texts.
    return lambda value, kind: _member(value, kind) if issubclass(kind, enum.Enum) else hook(value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    if not value.strip():
        raise _BlankError
    return str(value)


def _whole(value: object) -> int:
    if isinstance(value, Text) and re.fullmatch(r"[+-]?[0-9]{1,18}", value):
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise TypeError


def _number(value: object) -> float:
    if isinstance(value, Text) or (isinstance(value, int | float) and not isinstance(value, bool)):
        return float(value)
    raise TypeError


def _flag(value: object) -> bool:
    # The one place where a text of a configuration becomes a boolean.
    if isinstance(value, Text):
        return _WORDS[value.strip().lower()]
    if isinstance(value, bool):
        return value
    raise TypeError


def _literal(value: Any, kind: Any) -> Any:
    return _chosen(value, {choice: choice for choice in get_args(kind)})


def _member(value: Any, kind: type[enum.Enum]) -> enum.Enum:
    found: enum.Enum = value if isinstance(value, kind) else _chosen(value, {member.value: member for member in kind})
    return found


def _chosen(value: Any, choices: Mapping[Any, Any]) -> Any:
    if isinstance(value, str):
        _text(value)
    for choice, result in choices.items():
        # True equals 1, so the types are compared as well; a text matches the choice that is written like it.
        if (type(value) is type(choice) and value == choice) or (isinstance(value, Text) and value == str(choice)):
            return result
    raise ValueError


def _union(converter: cattrs.Converter, value: Any, kind: Any) -> Any:
    members = get_args(kind)
    if value is None and type(None) in members:
        return None
    failures: list[Exception] = []
    for member in members:
        if member is not type(None):
            try:
                return converter.structure(value, member)
            except Exception as error:  # noqa: BLE001 - the next member has its try
                failures.append(error)
    raise failures[0]


def _secret(converter: cattrs.Converter, value: Any, kind: Any) -> Any:
    if isinstance(value, Secret):
        value = value.get_secret_value()
    inner = converter.structure(value, next(iter(get_args(kind)), str))
    return (get_origin(kind) or kind)(inner)


def _list(converter: cattrs.Converter, value: Any, kind: Any) -> Any:
    if not isinstance(value, list | tuple):
        raise TypeError
    origin, item = get_origin(kind), _item(kind)
    items = [converter.structure(each, item) for each in value]
    return origin(items) if isinstance(origin, type) and origin in {list, set, frozenset} else tuple(items)


def _is_literal(kind: Any) -> bool:
    return get_origin(kind) is Literal


def _is_list(kind: Any) -> bool:
    return get_origin(kind) in _LISTS


def _is_union(kind: Any) -> bool:
    return get_origin(kind) in {Union, types.UnionType}


def _is_secret(kind: Any) -> bool:
    origin = get_origin(kind) or kind
    return isinstance(origin, type) and issubclass(origin, Secret)


def _item(kind: Any) -> Any:
    """Give the type of a list's items; None if the kind is not a list."""
    if _is_union(kind):
        return next((item for member in get_args(kind) if (item := _item(member)) is not None), None)
    return get_args(kind)[0] if _is_list(kind) else None


def _expected(kind: Any) -> str:
    """Name a type for people."""
    names = {
        str: "text",
        Secret: "text",
        bool: "true or false",
        int: "a whole number",
        float: "a number",
        Path: "a path",
        os.PathLike: "a path",
    }
    if _is_secret(kind):
        return _expected(next(iter(get_args(kind)), str))
    if _is_literal(kind):
        return f"one of {', '.join(map(str, get_args(kind)))}"
    if isinstance(kind, enum.EnumType):
        members: list[enum.Enum] = list(kind)
        return f"one of {', '.join(str(member.value) for member in members)}"
    if _is_union(kind):
        return " or ".join(_expected(member) for member in get_args(kind) if member is not type(None))
    if (item := _item(kind)) is not None:
        return f"a list (each item: {_expected(item)})"
    return names.get(kind, getattr(kind, "__name__", str(kind)))
