"""The forms an answer may take: an object with keys in any case, a list, a bare JSON text, plain text, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from esign_core.model.errors import UnreadableReplyError
from esign_core.model.strict_json import UnreadableBodyError, decode_json
from esign_core.providers.convert import lower_keys
from esign_core.providers.flow import Reply

__all__ = ["folded", "kind_of", "listed", "notice", "rows", "success", "tree_of"]

_MESSAGE_KEYS = ("mensagem", "message", "mensagens", "erro", "error", "erros", "errors", "descricao", "detail", "title")
_LONGEST = 2000


def tree_of(reply: Reply) -> Any:
    """Return a JSON tree, the text of an answer that is plain text, or an empty text.

    Raises:
        UnreadableReplyError: it is JSON cut short, a web page, or bytes that are no text.
    """
    problem = ""
    try:
        return decode_json(reply.body) if reply.body.strip() else ""
    except UnreadableBodyError as error:
        problem = str(error)
    if problem == "the body is not JSON" and _is_plain(reply.text):
        return reply.text.strip()
    raise UnreadableReplyError(f"the vendor's answer cannot be read: {problem}", status=reply.status)


def _is_plain(text: str) -> bool:
    # What begins like JSON or like a page was meant to be one, and is broken.
    return text.strip()[0] not in '{["<' and text.strip().isprintable()


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
        UnreadableReplyError: it is no object.
    """
    if not isinstance(tree, dict):
        raise UnreadableReplyError(
            f"the vendor's answer is not what was due: {what} should be an object and is {kind_of(tree)}",
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
            f"the vendor's answer is not what was due: {what} should be a list and is {kind_of(tree)}",
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
