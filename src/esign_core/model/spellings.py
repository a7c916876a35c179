"""Find values in a text in any spelling: escaped, encoded, in other case, with or without accents."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import unquote_to_bytes

import attrs

Span = tuple[int, int]

# A value shorter than this inside a longer word is a coincidence; a longer one is a leak wherever it stands.
_LONG = 8
_LONGEST_NUMBER = 40
_SEPARATORS = r"[\s.()/\-]*"
_LEVELS = 3
"""How often a text may have been encoded: a vendor's log of a form of a JSON text."""

_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "\u0131": "i", "þ": "th"})
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_WINDOWS = {bytes([byte]).decode("cp1252"): byte for byte in range(0x80, 0xA0) if byte not in (129, 141, 143, 144, 157)}


@attrs.frozen
class _View:
    """A text as decoded, and for each of its characters where it stands in the original."""

    text: str
    spans: tuple[Span, ...]


def find(text: str, values: Iterable[str]) -> list[Span]:
    """Return where the values stand in a text, in any spelling; spans that overlap are joined."""
    wanted = {value.strip() for value in values} - {""}
    if not wanted:
        return []
    needles = {needle: len(needle) < _LONG for value in wanted for needle in _needles(value)}
    numbers = [re.compile(pattern) for value in wanted for pattern in _number_patterns(value)]
    found: list[Span] = []
    for view in _views(text):
        folded = _fold(view)
        for needle, short in needles.items():
            found += _occurrences(folded, needle, alone=short)
        for pattern in numbers:
            found += [_span(folded, match.start(), match.end()) for match in pattern.finditer(folded.text)]
    return _joined(found)


def _views(text: str) -> Iterator[_View]:
    """Yield the text as it stands, by each decoder alone, and by all of them again and again."""
    whole = _View(text, tuple((index, index + 1) for index in range(len(text))))
    yield whole
    yield from filter(None, (_decode(whole, pattern, decode) for pattern, decode in _DECODERS))
    for decoders in (_DECODERS[:-1], _DECODERS):
        view = whole
        for _ in range(_LEVELS):
            before = view
            for pattern, decode in decoders:
                view = _decode(view, pattern, decode) or view
            if view is before:
                break
            yield view


def _decode(view: _View, pattern: re.Pattern[str], decode: Callable[[str], str]) -> _View | None:
    letters: list[str] = []
    spans: list[Span] = []
    end = 0
    for match in pattern.finditer(view.text):
        letters += view.text[end : match.start()]
        spans += view.spans[end : match.start()]
        decoded = decode(match[0])
        letters += decoded
        spans += [_span(view, match.start(), match.end())] * len(decoded)
        end = match.end()
    if not end:
        return None
    return _View("".join([*letters, view.text[end:]]), (*spans, *view.spans[end:]))


def _span(view: _View, start: int, end: int) -> Span:
    return view.spans[start][0], view.spans[end - 1][1]


def _fold(view: _View) -> _View:
    """Return a view in small letters without accents, with single blanks."""
    letters: list[str] = []
    spans: list[Span] = []
    for letter, span in zip(view.text, view.spans, strict=True):
        folded = _folded(letter)
        if not folded and spans:
            # A mark belongs to the letter before it.
            spans[-1] = (spans[-1][0], span[1])
        for each in folded:
            if each != " " or letters[-1:] != [" "]:
                letters.append(each)
                spans.append(span)
    return _View("".join(letters), tuple(spans))


def _folded(letter: str) -> str:
    if letter.isascii():
        return " " if letter.isspace() else letter.lower()
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", letter).casefold()).translate(_LETTERS)
    kept = (each for each in plain if unicodedata.category(each) not in ("Mn", "Mc", "Me", "Cf"))
    return "".join(" " if each.isspace() else each for each in kept)


def _folded_text(text: str) -> str:
    return " ".join("".join(map(_folded, text)).split())


def _needles(value: str) -> Iterator[str]:
    folded = _folded_text(value)
    if folded:
        yield folded
    if not value.isascii():
        lowered = unicodedata.normalize("NFC", value).lower()
        yield from filter(None, (_folded_text(lowered.translate(_UMLAUTS)), *_replaced(lowered)))


def _replaced(value: str) -> Iterator[str]:
    """Yield what systems make of letters that they cannot write."""
    dropped = unicodedata.normalize("NFD", value).encode("ascii", "ignore").decode()
    if sum(letter.isascii() for letter in value) >= 3:
        yield " ".join(dropped.split())
        for mark in ("?", "??", "\ufffd", "\ufffd\ufffd"):
            yield " ".join("".join(letter if letter.isascii() else mark for letter in value).split())


def _number_patterns(value: str) -> Iterator[str]:
    """Yield the pattern of a value that is mostly a number, however its parts are set off: `1.234-5`, `12345`."""
    compact = re.sub(r"[\W_]", "", _folded_text(value))
    if "@" not in value and len(compact) <= _LONGEST_NUMBER and sum(letter.isdigit() for letter in compact) >= 4:
        yield rf"(?<![^\W_]){_SEPARATORS.join(map(re.escape, compact))}(?![^\W_])"


def _occurrences(view: _View, needle: str, *, alone: bool) -> Iterator[Span]:
    start = view.text.find(needle)
    while start >= 0:
        end = start + len(needle)
        around = view.text[start - 1 : start] + view.text[end : end + 1]
        if not alone or not any(letter.isalnum() for letter in around):
            yield _span(view, start, end)
        start = view.text.find(needle, start + 1)


def _joined(spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _of_bytes(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _percent(text: str) -> str:
    return _of_bytes(unquote_to_bytes(text))


def _quoted_printable(text: str) -> str:
    return _of_bytes(bytes.fromhex(re.sub(r"=\r?\n|=", "", text)))


def _json(text: str) -> str:
    if text[1] in "ux":
        return chr(int(f"0x{text[2:]}", 0))
    return {"n": "\n", "r": "\n", "t": "\t", "b": " ", "f": " "}.get(text[1], text[1])


def _entity(text: str) -> str:
    # Without a semicolon the longest name that begins it counts, as in browsers.
    decoded = html.unescape(text)
    return html.unescape(f"{text};") if decoded == text and not text.endswith(";") else decoded


def _surrogates(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _mojibake(text: str) -> str:
    raw = bytes(_WINDOWS.get(letter, ord(letter)) for letter in text)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return text


_NEXT = "\u0080-\u00bf" + "".join(map(re.escape, _WINDOWS))
_DECODERS: tuple[tuple[re.Pattern[str], Callable[[str], str]], ...] = (
    (re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});?"), _entity),
    (re.compile(r"\\(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[nrtbf\"'/\\])"), _json),
    (re.compile(r"[\ud800-\udbff][\udc00-\udfff]"), _surrogates),
    (re.compile(r"(?:%[0-9a-fA-F]{2})+"), _percent),
    (
        re.compile(rf"[\u00c2-\u00df][{_NEXT}]|[\u00e0-\u00ef][{_NEXT}]{{2}}|[\u00f0-\u00f4][{_NEXT}]{{3}}"),
        _mojibake,
    ),
    (re.compile(r"=\r?\n|(?:=[0-9A-Fa-f]{2}(?:=\r?\n)?)+"), _quoted_printable),
    (re.compile(r"\+|(?:%[0-9a-fA-F]{2})+"), lambda text: " " if text == "+" else _percent(text)),
)
