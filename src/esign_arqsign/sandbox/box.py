"""The ArqSign sandbox itself: keys and dialect on the outside, processes and people inside."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Final

import attrs

from esign_arqsign.sandbox import (
    account,
    creation,
    files,
    gateway,
    payload,
    people,
    routes,
    rules_files,
    webhooks,
)
from esign_arqsign.sandbox import (
    state as states,
)
from esign_arqsign.sandbox.account import Credits
from esign_arqsign.sandbox.context import SIZE_LIMIT, Context
from esign_arqsign.sandbox.dialect import Dialect
from esign_arqsign.sandbox.plan import Plan
from esign_core.accounts.settings import Secret
from esign_core.model.errors import UnsupportedError
from esign_core.model.events import Delivery
from esign_core.providers.flow import Reply
from esign_core.sandbox import Clock, Request, Sandbox, State, agenda, no_such_signer

if TYPE_CHECKING:
    from esign_arqsign.settings import ArqSignSettings

BASE_URL: Final = "https://arqsign-sandbox.invalid"


class Box(Sandbox):
    """ArqSign as its manual describes it, in this process.

    `dialect`, `plan`, `account_active`, `size_limit`, `link_life` and `web` may be changed at any time.
    """

    vendor: ClassVar[str] = "arqsign"
    settings: ArqSignSettings

    dialect: Dialect

    def __init__(
        self,
        settings: ArqSignSettings,
        clock: Clock | Callable[[], datetime] | None = None,
        *,
        dialect: Dialect | None = None,
        plan: Plan | None = None,
    ) -> None:
        self.dialect = dialect or Dialect()
        """Which of the vendor's contradictory texts is followed."""
        self.plan = plan
        """How many requests the account may make; None: as many as it likes."""
        self.account_active = True
        """Whether the account has the status Ativo."""
        self.size_limit = SIZE_LIMIT
        """How many bytes the files of a process may have together."""
        self.link_life = timedelta(hours=24)
        """How long a download link can be used."""
        self.web: dict[str, bytes | None] = {}
        """What lies behind links that documents are sent as, None being nothing; elsewhere lies an empty page."""
        self._keys = _complete(settings)
        super().__init__(self._keys, clock)
        if settings.insecure_webhooks and not settings.webhook_secrets:
            # The account asks to read deliveries without a secret, so it is given none.
            self.settings = attrs.evolve(self._keys, webhook_secrets=())

    @property
    def credits(self) -> Credits:
        """What the account may still spend."""
        with self._transaction() as state:
            return Credits.of(account.of(state)["credits"])

    @credits.setter  # noqa: A003 - the property's own name
    def credits(self, left: Credits) -> None:
        with self._transaction() as state:
            account.of(state)["credits"] = left.counted()

    def sign_as(self, who: str, *, process_id: str | None = None) -> None:
        """Make a person sign: an e-mail, a phone or a signer id, wherever it is their turn, or in one process."""
        with self._act() as state:
            people.sign(self._context(state), who, process_id)

    def decline_as(self, who: str, reason: str = "", *, process_id: str | None = None) -> None:
        """Make a person decline, with the reason they give; ArqSign cancels the process then."""
        with self._act() as state:
            people.refuse(self._context(state), who, reason, process_id)

    def block(self, who: str, *, process_id: str | None = None) -> None:  # noqa: ARG002 - ArqSign has no blocks
        """Refuse: ArqSign has no identity check that could block a person."""
        raise UnsupportedError(
            "ArqSign blocks nobody: it has no identity checks that a person could fail.",
            provider=self.vendor,
            operation="sandbox.block",
            hint="Use decline_as for somebody who refuses, or fail_delivery for somebody who cannot be reached.",
        )

    def fail_delivery(self, who: str, *, code: bool = False, process_id: str | None = None) -> None:
        """Let the process, or with `code` the security code, not reach a person."""
        with self._act() as state:
            people.fail(self._context(state), who, process_id, code=code)

    def delete(self, process_id: str) -> None:
        """Delete a process, as a user can in the application."""
        with self._act() as state:
            process = states.processes(state).get(process_id.lower())
            if process is None:
                raise no_such_signer("be rid of that process", process_id=process_id)
            process["deleted"] = True
            agenda.strike(state, what=states.EXPIRE, process=process["id"])

    def draft(self, name: str = "Rascunho") -> str:
        """Create a process that has not been sent, as a user can in the application, and give its id."""
        with self._act() as state:
            process_id = state.make_guid("arqsign-process", state.number("process"))
            body = _draft(name, str(self.settings.responsible_id).lower(), str(self.settings.folder_id).lower())
            file = rules_files.File(order=1, name="rascunho.pdf", content=files.blank_page())
            process = creation.create(state, process_id, body, (file,), self.clock.now())
            process.update(status=states.CREATED, sent_at=None)
            agenda.strike(state, what=states.EXPIRE, process=process_id)
            return process_id

    def _answer(self, state: State, request: Request) -> Reply:
        now = self.clock.now()
        if request.host == files.HOST:
            return files.serve(state, request, now)
        stopped = gateway.stopped(request, [_shown(self._keys.subscription_key)])
        if stopped is not None:
            return stopped
        wait = 0 if self.plan is None else self.plan.admit(state, now)
        if wait:
            return gateway.beyond_plan(wait)
        key = gateway.same(request.headers.get("appkey", ""), _shown(self._keys.app_key))
        context = attrs.evolve(
            self._context(state, now), request=request, size_limit=self.size_limit, fetch=self._fetch
        )
        return routes.answer(context, authorized=key and self.account_active)

    def _happen(self, state: State, at: datetime, due: dict[str, Any]) -> None:
        context = self._context(state, at)
        if due["what"] == webhooks.DELIVER:
            webhooks.deliver(context, due)
        elif due["what"] == states.EXPIRE:
            webhooks.emit(context, payload.EXPIRED, states.processes(state)[due["process"]])

    def _hand_over(self, letters: Sequence[tuple[int, int, Delivery]]) -> None:
        # Only a plain 200 counts, and some answers switch the vendor off: the floor repeats in another way.
        for number, _, letter in letters:
            status = 200 if self._receiver is None else _delivered(self._receiver, letter)
            with self._transaction() as state:
                webhooks.judge(state, number, status, letter.received_at or self.clock.now())

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[State]:
        with super()._transaction() as state:
            account.furnish(state, self._keys)
            hook = webhooks.configuration(webhooks.DEFAULT_ID, _shown(self._keys.webhook_secrets[0]))
            # Programs that share a file may have different secrets; each one's own is current.
            webhooks.hooks(state).setdefault(webhooks.DEFAULT_ID, hook)["secret"] = hook["secret"]
            yield state

    def _context(self, state: State, at: datetime | None = None) -> Context:
        return Context(state=state, now=at or self.clock.now(), dialect=self._dialect(), link_life=self.link_life)

    def _dialect(self) -> Dialect:
        return attrs.evolve(self.dialect, zone=self.dialect.zone or self.settings.zone)

    def _fetch(self, link: str) -> bytes | None:
        if not link.lower().startswith(("https://", "http://")):
            return None
        return self.web[link] if link in self.web else files.blank_page()


def _complete(settings: ArqSignSettings) -> ArqSignSettings:
    return attrs.evolve(
        settings,
        base_url=BASE_URL,
        app_key=settings.app_key or Secret("sandbox-app-key"),
        subscription_key=settings.subscription_key or Secret("sandbox-subscription-key"),
        responsible_id=settings.responsible_id or account.RESPONSIBLE_ID,
        folder_id=settings.folder_id or account.FOLDER_ID,
        webhook_secrets=settings.webhook_secrets or (Secret("sandbox-hmac-key"),),
    )


def _shown(secret: Secret[str] | None) -> str:
    # None cannot be: the box completes its settings before it uses them.
    return "" if secret is None else secret.get_secret_value()


def _delivered(receiver: Callable[[Delivery], int], letter: Delivery) -> int | None:
    try:
        return receiver(letter)
    except TimeoutError:
        return None
    except ConnectionError:
        return 0


def _draft(name: str, responsible: str, folder: str) -> dict[str, Any]:
    return {
        "nomeProcesso": name,
        "idPasta": folder,
        "idResponsavel": responsible,
        "configuracoesAvancadas": None,
        "renovacaoMeses": None,
        "usarOrdemAssinatura": False,
        "destinatarios": [],
    }
