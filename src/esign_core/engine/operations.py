"""One account, opened: its provider, its clock, its observers; it makes the tasks that clients run."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

import attrs

from esign_core.accounts import config as configuration
from esign_core.accounts.settings import secrets_of
from esign_core.engine.machine import steady_time
from esign_core.engine.ratelimit import LONGEST_CALL, Budget
from esign_core.engine.runner import Driver, Task
from esign_core.http.downloads import download_target
from esign_core.model.documents import Document, SignedFile
from esign_core.model.drafts import ProcessDraft
from esign_core.model.errors import ConfigError, EsignError, InvalidRequestError, NotFoundError, Problem
from esign_core.model.events import Delivery, Event, Receipt
from esign_core.model.fields import UNSET
from esign_core.model.process import Process, TimelineEntry
from esign_core.model.resend import Resend, ResendReport
from esign_core.model.status import StatusDetail
from esign_core.providers import placement as pages
from esign_core.providers.capabilities import Feature, refuse
from esign_core.providers.flow import Call, Flow, Reply, no_way_out
from esign_core.providers.plugins import Plugins
from esign_core.providers.validation import canonical, draft_problems, in_utc, kind_problems, resend_problems
from esign_core.redaction import detach, scrub, sensitive_values

if TYPE_CHECKING:
    from esign_core.providers.base import Provider
    from esign_core.sandbox import Sandbox

T = TypeVar("T")
P = ParamSpec("P")
Clock = Callable[[], datetime]


class Desk:
    """One account, opened: its provider, its clock, its observers; it makes tasks and waits for nothing."""

    def __init__(self, account: str, provider: Provider, plugins: Plugins, clock: Clock, box: Sandbox | None) -> None:
        self.account = account
        self.provider = provider
        self.plugins = plugins
        self.clock = clock
        self.box = box
        self.secrets = secrets_of(provider.settings)

    def driver(self) -> Driver:
        """Return what drives this account's flows."""
        settings = self.provider.settings
        budget = Budget(
            settings.windows,
            share=settings.send_share,
            store=settings.call_store,
            account=self.account,
            steady=self.steady_time,
            longest=max(LONGEST_CALL, settings.deadline or 0.0),
        )
        return Driver(self.provider, self.account, self.plugins, self.now, settings.max_wait, budget)

    def now(self) -> datetime:
        """Return the time of the account's clock, aware and in UTC."""
        return self.clock().astimezone(UTC)

    def steady_time(self) -> tuple[str, float]:
        """Return an epoch and time elapsed since, whatever clocks are set to; moving a sandbox counts as elapsed time.

        A sandbox that was moved has an epoch of its own, so that one that was not does not wait for it.
        """
        epoch, seconds = steady_time()
        moved = self.box.clock.offset.total_seconds() if self.box else 0.0
        return (f"{epoch}+{moved}" if moved else epoch), seconds + moved

    def check(self, draft: ProcessDraft) -> tuple[Problem, ...]:
        """Return everything that is wrong with a draft at this provider."""
        if not isinstance(draft, ProcessDraft):
            return (Problem(path="draft", message="is no ProcessDraft", hint="make one, and give that"),)
        wrong_kinds = kind_problems(draft)
        if wrong_kinds:
            return wrong_kinds
        draft, now = canonical(draft), self.now()
        malformed = draft_problems(draft, now)
        known = {problem.path for problem in malformed}
        own = self._own_problems(draft, now, malformed=bool(malformed))
        return (*malformed, *(problem for problem in own if problem.path not in known))

    def _own_problems(self, draft: ProcessDraft, now: datetime, *, malformed: bool) -> tuple[Problem, ...]:
        """Ask the provider; it may stumble over what is malformed, but over nothing else."""
        if draft.expires_at is not None and in_utc(draft.expires_at) is None:
            # A moment without a zone, or one out of range, compares with none: left out, so that the rest is checked.
            draft = attrs.evolve(draft, expires_at=None)
        try:
            return self.provider.check(draft, now)
        except Exception:
            if not malformed:
                raise
            return ()

    def complete(self, draft: ProcessDraft) -> ProcessDraft:
        """Return the draft as the provider needs it, or raise all that is wrong with it."""
        self._refuse("create", self.check(draft) or _changed(draft))
        draft = canonical(draft)
        place = not self.provider.capabilities.supports(Feature.OWN_PLACEMENT)
        try:
            return pages.complete(draft, place=place, sizes=place or self.provider.needs_page_sizes)
        except InvalidRequestError as raised:
            error = detach(raised)
        raise self._signed(error, "create", None)

    def create(self, draft: ProcessDraft) -> Task[Process]:
        """Return the task of creating a completed draft."""
        return self._task("create", begun(self.provider.create, draft, self.now()), None, draft)

    def get(self, process: str | Process) -> Task[Process]:
        """Return the task of reading a process."""
        id_, known = self._id("get", process)
        return self._task("get", begun(self.provider.get, id_, self.now()), id_, known)

    def resend(self, process: str | Process, resend: Resend) -> Task[ResendReport]:
        """Return the task of resending a process."""
        id_, known = self._id("resend", process)
        malformed = resend_problems(resend)
        if malformed:
            self._refuse("resend", (*malformed, *_foreseen(self.provider, id_, resend, self.now(), known)), id_)
        resend = canonical(resend)
        return self._task("resend", begun(self.provider.resend, id_, resend, self.now(), known), id_, known, resend)

    def cancel(self, process: str | Process, reason: str, requested_by: str | None) -> Task[Process]:
        """Return the task of cancelling a process."""
        id_, known = self._id("cancel", process)
        flow = begun(self.provider.cancel, id_, reason, requested_by, known)
        return self._task("cancel", flow, id_, known, reason, requested_by)

    def download(self, process: str | Process, to: str | os.PathLike[str] | None) -> Task[tuple[SignedFile, ...]]:
        """Return the task of fetching the files of a process."""
        id_, known = self._id("download", process)
        task = self._task("download", begun(self.provider.download, id_, known), id_, known)
        return attrs.evolve(task, destination=download_target(to))

    def timeline(self, process: str | Process) -> Task[tuple[TimelineEntry, ...]]:
        """Return the task of reading a process's history."""
        id_, known = self._id("timeline", process)
        return self._task("timeline", begun(self.provider.timeline, id_), id_, known)

    def operation(self, flow: Flow[T], name: str, *given: Any) -> Task[T]:
        """Return the task of a provider's own operation."""
        return self._task(name, flow, None, *given)

    def call(self, method: str, path: str, json: Any, query: Mapping[str, str] | None) -> Task[Reply]:
        """Return the task of one call to any of the vendor's endpoints."""
        verb = str(method).upper()
        if verb not in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}:
            hint = "give GET, POST, PUT, PATCH or DELETE"
            self._refuse("call", [Problem(path="method", message="is none that HTTP APIs know", hint=hint)])
        body = UNSET if json is None else json
        call = Call(method=verb, path=str(path), query=query or {}, json=body, repeatable=verb in ("GET", "HEAD"))
        problem = no_way_out(call)
        if problem is not None:
            raise self._signed(problem, "call", None)
        return self._task("call", _one(call), None, json, query)

    def receive(self, delivery: Delivery) -> Receipt:
        """Judge and read a webhook, and tell the observers what it says."""
        now = self.now()
        error: EsignError
        if not isinstance(delivery, Delivery):
            hint = "Make a Delivery of the request's headers and its raw body."
            self._refuse("receive", [Problem(path="delivery", message="is no Delivery", hint=hint)])
        try:
            receipt = self.provider.receive(attrs.evolve(delivery, received_at=delivery.received_at or now))
        except EsignError as raised:
            error = detach(raised)
        else:
            events = tuple(self._stamped_event(event, delivery.received_at or now) for event in receipt.events)
            for event in events:
                self.plugins.event(event)
                if event.kind.value == "unknown":
                    self._unknown("webhook", event.vendor_status)
            return attrs.evolve(receipt, events=events)
        raise self._signed(error, "receive", None)

    def stamped(self, process: Process, *, read: bool = False) -> Process:
        """Return a process with what only the client knows, and report words of the vendor's that no table knows."""
        details = [process.status_detail, *(signer.status_detail for signer in process.signers)]
        details += [document.status_detail for document in process.documents if document.status_detail is not None]
        for detail in details:
            self._report(detail)
        read_at = self.now() if read else process.read_at
        return attrs.evolve(process, provider=self.provider.name, account=self.account, read_at=read_at)

    def result(self, result: T) -> T:
        """Return what an operation returned; a process gets what only the client knows."""
        return cast("T", self.stamped(result)) if isinstance(result, Process) else result

    def entries(self, entries: tuple[TimelineEntry, ...]) -> tuple[TimelineEntry, ...]:
        """Return a history, having reported the words of the vendor's that no table knows."""
        for entry in entries:
            if entry.kind == "unknown":
                self._unknown("timeline", entry.vendor_status)
        return entries

    def _report(self, detail: StatusDetail) -> None:
        if not detail.known:
            self._unknown(detail.rule.removesuffix(".unknown"), detail.vendor_status)

    def _unknown(self, vocabulary: str, word: str) -> None:
        self.plugins.unknown_status(
            provider=self.provider.name, account=self.account, vocabulary=vocabulary, vendor_status=word
        )

    def _stamped_event(self, event: Event, received_at: datetime) -> Event:
        return attrs.evolve(
            event, provider=self.provider.name, account=self.account, received_at=event.received_at or received_at
        )

    def _id(self, operation: str, process: str | Process) -> tuple[str, Process | None]:
        known = process if isinstance(process, Process) else None
        id_ = known.id if known is not None else process
        if not isinstance(id_, str) or not self.provider.owns(id_):
            hint = "Look at the identifier: it has not the form of this provider's. Nothing was sent."
            raise self._signed(NotFoundError(hint=hint), operation, None)
        return id_, known

    def _task(self, operation: str, flow: Flow[T], process_id: str | None, *given: Any) -> Task[T]:
        private = (*self.secrets, *sensitive_values(*given))
        return Task(flow=flow, operation=operation, process_id=process_id, private=private)

    def _refuse(self, operation: str, problems: Iterable[Problem], process_id: str | None = None) -> None:
        try:
            refuse(problems)
        except InvalidRequestError as raised:
            error = detach(raised)
        else:
            return
        raise self._signed(error, operation, process_id)

    def _signed(self, error: EsignError, operation: str, process_id: str | None) -> EsignError:
        error.provider, error.operation, error.process_id = self.provider.name, operation, process_id
        return scrub(error, self.secrets)


