"""The contract catches defects: each planted defect of a plugin is caught by a named test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import attrs
import pytest
from tests.contract import tiny

from esign_core import (
    Authenticity,
    Call,
    EsignError,
    Event,
    EventKind,
    Feature,
    ProcessStatus,
    Receipt,
    SignedFile,
    UnsupportedError,
)
from esign_core.model.events import WebhookReply
from esign_core.model.status import Rule, Vocabulary
from esign_core.providers.capabilities import Capabilities
from esign_core.testing import Mode, ProviderContract

Breaking = Callable[[pytest.MonkeyPatch], None]


@pytest.fixture(autouse=True)
def _installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install the stranger's plugin."""
    info = tmp_path / "esign_tiny-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: esign-tiny\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[esign]\ntiny = tests.contract.tiny\n")
    monkeypatch.syspath_prepend(tmp_path)


class Contract(ProviderContract):
    """The contract, run by hand over a plugin with one mistake."""

    def account(self) -> Mapping[str, Any]:
        """Return an account in the sandbox."""
        return {"provider": "tiny"}


def provider(**methods: Any) -> Breaking:
    """Break the provider."""
    [(name, method)] = methods.items()
    return lambda patch: patch.setattr(tiny.Tiny, name, method, raising=False)


def owns_everything(self: object, process_id: str) -> bool:
    return True


def careless_authorize(self: Any, call: Call) -> Call:
    return attrs.evolve(call, repeatable=True).with_headers({"X-Token": self.settings.token.get_secret_value()})


def without_keys(self: Any, call: Call) -> Call:
    return call.with_headers({"X-Token": "sandbox-token"})


def cancel_without_a_hint(self: object, *given: object) -> Any:
    yield from ()
    raise UnsupportedError("No.")


def cancel_after_asking(self: Any, process_id: str, *given: object) -> Any:
    yield Call.get(f"/processes/{process_id}")
    raise UnsupportedError("No.", hint="Ask somebody else.")


def cancel_by_reading(self: Any, process_id: str, *given: object) -> Any:
    reply = yield Call.get(f"/processes/{process_id}")
    return attrs.evolve(tiny.load(reply.json()), status=ProcessStatus.CANCELLED)


def download_anything(self: Any, process_id: str, known: object) -> Any:
    yield Call.get(f"/processes/{process_id}")
    return (SignedFile(name="contract.pdf", content=b"%PDF-1.4", size=8, sha256="0" * 64),)


def create_as_a_read(self: Any, draft: Any, now: object) -> Any:
    people = [{"name": person.name, "email": person.email, "phone": person.phone} for person in draft.signers]
    call = Call.post("/processes", json={"name": draft.name, "people": people}, repeatable=True)
    return tiny.load((yield call).json())


def believe_everything(self: Any, delivery: Any) -> Receipt:
    events = [Event(kind=EventKind.SIGNER_DONE)]
    return Receipt(reply=WebhookReply(status=200), events=events, authenticity=Authenticity.SENDER_ONLY)


def show_the_token(self: Any) -> str:
    return f"Tiny({self.settings.token.get_secret_value()})"


FORGIVING = Vocabulary(
    "tiny.process", ProcessStatus.UNKNOWN, [*tiny.PROCESS.rules, Rule("any", None, ProcessStatus.IN_PROGRESS)]
)
DEAF = Vocabulary("tiny.process", ProcessStatus.UNKNOWN, tiny.PROCESS.rules[:1])

MISTAKES: tuple[tuple[str, Breaking, str], ...] = (
    ("takes any text for an id", provider(owns=owns_everything), "test_identifiers_of_another_form_are_not_sent"),
    (
        "makes calls repeatable",
        provider(authorize=careless_authorize),
        "test_authorizing_changes_nothing_but_credentials",
    ),
    ("ignores the account's key", provider(authorize=without_keys), "test_wrong_keys_are_an_authentication_error"),
    ("shows a key", provider(__repr__=show_the_token), "test_keys_show_in_no_repr"),
    ("refuses without a hint", provider(cancel=cancel_without_a_hint), "test_cancelling_ends_the_process"),
    ("asks before it refuses", provider(cancel=cancel_after_asking), "test_cancelling_ends_the_process"),
    ("only says that it cancelled", provider(cancel=cancel_by_reading), "test_cancelling_ends_the_process"),
    (
        "repeats a creation",
        provider(create=create_as_a_read),
        "test_spoiled_answer_to_a_creation_leaves_the_outcome_unknown",
    ),
    ("hands out unsigned files", provider(download=download_anything), "test_unfinished_process_is_not_downloaded"),
    ("counts badly", provider(download=download_anything), "test_completed_process_is_downloaded"),
    ("believes every webhook", provider(receive=believe_everything), "test_forged_deliveries_are_refused"),
    (
        "claims a history it has not",
        provider(capabilities=Capabilities(features=[Feature.TIMELINE])),
        "test_history_is_told_or_refused",
    ),
    (
        "claims corrections it cannot make",
        provider(capabilities=Capabilities(features=[Feature.RESEND_EDITS])),
        "test_corrections_are_kept_or_refused",
    ),
    (
        "claims an order it does not keep",
        provider(capabilities=Capabilities(features=[Feature.ORDER])),
        "test_order_is_kept",
    ),
    (
        "claims a place it has not",
        provider(capabilities=Capabilities(features=[Feature.REFERENCE])),
        "test_reference_comes_back_where_it_has_a_place",
    ),
    (
        "takes an unknown word for a known one",
        lambda patch: patch.setattr(tiny, "PROCESS", FORGIVING),
        "test_words_that_no_table_knows_are_unknown",
    ),
    (
        "does not know its own words",
        lambda patch: patch.setattr(tiny, "PROCESS", DEAF),
        "test_everybody_signing_completes_the_process",
    ),
)


@pytest.mark.parametrize(("breaking", "test"), [row[1:] for row in MISTAKES], ids=[row[0] for row in MISTAKES])
def test_mistake_is_caught(breaking: Breaking, test: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test passes over the plugin as it is, and fails over the one with the mistake."""
    getattr(Contract(), test)(Mode.SYNC)
    breaking(monkeypatch)

    with pytest.raises((AssertionError, pytest.fail.Exception, EsignError)):
        getattr(Contract(), test)(Mode.SYNC)


def test_contract_asks_for_an_account() -> None:
    """An author who forgot the account learns what to define."""

    class Forgetful(ProviderContract):
        """Has no account."""

    with pytest.raises(pytest.fail.Exception, match=r"Forgetful must define account\(self\)"):
        Forgetful().test_portable_draft_is_sent(Mode.SYNC)
