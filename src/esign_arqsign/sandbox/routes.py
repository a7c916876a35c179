"""The vendor's methods: which path leads where, and what every request has to pass first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import attrs

from esign_arqsign.sandbox import messages, routes_account, routes_process, routes_webhooks
from esign_arqsign.sandbox.context import MALFORMED, Context, VendorError, refusal
from esign_core.providers.flow import Reply
from esign_core.sandbox import NoMatch, Router


@attrs.frozen
class _Method:
    handler: Callable[[Context], Reply]
    query: tuple[str, ...] = ()
    pictured: bool = False
    """Whether the manual shows this method's error bodies in pictures, as bare strings."""


_METHODS: Final = (
    ("POST", "/api/v2/processo/enviar-documento-para-assinar", _Method(routes_process.send_v2)),
    ("POST", "/api/v3/processo/enviar-documento-para-assinar", _Method(routes_process.send_v3)),
    (
        "GET",
        "/api/v2/processo/{idProcesso}",
        _Method(routes_process.full, ("arquivotipo", "retornarregistroassinatura")),
    ),
    ("PATCH", "/api/v2/processo/{idProcesso}/reenviar-processo", _Method(routes_process.resend)),
    ("GET", "/api/v1/processo/{idProcesso}/status-do-processo", _Method(routes_process.status, pictured=True)),
    ("GET", "/api/v1/processo/{idProcesso}/dados-signatarios", _Method(routes_process.signers)),
    ("PATCH", "/api/v1/processo/{idProcesso}/cancelar-processo", _Method(routes_process.cancel, pictured=True)),
    ("POST", "/api/v1/processo/{idProcesso}/buscar-anexos-signatarios", _Method(routes_process.attachments)),
    ("GET", "/api/v1/processo/{idArquivoProcesso}/registro-assinaturas", _Method(routes_process.record)),
    ("POST", "/api/v1/diretorio/buscar-pastas", _Method(routes_account.folders)),
    ("POST", "/api/v1/usuarios/buscar-usuarios", _Method(routes_account.users)),
    ("GET", "/api/v1/conta/papeis-signatarios", _Method(routes_account.roles)),
    ("POST", "/api/v1/conta/buscar-consumo-itens-assinatura", _Method(routes_account.usage)),
    ("GET", "/api/v1/conta/dados-assinatura", _Method(routes_account.plan)),
    ("PATCH", "/api/v1/confwebhook/{idConfWebHook}/alterar-status", _Method(routes_webhooks.set_status)),
    ("POST", "/api/v1/confwebhook", _Method(routes_webhooks.create)),
    ("GET", "/api/v1/confwebhook", _Method(routes_webhooks.listed)),
)


def _router() -> Router[_Method]:
    router: Router[_Method] = Router()
    for verb, template, method in _METHODS:
        router.add(verb, template, method)
    return router


_ROUTER: Final = _router()


def answer(context: Context, *, authorized: bool) -> Reply:
    """Answer a request as the application does: the key first, then the route, then what was asked."""
    if not authorized:
        return refusal(context.dialect, 401, (messages.UNAUTHORIZED,), pictured=True)
    found = _ROUTER.find(context.request.method, context.request.path)
    if isinstance(found, NoMatch):
        return refusal(context.dialect, 404, (messages.NO_METHOD,), pictured=True)
    method = found.handler
    if any(name.lower() not in method.query for name in context.request.query):
        return refusal(context.dialect, MALFORMED, (messages.UNKNOWN_PARAMETER,), pictured=method.pictured)
    try:
        return method.handler(attrs.evolve(context, params=found.params))
    except VendorError as refused:
        return refusal(context.dialect, refused.status, refused.said, pictured=method.pictured)