def begun(make: Callable[P, Flow[T]], *args: P.args, **kwargs: P.kwargs) -> Flow[T]:
    """Begin a flow inside its task, so that what it refuses before its first call is told like everything else."""
    return (yield from make(*args, **kwargs))


def _changed(draft: ProcessDraft) -> Iterator[Problem]:
    """Find files that are gone or are no longer what they were when their documents were made."""
    for index, document in enumerate(draft.documents):
        try:
            if isinstance(document, Document):
                document.verify()
        except InvalidRequestError as error:
            yield from (attrs.evolve(problem, path=f"documents[{index}]") for problem in error.problems)


def _foreseen(
    provider: Provider, process_id: str, resend: Resend, now: datetime, known: Process | None
) -> tuple[Problem, ...]:
    """Ask a provider what else it would refuse of a malformed resend; up to its first call a flow only judges."""
    flow = begun(provider.resend, process_id, resend, now, known)
    try:
        next(flow)
    except InvalidRequestError as error:
        return error.problems
    except Exception:  # noqa: BLE001 - it may stumble over what is malformed
        return ()
    finally:
        flow.close()
    return ()


def _one(call: Call) -> Flow[Reply]:
    reply = yield call
    return reply


def opened(
    account: str, config: Any, plugins: Iterable[object], clock: Clock | None, *, otherwise: Clock
) -> Desk | ConfigError:
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
    return Desk(account, provider, loaded, clock or (otherwise if box is None else box.clock.now), box)
