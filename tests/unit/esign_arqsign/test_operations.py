"""The vendor's own operations: published answers, and requests that are refused before they leave."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.unit.esign_arqsign.data import (
    ACCOUNT_ID,
    ANA_ID,
    DOCUMENT_ID,
    FOLDER_ID,
    FULL_EXAMPLE,
    HOOK_ID,
    PROCESS_ID,
    RESPONSIBLE_ID,
    provider,
)

from esign_arqsign import operations
from esign_arqsign.webhooks import Trigger
from esign_arqsign.wire.hooks import Payload
from esign_core.accounts.settings import Secret
from esign_core.model.documents import FileKind, SignedFile
from esign_core.model.errors import InvalidRequestError, NotFoundError, UnreadableReplyError
from esign_core.providers.flow import Flow, Reply
from esign_core.testing.play import play

LINK = "https://files.example.com/selfie.png"
RECORD = SignedFile(name="x.pdf", kind=FileKind.AUDIT_RECORD)


def paths(flow: Flow[Any], *replies: Reply) -> list[str]:
    """Return what a flow asks for that is refused."""
    with pytest.raises(InvalidRequestError) as caught:
        play(flow, *replies)
    assert all(problem.hint for problem in caught.value.problems)
    return [problem.path for problem in caught.value.problems]


def test_audit_record_is_streamed_out_of_its_base64() -> None:
    """The file never passes through the flow; the id is the document's."""
    played = play(operations.audit_record(provider(), DOCUMENT_ID), Reply(file=RECORD))
    (call,) = played.calls
    assert call.path == f"/api/v1/processo/{DOCUMENT_ID}/registro-assinaturas"
    assert call.save is not None
    assert (call.save.kind, call.save.member) == (FileKind.AUDIT_RECORD, "base64")
    assert played.result is RECORD


def test_audit_records_follow_from_the_documents() -> None:
    """One light read, then one record for each document, called after it."""
    played = play(operations.audit_records(provider(), PROCESS_ID), Reply.of(FULL_EXAMPLE), Reply(file=RECORD))
    _, call = played.calls
    assert call.process_id == PROCESS_ID
    assert call.save is not None
    assert call.save.name == "contrato_Registro de assinaturas.pdf"
    assert played.result == (RECORD,)


def test_audit_record_that_is_not_there_is_unreadable() -> None:
    """An answer without the member brings no file."""
    with pytest.raises(UnreadableReplyError):
        play(operations.audit_record(provider(), DOCUMENT_ID), Reply())


@pytest.mark.parametrize("operation", [operations.audit_record, operations.full_process, operations.light_status])
def test_ids_are_judged_before_they_go_into_a_path(operation: Any) -> None:
    """Nothing that is no GUID becomes part of an address."""
    with pytest.raises(NotFoundError):
        play(operation(provider(), "../conta"))


ATTACHED: list[dict[str, Any]] = [
    {
        "idSignatario": ANA_ID,
        "nome": "Ana Exemplo",
        "anexos": [{"id": "bbbb0000-4444-4e4e-9f9f-000000000001", "nome": "Selfie foto.png", "arquivo": LINK}],
    },
    {"idSignatario": FOLDER_ID, "nome": "Bia Exemplo", "anexos": None},
]


def test_attachments_are_listed_by_signer() -> None:
    """The published answer; the request has no effect and may be repeated."""
    played = play(operations.attachments(provider(), PROCESS_ID, signer_ids=[ANA_ID]), Reply.of(ATTACHED))
    (call,) = played.calls
    assert (call.method, call.repeatable, call.json) == ("POST", True, {"arquivoTipo": 2, "signatarios": [ANA_ID]})
    ana, bia = played.result
    assert (ana.signer_id, ana.files[0].name, ana.files[0].content) == (ANA_ID, "Selfie foto.png", LINK)
    assert bia.files == ()
    assert LINK not in repr(ana)
    assert "Ana" not in repr(ana)
    (call,) = play(operations.attachments(provider(), PROCESS_ID, base64=True), Reply.of([])).calls
    assert call.json == {"arquivoTipo": 1}


