"""The forms an answer may take: an object with keys in any case, a list, a bare JSON text, plain text, or nothing."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast, get_type_hints

import attrs

from esign_core.model.errors import UnreadableReplyError
from esign_core.model.strict_json import UnreadableBodyError, decode_json
from esign_core.providers.convert import Flag, Number, Text, lenient, lower_keys, read_flag, read_number, read_text
from esign_core.providers.flow import Reply

__all__ = ["folded", "kind_of", "listed", "notice", "read_fields", "rows", "success", "tree_of"]

_MESSAGE_KEYS = ("mensagem", "message", "mensagens", "erro", "error", "erros", "errors", "descricao", "detail", "title")
_LONGEST = 2000
# What stands around a plain text; some servers end theirs with NUL.
_BLANKS = " \t\r\n\0"
_READERS: Mapping[Any, Callable[[Any], Any]] = {Flag: read_flag, Text: read_text, Number: read_number}

T = TypeVar("T")


def tree_of(reply: Reply) -> Any:
    """Return a JSON tree, the text of an answer that is plain text, or an empty text.

    Raises:
        UnreadableReplyError: it is JSON cut short, a web page, or bytes that are not text.
    """
    text = reply.text.strip(_BLANKS)
    problem = ""
    try:
        return decode_json(reply.body) if reply.body.strip() else ""
    except UnreadableBodyError as error:
        problem = str(error)
    # What begins like JSON or like a page was meant to be one, and is damaged.
    if text and text[0] not in '{["<' and text.isprintable():
        return text
    if reply.lenient:
        with contextlib.suppress(UnreadableBodyError):
            return decode_json(reply.body, lenient=True)
    raise UnreadableReplyError(f"the vendor's answer cannot be read: {problem}", status=reply.status)


def read_fields(cls: type[T], row: Mapping[str, Any], **more: Any) -> T:
    """Return a value of a class of `wired` fields from a row; a field that cannot be read is None."""
    readers = _readers(cast("Any", cls))
    return cls(**{name: lenient(reader, row[wire]) for name, wire, reader in readers if wire in row}, **more)


@functools.cache
def _readers(cls: Any) -> tuple[tuple[str, str, Callable[[Any], Any]], ...]:
    hints = get_type_hints(cls, include_extras=True)
    fields = [(field.name, field.metadata.get("wire")) for field in attrs.fields(cls)]
    return tuple((name, wire, _READERS[hints[name]]) for name, wire in fields if wire is not None)


def notice(tree: Any) -> str | None:
    """Return the sentence an answer consists of, or the one among the members of an object."""
    if isinstance(tree, Mapping):
        members = {str(key).lower(): value for key, value in tree.items()}
        found = (notice(members[key]) or _by_field(members[key]) for key in _MESSAGE_KEYS if key in members)
        return next((text for text in found if text), None)
    if isinstance(tree, list):
        tree = "; ".join(text for text in map(notice, tree) if text)
    return tree.strip()[:_LONGEST] or None if isinstance(tree, str) else None


def _by_field(tree: Any) -> str | None:
    """Return the sentences of an object that lists them under the names of the fields they are about."""
    if not isinstance(tree, Mapping):
        return None
    said = {str(field): notice(sentences) for field, sentences in tree.items()}
    return "; ".join(f"{field}: {text}" for field, text in said.items() if text) or None


def success(text: str | None, *stems: str) -> bool:
    """Tell whether a sentence says that something was done."""
    return text is not None and any(stem in text.casefold() for stem in ("sucesso", "success", *stems))


def folded(tree: Any, what: str) -> dict[str, Any]:
    """Return an object with its keys in lower case, all the way down.

    Raises:
        UnreadableReplyError: it is not an object.
    """
    if not isinstance(tree, dict):
        raise UnreadableReplyError(
            f"unexpected response from the vendor: {what} must be an object, not {kind_of(tree)}",
            vendor_message=notice(tree),
        )
    lowered: dict[str, Any] = lower_keys(tree)
    return lowered


def rows(tree: Any, what: str) -> list[dict[str, Any]]:
    """Return a list of objects with their keys in lower case.

    Raises:
        UnreadableReplyError: it is something else.
    """
    if not isinstance(tree, list):
        raise UnreadableReplyError(
            f"unexpected response from the vendor: {what} must be a list, not {kind_of(tree)}",
            vendor_message=notice(tree),
        )
    return [folded(item, f"{what}[{index}]") for index, item in enumerate(tree)]


def listed(tree: Any, member: str) -> list[dict[str, Any]] | None:
    """Return the rows of an answer that is a list, or an object with a list in a member; None for anything else."""
    if isinstance(tree, dict):
        tree = {str(key).lower(): value for key, value in tree.items()}.get(member)
    return rows(tree, member) if isinstance(tree, list) else None


def kind_of(tree: Any) -> str:
    """Name what came, without its contents."""
    if tree == "":
        return "empty"
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return names.get(type(tree), "a number")
