"""The rules of the send methods about signatures placed by hand: on every file, on a page that exists, inside it."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from esign_arqsign.sandbox import messages
from esign_arqsign.sandbox.context import MALFORMED, UNPROCESSABLE
from esign_arqsign.sandbox.reading import Tree
from esign_arqsign.sandbox.rules_files import File
from esign_arqsign.sandbox.rules_send import Found
from esign_arqsign.sandbox.schema import COMPANY, PERSON, SIGN
from esign_core.model.pdf import UnreadablePdfError, read_pages

Size = tuple[float, float]
_MILLIMETRES: Final = 25.4 / 72
# Positions are computed from points and rounded; a rounding error over the edge is accepted.
_TOLERANCE: Final = 0.5


def of_positions(body: Tree, files: Sequence[File]) -> Iterator[Found]:
    """Find what is wrong with the positions of the signatures, where they are placed by hand."""
    if body["usarPosicaoAssinaturaAutomatica"] or not files:
        return
    pages = {file.order: page_sizes(file.content) for file in files}
    for recipient in body["destinatarios"]:
        if recipient["idTipoAcao"] == SIGN:
            yield from _of_signer(recipient["assinarOnline"], pages)


def page_sizes(content: bytes) -> list[Size]:
    """Return width and height of each page in millimetres, as displayed; none for a file that cannot be read."""
    try:
        sizes = read_pages(io.BytesIO(content)).sizes
    # Anything that begins like a PDF gets here.
    except UnreadablePdfError:
        return []
    return [(width * _MILLIMETRES, height * _MILLIMETRES) for width, height in sizes.values()]


def _of_signer(online: Tree, pages: Mapping[int, list[Size]]) -> Iterator[Found]:
    placed: dict[int, list[Tree]] = {order: [] for order in pages}
    for position in online["definirPosicaoAssinaturaManual"] or ():
        order = position["documentoDeOrdem"] if len(pages) > 1 else next(iter(pages))
        if order is None:
            yield MALFORMED, messages.DOCUMENT_ORDER_MISSING
        elif order not in placed:
            yield UNPROCESSABLE, messages.no_such_document(order)
        else:
            placed[order].append(position)
    for order, positions in placed.items():
        yield from _on_file(online["assinarComo"], positions, pages[order])


def _on_file(signs_as: int, positions: Sequence[Tree], sizes: Sequence[Size]) -> Iterator[Found]:
    persons = [position["pessoaFisica"] for position in positions if position["pessoaFisica"]]
    companies = [position["pessoaJuridica"] for position in positions if position["pessoaJuridica"]]
    if signs_as != COMPANY and not persons:
        yield MALFORMED, messages.NO_PERSON_POSITION
    if signs_as != PERSON and not companies:
        yield MALFORMED, messages.NO_COMPANY_POSITION
    if len(persons) > 1 or len(companies) > 1:
        yield UNPROCESSABLE, messages.SAME_REPRESENTATION
    zero = {name for box in companies for name, value in box.items() if not value}
    if zero:
        yield MALFORMED, messages.required(sorted(zero))
    boxes = [*persons, *companies]
    beyond = sorted({box["pagina"] for box in boxes if box["pagina"] > len(sizes)})
    if beyond:
        yield UNPROCESSABLE, messages.no_such_pages(beyond)
    if any(_outside(box, sizes[box["pagina"] - 1]) for box in boxes if box["pagina"] <= len(sizes)):
        yield UNPROCESSABLE, messages.OUTSIDE_PAGE


def _outside(box: Tree, size: Size) -> bool:
    spans = ((box["posicaoX"], box["largura"], size[0]), (box["posicaoY"], box["altura"], size[1]))
    return any(start < 0 or length < 0 or start + length > room + _TOLERANCE for start, length, room in spans)