def test_attachments_are_downloaded_from_their_links() -> None:
    """Each file is streamed, without the account's keys."""
    file = SignedFile(name="Selfie foto.png", kind=FileKind.ATTACHMENT)
    flow = operations.download_attachments(provider(), PROCESS_ID)
    played = play(flow, Reply.of(ATTACHED), Reply(file=file))
    assert (played.calls[1].path, played.calls[1].anonymous) == (LINK, True)
    assert played.result == (file,)


def test_attachments_without_links_are_not_downloaded() -> None:
    """Base64 where links were asked for is told, and nothing is fetched."""
    answer = [{**ATTACHED[0], "anexos": [{"id": ANA_ID, "nome": "x", "arquivo": "iVBORw0KGgo="}]}]
    with pytest.raises(UnreadableReplyError):
        play(operations.download_attachments(provider(), PROCESS_ID), Reply.of(answer))


FOLDERS: list[dict[str, Any]] = [
    {
        "id": FOLDER_ID,
        "nome": "Empresa",
        "caminhoCompleto": "Empresa",
        "status": "Ativa",
        "filhos": [
            {
                "id": "11110000-5555-4e4e-9f9f-000000000001",
                "nome": "Contratos",
                "caminhoCompleto": "Empresa|Contratos",
                "status": "Ativa",
                "possuiFilhos": 0,
            }
        ],
    }
]


def test_folders_are_listed() -> None:
    """The published answer, one level deep; a member of our own name in it changes nothing."""
    played = play(operations.folders(provider()), Reply.of([{**FOLDERS[0], "children": "x", "raw": "y"}]))
    assert played.calls[0].json == {"buscarPor": 3, "ativas": 0}
    (root,) = played.result
    assert (root.id, root.name, root.path, root.has_children) == (FOLDER_ID, "Empresa", "Empresa", None)
    assert [(each.path, each.has_children) for each in root.children] == [("Empresa|Contratos", False)]
    flow = operations.folders(provider(), look_for="children", folder_ids=[FOLDER_ID], active_only=True)
    assert play(flow, Reply.of(FOLDERS)).calls[0].json == {"buscarPor": 2, "ativas": 1, "pastas": [FOLDER_ID]}


def test_folders_need_what_the_look_needs() -> None:
    """None for the root, exactly one for its children, at least one for paths."""
    two = [FOLDER_ID, ACCOUNT_ID]
    assert paths(operations.folders(provider(), folder_ids=[FOLDER_ID])) == ["folder_ids"]
    assert paths(operations.folders(provider(), look_for="children", folder_ids=two)) == ["folder_ids"]
    assert paths(operations.folders(provider(), look_for="paths")) == ["folder_ids"]
    assert paths(operations.folders(provider(), look_for="paths", folder_ids=["x"])) == ["folder_ids[0]"]
    wrong: Any = "everything"
    assert paths(operations.folders(provider(), look_for=wrong)) == ["look_for"]
    assert len(play(operations.folders(provider(), look_for="paths", folder_ids=two), Reply.of([])).calls) == 1


def test_users_are_listed() -> None:
    """The published answer; a status may be a word or a number; names do not show."""
    rows = [
        {"id": RESPONSIBLE_ID, "nome": "Remetente Exemplo", "status": "Ativo", "remetente": True},
        {"id": ACCOUNT_ID, "nome": "Outra", "status": 2, "remetente": 0},
    ]
    played = play(operations.users(provider()), Reply.of(rows))
    assert played.calls[0].json == {"ativos": 1}
    assert [(each.status, each.may_send) for each in played.result] == [("Ativo", True), ("2", False)]
    assert "Remetente" not in repr(played.result)
    flow = operations.users(provider(), user_ids=[RESPONSIBLE_ID])
    assert play(flow, Reply.of(rows)).calls[0].json == {"usuarios": [RESPONSIBLE_ID]}
    assert paths(operations.users(provider(), user_ids=["x"])) == ["user_ids[0]"]


