"""The tables of statuses: every row can be reached, says where it comes from, and explains itself."""

from __future__ import annotations

from typing import Any

import pytest

from esign_arqsign.statuses import EVENT_SIGNER, PROCESS, PROCESS_TEXT, SIGNER

TABLES: list[Any] = [PROCESS, PROCESS_TEXT, SIGNER, EVENT_SIGNER]
ROWS = [pytest.param(table, rule, id=f"{table.name}.{rule.id}") for table in TABLES for rule in table.rules]


@pytest.mark.parametrize(("table", "rule"), ROWS)
def test_every_row_decides_something(table: Any, rule: Any) -> None:
    """With its own word and its own facts each row is the one that matches, and its sentence names it."""
    status, detail = table.read(rule.word, rule.facts)
    assert (status, detail.rule) == (rule.status, f"{table.name}.{rule.id}")
    assert detail.rule in detail.explain()
    assert rule.source


@pytest.mark.parametrize("table", [PROCESS, PROCESS_TEXT, EVENT_SIGNER], ids=lambda table: table.name)
def test_unknown_words_are_kept(table: Any) -> None:
    """What is in no table is unknown, with the vendor's spelling."""
    _, detail = table.read("Arquivado")
    assert (detail.rule, detail.vendor_status) == (f"{table.name}.unknown", "Arquivado")
