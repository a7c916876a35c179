"""The operations of an opened account: what each client method checks, starts and completes; no I/O."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

import attrs

from esign_core.accounts import config as configuration
from esign_core.accounts.settings import secrets_of
from esign_core.engine import arguments
from esign_core.engine.machine import steady_time
from esign_core.engine.ratelimit import LONGEST_CALL, Budget
from esign_core.engine.steps import Execution, Operation
from esign_core.engine.vendor_operations import operation_problem
from esign_core.model.documents import Document, SignedFile
from esign_core.model.drafts import ProcessDraft
from esign_core.model.errors import (
    ConfigError,
    EsignError,
    InvalidRequestError,
    NotFoundError,
    Problem,
    UnsupportedError,
)
from esign_core.model.events import Delivery, Event, Receipt
from esign_core.model.fields import UNSET
from esign_core.model.process import Process, TimelineEntry
from esign_core.model.resend import Resend, ResendReport
from esign_core.model.status import StatusDetail
from esign_core.providers import placement
from esign_core.providers.capabilities import Feature, refuse
from esign_core.providers.convert import plain_id
from esign_core.providers.flow import Call, Flow, Reply, path_problem
from esign_core.providers.plugins import Plugins
from esign_core.providers.validation import canonical, draft_problems, in_utc, kind_problems, resend_problems
from esign_core.redaction import detach, scrub

if TYPE_CHECKING:
    from esign_core.providers.base import Provider
    from esign_core.sandbox import Sandbox

T = TypeVar("T")
P = ParamSpec("P")
Clock = Callable[[], datetime]


class Operations:
    """One opened account: its provider, clock and observers; makes the operations that clients run."""

    def __init__(self, account: str, provider: Provider, plugins: Plugins, clock: Clock, box: Sandbox | None) -> None:
        self.account = account
        self.provider = provider
        self.plugins = plugins
        self.clock = clock
        self.box = box
        self.secrets = secrets_of(provider.settings)

    def execution(self) -> Execution:
        """Return what runs this account's operations."""
        settings = self.provider.settings
        budget = Budget(
            settings.windows,
            share=settings.send_share,
            store=settings.call_store,
            account=self.account,
            steady=self.steady_time,
            longest=max(LONGEST_CALL, settings.deadline or 0.0),
        )
        return Execution(self.provider, self.account, self.plugins, self.now, budget, secrets=self.secrets)

    def steady_time(self) -> tuple[str, float]:
        """Return an epoch and time elapsed since, whatever clocks are set to; moving a sandbox counts as elapsed time.

        A sandbox that was moved has an epoch of its own, so that one that was not does not wait for it.
        """
        epoch, seconds = steady_time()
        moved = self.box.clock.offset.total_seconds() if self.box else 0.0
        return (f"{epoch}+{moved}" if moved else epoch), seconds + moved

    def now(self) -> datetime:
        """Return the time of the account's clock, aware and in UTC."""
        return self.clock().astimezone(UTC)

    def check(self, draft: ProcessDraft, *, notes: bool = False) -> tuple[Problem, ...]:
        """Return everything that is wrong with a draft at this provider; with `notes`, also what to know about it."""
        now = self.now()
        wrong_kinds = _wrong_kinds(draft)
        if wrong_kinds:
            return wrong_kinds
        draft = canonical(draft)
        malformed = draft_problems(draft, now)
        problems = self._with_own(malformed, draft, now)
        if not notes:
            return problems
        own_notes = () if malformed else self.provider.notes(draft, now)
        return (*problems, *own_notes, *placement.document_notes(draft))

    def _with_own(self, malformed: tuple[Problem, ...], draft: ProcessDraft, now: datetime) -> tuple[Problem, ...]:
        """Add what the provider finds in a draft; what is malformed is named once."""
        known = {problem.path for problem in malformed}
        own = self._own_problems(draft, now, malformed=bool(malformed))
        return (*malformed, *(problem for problem in own if problem.path not in known))

    def _own_problems(self, draft: ProcessDraft, now: datetime, *, malformed: bool) -> tuple[Problem, ...]:
        """Ask the provider; a malformed draft may make it fail, another one may not."""
        if draft.expires_at is not None and in_utc(draft.expires_at) is None:
            # A moment without a zone, or one out of range, compares with none: left out, so that the rest is checked.
            draft = attrs.evolve(draft, expires_at=None)
        try:
            return self.provider.check(draft, now)
        except Exception:
            if not malformed:
                raise
            return ()

    def create(self, draft: ProcessDraft) -> Operation[Process]:
        """Return the operation that creates a process; its draft is completed first, and checked once."""
        return Operation(
            name="create",
            prepare=lambda: self._start_create(draft),
            finish=lambda process: self.annotate(_with_plain_id(process)),
            sensitive=(draft,),
            reads_files=True,
        )

    def _start_create(self, draft: ProcessDraft) -> Flow[Process]:
        now = self.now()
        refuse(_wrong_kinds(draft))
        draft = canonical(draft)
        refuse(self._with_own(draft_problems(draft, now), draft, now) or tuple(_changed(draft)))
        place = not self.provider.capabilities.supports(Feature.OWN_PLACEMENT)
        completed = placement.complete(draft, place=place, sizes=place or self.provider.needs_page_sizes)
        return start(self.provider.create, completed, now)

    def get(self, process: str | Process) -> Operation[Process]:
        """Return the operation that reads a process."""
        id_, known = _identified(process)

        def prepare() -> Flow[Process]:
            self._require_own(id_, known)
            return start(self.provider.get, id_, self.now())

        return Operation(
            name="get",
            prepare=prepare,
            finish=lambda read: self.annotate(keep_documents(read, known), read=True),
            process_id=id_,
            sensitive=(known,),
        )

    def resend(self, process: str | Process, resend: Resend) -> Operation[ResendReport]:
        """Return the operation that puts a process back before its signers."""
        id_, known = _identified(process)

        def prepare() -> Flow[ResendReport]:
            self._require_own(id_, known)
            refuse(arguments.resend_argument_problems(resend))
            edited = canonical(resend)
            malformed = resend_problems(edited)
            if malformed:
                refuse((*malformed, *dry_run(self.provider, id_, edited, self.now(), known)))
            return start(self.provider.resend, id_, edited, self.now(), known)

        return Operation(
            name="resend",
            prepare=prepare,
            finish=self._dated_report,
            process_id=id_,
            sensitive=(known, resend),
        )

    def _dated_report(self, report: ResendReport) -> ResendReport:
        return attrs.evolve(report, at=report.at or self.now())

    def cancel(self, process: str | Process, reason: str, requested_by: str | None) -> Operation[Process]:
        """Return the operation that cancels a process."""
        id_, known = _identified(process)

        def prepare() -> Flow[Process]:
            self._require_own(id_, known)
            refuse(arguments.cancel_problems(reason, requested_by))
            return start(self.provider.cancel, id_, reason, requested_by, known)

        return Operation(
            name="cancel",
            prepare=prepare,
            finish=self.annotate,
            process_id=id_,
            sensitive=(known, reason, requested_by),
        )

    def download(
        self, process: str | Process, to: str | os.PathLike[str] | None, *, audit: bool = False
    ) -> Operation[tuple[SignedFile, ...]]:
        """Return the operation that fetches the files of a process."""
        id_, known = _identified(process)

        def prepare() -> Flow[tuple[SignedFile, ...]]:
            self._require_own(id_, known)
            refuse(arguments.directory_problems(to))
            if not audit:
                return start(self.provider.download, id_, known)
            if not self.provider.capabilities.supports(Feature.AUDIT_RECORD):
                hint = self.provider.capabilities.hints.get(Feature.AUDIT_RECORD, "Leave audit out.")
                raise UnsupportedError(f"{self.provider.name} does not support {Feature.AUDIT_RECORD.name}", hint=hint)
            # A provider that claims the feature takes the keyword; `Provider.download` says so.
            download: Callable[..., Flow[tuple[SignedFile, ...]]] = self.provider.download
            return start(download, id_, known, audit=True)

        return Operation(name="download", prepare=prepare, process_id=id_, sensitive=(known,), to=to)

    def timeline(self, process: str | Process) -> Operation[tuple[TimelineEntry, ...]]:
        """Return the operation that reads a process's history."""
        id_, known = _identified(process)

        def prepare() -> Flow[tuple[TimelineEntry, ...]]:
            self._require_own(id_, known)
            return start(self.provider.timeline, id_)

        return Operation(name="timeline", prepare=prepare, finish=self._reported, process_id=id_, sensitive=(known,))

    def own(self, operation: Callable[..., Flow[T]], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Operation[T]:
        """Return the operation that runs a function of the provider's own."""

        def prepare() -> Flow[T]:
            problem = operation_problem(self.provider, operation, args, kwargs)
            if problem is not None:
                raise InvalidRequestError(problems=[problem])
            return start(_flow_of, operation, self.provider, *args, **kwargs)

        name = getattr(operation, "__name__", "operation")
        return Operation(name=name, prepare=prepare, finish=self._completed, sensitive=(args, kwargs))

    def call(self, method: str, path: str, json: Any, query: Mapping[str, str] | None) -> Operation[Reply]:
        """Return the operation that makes one call to any of the vendor's endpoints."""

        def prepare() -> Flow[Reply]:
            refuse((*arguments.verb_problems(method), *arguments.query_problems(query), *arguments.json_problems(json)))
            if not isinstance(path, str):
                refuse([Problem.invalid("path", "must be a text", 'give a path such as "/process"')])
            verb, body = method.upper(), UNSET if json is None else json
            made = Call(method=verb, path=path, query=query or {}, json=body, repeatable=verb in ("GET", "HEAD"))
            problem = path_problem(made)
            if problem is not None:
                raise problem
            return _one(made)

        return Operation(name="call", prepare=prepare, sensitive=(json, query))

    def receive(self, delivery: Delivery) -> Receipt:
        """Authenticate and read a webhook, and notify the observers of its events."""
        now = self.now()
        try:
            refuse(arguments.delivery_problems(delivery))
            receipt = self.provider.receive(attrs.evolve(delivery, received_at=delivery.received_at or now))
        except EsignError as raised:
            error = detach(raised)
        else:
            events = tuple(self._annotated_event(event, delivery.received_at or now) for event in receipt.events)
            for event in events:
                self.plugins.event(event)
                if event.kind.value == "unknown":
                    self._report_unknown("webhook", event.vendor_status)
            return attrs.evolve(receipt, events=events)
        error.provider, error.operation = self.provider.name, "receive"
        raise scrub(error, self.secrets)

    def annotate(self, process: Process, *, read: bool = False) -> Process:
        """Return a process with what only the client knows; report status words that no table contains."""
        details = [process.status_detail, *(signer.status_detail for signer in process.signers)]
        details += [document.status_detail for document in process.documents if document.status_detail is not None]
        for detail in details:
            self._report(detail)
        read_at = self.now() if read else process.read_at
        return attrs.evolve(process, provider=self.provider.name, account=self.account, read_at=read_at)

    def _completed(self, result: T) -> T:
        return cast("T", self.annotate(result)) if isinstance(result, Process) else result

    def _reported(self, entries: tuple[TimelineEntry, ...]) -> tuple[TimelineEntry, ...]:
        """Report the words of a history that no table contains."""
        for entry in entries:
            if entry.kind == "unknown":
                self._report_unknown("timeline", entry.vendor_status)
        return entries

    def _report(self, detail: StatusDetail) -> None:
        if not detail.known:
            self._report_unknown(detail.rule.removesuffix(".unknown"), detail.vendor_status)

    def _report_unknown(self, vocabulary: str, word: str) -> None:
        self.plugins.unknown_status(
            provider=self.provider.name, account=self.account, vocabulary=vocabulary, vendor_status=word
        )

    def _annotated_event(self, event: Event, received_at: datetime) -> Event:
        return attrs.evolve(
            event, provider=self.provider.name, account=self.account, received_at=event.received_at or received_at
        )

    def _require_own(self, process_id: Any, known: Process | None) -> None:
        """Refuse an id that cannot be this vendor's; a process handed over was read before and is trusted."""
        if known is not None:
            refuse(arguments.process_problems(known))
        elif problems := tuple(arguments.process_problems(process_id)):
            raise NotFoundError(str(problems[0]), hint="Nothing was sent.")
        elif not self.provider.owns(process_id):
            hint = "Look at the identifier: it has not the form of this provider's. Nothing was sent."
            raise NotFoundError(hint=hint)


def _wrong_kinds(draft: ProcessDraft) -> tuple[Problem, ...]:
    """Return what is of the wrong kind in a draft; the rest cannot be checked before that is corrected."""
    if not isinstance(draft, ProcessDraft):
        return (Problem(path="draft", message="must be a ProcessDraft", hint="give ProcessDraft(name=..., ...)"),)
    return kind_problems(draft)


def _identified(process: str | Process) -> tuple[Any, Process | None]:
    return (process.id, process) if isinstance(process, Process) else (process, None)


def _with_plain_id(process: Process) -> Process:
    """Keep the id of an answer only if it is one plain word: no path may be built from anything else."""
    return attrs.evolve(process, id=plain_id(process.id))


def start(make: Callable[P, Flow[T]], *args: P.args, **kwargs: P.kwargs) -> Flow[T]:
    """Start the flow lazily, so that errors before its first request get the same context as later ones."""
    return (yield from make(*args, **kwargs))


def _flow_of(operation: Callable[..., Flow[T]], *args: Any, **kwargs: Any) -> Flow[T]:
    flow = operation(*args, **kwargs)
    if not isinstance(flow, Generator):
        refuse([Problem.invalid("operation", "must return a flow", "give a function that yields calls")])
    return flow


def _changed(draft: ProcessDraft) -> Iterator[Problem]:
    """Find files that are gone or are no longer what they were when their documents were made."""
    for index, document in enumerate(draft.documents):
        try:
            if isinstance(document, Document):
                document.verify()
        except InvalidRequestError as error:
            yield from (attrs.evolve(problem, path=f"documents[{index}]") for problem in error.problems)


def dry_run(
    provider: Provider, process_id: str, resend: Resend, now: datetime, known: Process | None
) -> tuple[Problem, ...]:
    """Return what else a provider would refuse of a malformed resend; before its first call a flow only checks."""
    flow = start(provider.resend, process_id, resend, now, known)
    try:
        next(flow)
    except InvalidRequestError as error:
        return error.problems
    except Exception:  # noqa: BLE001 - what is malformed may make it fail
        return ()
    finally:
        flow.close()
    return ()


def _one(call: Call) -> Flow[Reply]:
    reply = yield call
    return reply


def open_account(
    account: str, config: Any, plugins: Iterable[object], clock: Clock | None, *, otherwise: Clock
) -> Operations | ConfigError:
    """Open an account; an error is returned, so that `connect` raises it from a frame that holds no key."""
    found = configuration.load(account, config)
    if isinstance(found, ConfigError):
        return found
    loaded = Plugins()
    try:
        kind = loaded.load_provider(found.provider)
        loaded.load_observers(found.plugins, plugins)
        if clock is not None and clock().utcoffset() is None:
            return ConfigError("The clock has no time zone.", hint="Let it return aware datetimes: datetime.now(UTC).")
        settings = found.build(kind.Settings)
        if isinstance(settings, ConfigError):
            return settings
        box = kind.sandbox(settings) if settings.is_sandbox else None
        if box is not None and clock is not None:
            box.clock.follow(clock)
        provider = kind(settings if box is None else box.settings)
    except EsignError as error:
        problem = error.with_traceback(None)
        return problem if isinstance(problem, ConfigError) else ConfigError(problem.message, hint=problem.hint)
    return Operations(account, provider, loaded, clock or (otherwise if box is None else box.clock.now), box)


def keep_documents(read: Process, known: Process | None) -> Process:
    """Return a process as it was read, with the documents of the known one where the vendor's answer lists none."""
    return read if read.documents or known is None else attrs.evolve(read, documents=known.documents)
