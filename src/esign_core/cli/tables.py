"""Build the tables that commands print for people."""

from __future__ import annotations

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text

from esign_core.cli.screen import plain
from esign_core.model.documents import SignedFile
from esign_core.model.process import Process
from esign_core.model.resend import ResendReport
from esign_core.providers.plugins import Installed

__all__ = ["file_table", "plugin_table", "process_table", "report_table", "signer_table", "table"]


def table(title: str, columns: Iterable[str], rows: Iterable[Iterable[object]]) -> Table:
    """Return a table of plain texts."""
    made = Table(title=plain(title), title_justify="left")
    for column in columns:
        # Folded instead of cut: an id that ends in dots cannot be typed again.
        made.add_column(column, overflow="fold")
    for row in rows:
        made.add_row(*(cell if isinstance(cell, Text) else plain(cell) for cell in row))
    return made


def process_table(process: Process) -> Table:
    """Return the table of a process."""
    rows = [
        ("id", process.id),
        ("name", process.name),
        ("account", f"{process.account} ({process.provider})"),
        ("status", process.status.name),
        ("why", process.status_detail.explain()),
        ("created", process.created_at),
        ("expires", process.expires_at),
    ]
    return table("Process", ("", ""), [row for row in rows if row[1] not in (None, "")])


def signer_table(process: Process) -> Table:
    """Return the table of a process's signers."""
    return table(
        "Signers",
        ("name", "e-mail", "status", "vendor's word", "reason", "id"),
        [
            (who.name, who.email, who.status.name, who.status_detail.vendor_status, who.reason, who.id)
            for who in process.signers
        ],
    )


def report_table(report: ResendReport) -> Table:
    """Return the table of a resend: who was asked again, and who was not."""
    rows: list[tuple[object, ...]] = [
        (who.name or who.signer_id, "asked again", who.channel.value if who.channel else "", who.destination)
        for who in report.notified
    ]
    rows += [(who.signer_id, f"missed: {who.error}", "", "") for who in report.missed]
    reopened = {True: ", reopened", False: ", not reopened", None: ""}[report.reopened]
    title = f"Process {report.process_id}{reopened}; notifications: {_counted(report.count)}"
    return table(title, ("signer", "what happened", "channel", "destination"), rows)


def _counted(count: int | None) -> str:
    return "not counted by the vendor" if count is None else str(count)


def file_table(files: Iterable[SignedFile]) -> Table:
    """Return the table of downloaded files."""
    return table(
        "Files",
        ("file", "kind", "bytes", "SHA-256"),
        [(f.path or f.name, f.kind.value, f.size, f.sha256) for f in files],
    )


def plugin_table(plugins: Iterable[Installed]) -> Table:
    """Return the table of installed plugins."""
    return table(
        "Installed providers and observers",
        ("name", "package", "version", "module"),
        [(plugin.name, plugin.distribution, plugin.version, plugin.module) for plugin in plugins],
    )
