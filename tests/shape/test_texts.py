"""What no tracked file may hold: an index's host, one machine's path, unfinished work, silence without a reason."""

from __future__ import annotations

import re

import pytest
from tests.shape.tree import ROOT, readable, texts, where

# Each pattern is written so that it does not find itself.
FORBIDDEN = {
    "host of a package index": r"(?i)\bpython[h]osted\b|\bpy[p]i\.org\b|\bregistry\.[n]pm|\bdeb\.[d]ebian\b",
    "path of one machine": r"(?<![\w.~])/(?:w[o]rk|f[a]rm|r[o]ot|h[o]me|U[s]ers)/|\.\./sh[a]red\b|\.libr[a]ry\b",
    "number of somebody's ticket": r"(?i)\bissues?\s+#?\d|\(#\d+\)|\b(?:fixes|closes|see)\s+#\d",
    "unfinished work": r"\bTO[D]O\b|\bFIXM[E]\b|\bXX[X]\b|\bNotImplemented[E]rror\b",
}
# What silences a gate says why on its own line, after the code that it silences.
SILENCERS = {
    "type: ignore": r"#\s*type:\s*ignore(?!\[[a-z\-, ]+\]\s+(?:#|-)\s*\S+\s+\S+)",
    "noqa": r"#\s*noqa(?!:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*\s+(?:#|-)\s*\S+\s+\S+)",
    "pragma": r"#\s*pragma:\s*no (?:cover|branch)(?!\s+(?:#|-)\s*\S+\s+\S+)",
    "skip": r"(?:mark\.|pytest\.)(?:skip(?:if)?|xfail|importorskip)\b(?!.*\breason=.*\w|\(\s*f?\"\w+ \w+)",
}


def findings(text: str, patterns: dict[str, str]) -> list[tuple[str, int]]:
    """Return what the patterns find, by name and line."""
    lines = enumerate(text.splitlines(), start=1)
    return [(name, number) for number, line in lines for name, found in patterns.items() if re.search(found, line)]


def test_nothing_names_one_machine_or_one_index() -> None:
    """The project reads the same in every clone, and can be installed from any index."""
    wrong = [
        f"{where(path, line)}: {name}" for path, text in texts().items() for name, line in findings(text, FORBIDDEN)
    ]
    assert wrong == []


def test_silenced_gates_give_their_reason() -> None:
    """A skipped test, an ignored type, an ignored lint and an uncovered line each say why, where they stand."""
    code = {path: text for path, text in texts().items() if path.suffix == ".py" and path.name != "test_texts.py"}
    wrong = [f"{where(path, line)}: {name}" for path, text in code.items() for name, line in findings(text, SILENCERS)]
    assert wrong == []


def test_locks_of_one_machine_are_not_tracked() -> None:
    """A lock of uv names the index it was made from; the pins that are tracked do not."""
    assert not ({ROOT / "uv.lock", ROOT / "pylock.toml"} & texts().keys())


@pytest.mark.parametrize(
    "line",
    [
        "https://" + "pypi" + ".org/simple",
        "files.python" + "hosted" + ".org",
        "cd /" + "work/main",
        "see issue" + " 12",
        "fixes" + " #12",
        "# TO" + "DO: later",
    ],
)
def test_forbidden_words_are_seen(line: str) -> None:
    """Each kind of text that must not be there is found where it is planted."""
    assert len(findings(line, FORBIDDEN)) == 1


@pytest.mark.parametrize("content", [b"%PDF-1.4\n%\xe2\xe3", b"%PDF-1.4 plain", b"\xff\xfe", b"a\0b"])
def test_files_that_are_not_text_are_left_out(content: bytes) -> None:
    """What a command has left in the folder, such as signed PDFs, does not fail the tests."""
    assert readable(content) is None
    assert readable("ñ".encode()) == "ñ"


@pytest.mark.parametrize(
    ("bare", "mended"),
    [
        ("x = 1  # type: ignore", "x = 1  # type: ignore[arg-type]  # a wrong argument is the point"),
        ("x = 1  # type: ignore[misc]", "x = 1  # type: ignore[misc] - the stub is wrong"),
        ("x = 1  # noqa", "x = 1  # noqa: S105 - no password"),
        ("x = 1  # noqa: S105", "x = 1  # noqa: S105, E501 - no password"),
        ("x = 1  # pragma: no cover", "x = 1  # pragma: no cover - only on Windows"),
        ("@pytest.mark.skip", '@pytest.mark.skip(reason="needs a display")'),
        ("@pytest.mark.skipif(WINDOWS)", '@pytest.mark.skipif(WINDOWS, reason="no such call there")'),
        ("pytest.skip()", 'pytest.skip("no display here")'),
    ],
)
def test_silence_without_a_reason_is_seen(bare: str, mended: str) -> None:
    """The bare form is found, and the one with its reason is let through."""
    assert len(findings(bare, SILENCERS)) == 1
    assert findings(mended, SILENCERS) == []


@pytest.mark.parametrize(
    "line", ["&#39;", "a#1-b", "#!/usr/bin/env bash", "color: #1a2b3c", "page.html#2", "no issues"]
)
def test_innocent_texts_are_let_through(line: str) -> None:
    """Text that only looks like a ticket's number is not reported."""
    assert findings(line, FORBIDDEN) == []
