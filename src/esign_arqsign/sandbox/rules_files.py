"""The rules of the send methods about files: PDFs, as many and as large as allowed, each with a name of its own."""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

import attrs

from esign_arqsign.sandbox import messages
from esign_arqsign.sandbox.context import MALFORMED, UNPROCESSABLE, Problems
from esign_arqsign.sandbox.reading import Tree

MOST_FILES: Final = 25
_LONGEST_NAME: Final = 150
_MAGIC_WITHIN: Final = 1024


@attrs.frozen(kw_only=True)
class File:
    """A file that was sent, decoded."""

    order: int
    name: str
    content: bytes = attrs.field(repr=False)


def of_files(
    sent: Sequence[Tree],
    problems: Problems,
    *,
    size_limit: int,
    wrong_format: int,
    fetch: Callable[[str], bytes | None],
) -> tuple[File, ...]:
    """Decode the files that were sent, and note what is wrong with them."""
    if not sent:
        problems.add(MALFORMED, messages.NO_FILE)
    if len(sent) > MOST_FILES:
        problems.add(MALFORMED, messages.TOO_MANY_FILES)
        return ()
    _places(sent, problems)
    files: list[File] = []
    for place, one in enumerate(sent, 1):
        content = _content(one, problems, wrong_format, fetch)
        if content is None:
            continue
        if b"%PDF-" not in content[:_MAGIC_WITHIN]:
            problems.add(MALFORMED, messages.not_a_pdf(one["nomeComExtensao"]))
        order = one["ordemDocumento"] if len(sent) > 1 else one["ordemDocumento"] or place
        files.append(File(order=order or 0, name=one["nomeComExtensao"], content=content))
    if sum(len(file.content) for file in files) > size_limit:
        problems.add(MALFORMED, messages.TOO_LARGE)
    return tuple(sorted(files, key=lambda file: file.order))


def _places(sent: Sequence[Tree], problems: Problems) -> None:
    names = [one["nomeComExtensao"] for one in sent]
    if any(len(name) > _LONGEST_NAME for name in names):
        problems.add(MALFORMED, messages.FILE_NAME_TOO_LONG)
    if len({name.strip().casefold() for name in names}) < len(names):
        problems.add(UNPROCESSABLE, messages.SAME_FILE_NAME)
    if len(sent) < 2:
        return
    if any(one["ordemDocumento"] is None for one in sent):
        problems.add(MALFORMED, messages.FILE_ORDER_MISSING)
    orders = Counter(one["ordemDocumento"] for one in sent if one["ordemDocumento"] is not None)
    twice = [one["nomeComExtensao"] for one in sent if orders[one["ordemDocumento"]] > 1]
    if twice:
        problems.add(UNPROCESSABLE, messages.same_file_order(twice))


def _content(one: Tree, problems: Problems, wrong_format: int, fetch: Callable[[str], bytes | None]) -> bytes | None:
    link = one.get("linkDoArquivo")
    if link and one["arquivo"]:
        problems.add(UNPROCESSABLE, messages.FILE_OR_LINK)
        return None
    if link:
        fetched = fetch(link)
        if fetched is None:
            problems.add(MALFORMED, messages.BAD_LINK)
        return fetched
    try:
        return base64.b64decode(one["arquivo"], validate=True)
    except (binascii.Error, ValueError):
        problems.add(wrong_format, messages.wrong_format(["arquivo"]))
        return None