def test_roles_are_listed() -> None:
    """The published answer."""
    rows = [{"id": ACCOUNT_ID, "nome": "Contratante", "padrao": False}]
    (role,) = play(operations.roles(provider()), Reply.of(rows)).result
    assert (role.name, role.default, role.raw) == ("Contratante", False, rows[0])


def test_usage_is_counted_between_two_days() -> None:
    """The published answer; at most a year, and not backwards."""
    tree = {
        "idConta": ACCOUNT_ID,
        "nomeConta": "Conta Exemplo",
        "itens": [{"id": 1, "nome": "Envio", "quantidade": 12}],
    }
    start, end = date(2025, 1, 1), date(2025, 12, 31)
    played = play(operations.usage(provider(), start, end, item="sends"), Reply.of(tree))
    assert played.calls[0].json == {"dataInicial": "2025-01-01", "dataFinal": "2025-12-31", "item": 1}
    assert [(each.name, each.used) for each in played.result.items] == [("Envio", 12)]
    assert paths(operations.usage(provider(), end, start)) == ["end"]
    assert paths(operations.usage(provider(), start, date(2026, 1, 3))) == ["end"]


def test_account_and_plan_are_read() -> None:
    """The published answer, with its capital letter; an account without a plan is read as well."""
    tree = {
        "Conta": {"id": ACCOUNT_ID, "nome": "Conta Exemplo", "idStatus": 1, "status": "Ativo"},
        "plano": {"id": FOLDER_ID, "tipoPlano": "P", "nome": "Profissional", "periodo": "M", "valor": 0.0},
        "assinatura": {
            "id": HOOK_ID,
            "inicioVigencia": "2025-01-01",
            "fimVigencia": "2025-12-31",
            "trial": False,
            "itens": [{"id": 1, "nome": "Envio", "saldo": 88, "permiteExcedente": False}],
        },
    }
    found = play(operations.account(provider()), Reply.of(tree)).result
    assert (found.name, found.status_id, found.plan_kind, found.plan_name, found.trial) == (
        "Conta Exemplo",
        1,
        "P",
        "Profissional",
        False,
    )
    assert [(each.balance, each.may_exceed) for each in found.items] == [(88, False)]
    assert found.raw == tree
    bare = play(operations.account(provider()), Reply.of({"Conta": tree["Conta"]})).result
    assert (bare.plan_kind, bare.items) == (None, ())


@pytest.mark.parametrize("tree", [{}, "Conta", None, [1]])
def test_lists_that_are_none_are_unreadable(tree: Any) -> None:
    """A list of objects was due."""
    with pytest.raises(UnreadableReplyError):
        play(operations.roles(provider()), Reply.of(tree))


def test_webhook_is_created_with_its_secret() -> None:
    """The answer's key is a secret that never shows; files are not asked for by default."""
    answer = {"id": HOOK_ID, "nome": "Acompanhamento", "chaveHMAC": "fake-secret"}
    flow = operations.create_webhook(provider(), "Acompanhamento", " https://example.com/arqsign ")
    played = play(flow, Reply.of(answer, status=201))
    (call,) = played.calls
    assert (call.method, call.path, call.repeatable) == ("POST", "/api/v1/confwebhook", False)
    assert call.json == {
        "nome": "Acompanhamento",
        "status": 1,
        "urlPublicar": "https://example.com/arqsign",
        "aguardarRetorno": 0,
        "gatilhos": [1, 2, 3, 4, 5, 6, 7, 8],
        "dadosRetorno": {
            "processo": 1,
            "signatarios": 1,
            "documentos": 0,
            "linkDocCompartilhado": 0,
            "registrosAssinatura": 0,
        },
    }
    assert (played.result.id, played.result.secret) == (HOOK_ID, Secret("fake-secret"))
    assert "fake-secret" not in repr(played.result)


def test_webhook_is_created_as_asked() -> None:
    """Files by link or in Base64, some triggers, some senders, switched off."""
    flow = operations.create_webhook(
        provider(bit_style="boolean"),
        "Conclusão",
        "https://example.com/arqsign",
        triggers=[Trigger.COMPLETED],
        payload=Payload(documents="link", records="base64", shared_link=True),
        active=False,
        wait_for_answer=True,
        user_ids=[RESPONSIBLE_ID],
    )
    (call,) = play(flow, Reply.of({"id": HOOK_ID, "chaveHMAC": "fake-secret"})).calls
    assert call.json == {
        "nome": "Conclusão",
        "status": 2,
        "urlPublicar": "https://example.com/arqsign",
        "aguardarRetorno": True,
        "usuarios": [RESPONSIBLE_ID],
        "gatilhos": [8],
        "dadosRetorno": {
            "processo": True,
            "signatarios": True,
            "documentos": True,
            "linkDocCompartilhado": True,
            "registrosAssinatura": True,
            "documentosTipo": 2,
            "registrosAssinaturaTipo": 1,
        },
    }


def test_webhook_without_sense_is_refused_at_once() -> None:
    """Name, address, triggers and ids are judged together."""
    flow = operations.create_webhook(provider(), " ", "ftp://example.com", triggers=[9], folder_ids=["x"])
    assert paths(flow) == ["name", "url", "triggers", "folder_ids[0]"]
    assert paths(operations.create_webhook(provider(), "x" * 151, "https://example.com", triggers=[])) == [
        "name",
        "triggers",
    ]


@pytest.mark.parametrize("answer", [{"id": HOOK_ID, "nome": "x"}, {"nome": "x", "chaveHMAC": "y"}, "criado"])
def test_webhook_without_id_or_secret_is_unreadable(answer: Any) -> None:
    """Without them the webhook cannot be used."""
    with pytest.raises(UnreadableReplyError):
        play(operations.create_webhook(provider(), "x", "https://example.com/x"), Reply.of(answer))


def test_webhooks_are_listed_without_their_secrets_showing() -> None:
    """The published list, whose names differ from those of a create."""
    listed = {
        "id": HOOK_ID,
        "nome": "Acompanhamento",
        "status": 3,
        "urlPublicar": "https://example.com/arqsign",
        "aguardaRetorno": 1,
        "hmac": "fake-secret",
        "usuarios": [],
        "grupos": [],
        "pastas": [],
        "gatilhos": [
            {"id": 3, "nome": "Processo assinado por algum signatário", "ativo": 1},
            {"id": 4, "nome": "Recusado", "ativo": 0},
        ],
        "dadosRetorno": {"processo": 1, "signatarios": 1, "documentos": 0, "documentosTipo": None},
    }
    plain = {"id": HOOK_ID, "status": 1, "gatilhos": [1, 8], "aguardarRetorno": 0}
    bare = {"id": HOOK_ID, "gatilhos": None}
    first, second, third = play(operations.webhooks(provider()), Reply.of([listed, plain, bare])).result
    assert (first.secret, first.triggers, first.waits_for_answer, first.active) == (
        Secret("fake-secret"),
        (3,),
        True,
        False,
    )
    assert (second.secret, second.triggers, second.waits_for_answer, second.active) == (None, (1, 8), False, True)
    assert third.triggers == ()
    assert "fake-secret" not in repr(first)
    assert "example.com" not in repr(first)


@pytest.mark.parametrize(("operation", "status"), [(operations.enable_webhook, 1), (operations.disable_webhook, 2)])
def test_webhook_is_switched(operation: Any, status: int) -> None:
    """One request, whose answer has no body."""
    played = play(operation(provider(), HOOK_ID), Reply())
    (call,) = played.calls
    assert (call.method, call.path) == ("PATCH", f"/api/v1/confwebhook/{HOOK_ID}/alterar-status")
    assert (call.json, played.result) == ({"status": status}, None)
