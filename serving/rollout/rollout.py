"""Another model is made the one that scores, or the former one again."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

import anyio.to_thread
import structlog

from kiemtin.errors import BundleCorruptError, BundleError
from kiemtin.models_folder import Found
from serving.db import Activation, Kind
from serving.engine import Engine, Model
from serving.errors import (
    ModelRefusedError,
    ModelUnknownError,
    NoPreviousModelError,
    SwapInProgressError,
)
from serving.rollout.choice import choose
from serving.rollout.listing import Listed, Standing, list_models
from serving.rollout.refusals import Refusals
from serving.rollout.wishes import Reading, Wish, Wishes

_RETRY_S = 2
_log = structlog.get_logger()


class Rollout:
    """
    Decides which model scores; one swap at a time.

    Args:
        engine: Who scores.
        wishes: What there is, and what was chosen before.
        refusals: What did not prove itself.
        now: The time of day.
    """

    def __init__(
        self,
        engine: Engine,
        wishes: Wishes,
        refusals: Refusals,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._engine = engine
        self._wishes = wishes
        self._refusals = refusals
        self._now = now
        self._since = now()
        self._last: Activation | None = None
        self._swapping = asyncio.Lock()

    async def list_models(self, *, shadow: str = "") -> list[Listed]:
        """Return the models that are there; *shadow* is the digest of the challenger."""
        bundles = await anyio.to_thread.run_sync(self._wishes.catalog.read)
        return self._list(bundles, shadow)

    async def activate(
        self, name: str, *, digest: str | None, version: str | None, by: str
    ) -> Listed:
        """
        Let the model that is meant score from now on, unless it does already.

        Args:
            name: Its name.
            digest: Of its bundle, if its name and version do not say enough.
            version: As its manifest has it.
            by: Who wants it.

        Raises:
            ModelUnknownError: If there is none.
            ModelAmbiguousError: If there are several.
            ModelRefusedError: If it does not prove itself; the other one goes on.
            SwapInProgressError: If another one is being loaded.
            DatabaseUnavailableError: If it cannot be recorded; the other one goes on.
        """
        bundles = await anyio.to_thread.run_sync(self._wishes.catalog.read)
        bundle = choose(
            bundles, name, digest=digest, version=version, active=self._active
        )
        if bundle.digest != self._active:
            await self._swap(bundle, self._recorder(Kind.ACTIVATION, by))
        return self._list(bundles)[0]

    async def rollback(self, name: str, *, by: str) -> Listed:
        """
        Let the model score that did before the one called *name*.

        Raises:
            ModelUnknownError: If another one than *name* scores, or the former is gone.
            NoPreviousModelError: If nobody knows which one did.
            ModelRefusedError: If it does not prove itself any more.
            SwapInProgressError: If another one is being loaded.
            DatabaseUnavailableError: If it cannot be recorded; the other one goes on.
        """
        if self._engine.refusal or self._engine.model.out.name != name:
            msg = "no model of this name scores"
            raise ModelUnknownError(msg)
        previous = self._previous
        if not previous:
            msg = "no other model has scored before this one"
            raise NoPreviousModelError(msg)
        bundles = await anyio.to_thread.run_sync(self._wishes.catalog.read)
        bundle = next((x for x in bundles if x.digest == previous), None)
        if bundle is None:
            msg = f"the model that scored before, {previous}, is no longer there"
            raise ModelUnknownError(msg)
        await self._swap(bundle, self._recorder(Kind.ROLLBACK, by))
        return self._list(bundles)[0]

    async def follow(self, reading: Reading) -> None:
        """
        Let the model score that is wished for, unless it does already.

        Raises:
            DatabaseUnavailableError: If it cannot be recorded; the other one goes on.
        """
        for wish in reading.wishes:
            if wish.bundle.digest == self._active:
                await self._note(wish, reading)
                return
            if self._swapping.locked():
                return
            if self._refusals.of(wish.bundle):
                continue
            try:
                await self._swap(wish.bundle, self._agree_to(wish))
            except ModelRefusedError:
                continue
            return

    async def close(self) -> None:
        """Wait for the swap that is under way."""
        async with self._swapping:
            pass

    @property
    def _active(self) -> str:
        return "" if self._engine.refusal else self._engine.model.digest

    @property
    def _previous(self) -> str:
        """The digest of the model before the one that scores; empty if unknown."""
        is_ours = self._last is not None and self._last.digest == self._active
        return self._last.before if self._last and is_ours else ""

    def _list(self, bundles: Sequence[Found], shadow: str = "") -> list[Listed]:
        active = None if self._engine.refusal else self._engine.model
        standing = Standing(active, self._since, self._previous, shadow)
        return list(list_models(bundles, standing, self._refusals))

    async def _swap(
        self, bundle: Found, record: Callable[[Model], Awaitable[None]]
    ) -> None:
        if self._swapping.locked():
            msg = "another model is being loaded"
            raise SwapInProgressError(msg, retry_after_s=_RETRY_S)

        async def agree(model: Model) -> None:
            if model.digest != bundle.digest:
                msg = f"{bundle.folder} was changed while it was loaded"
                raise BundleCorruptError(msg)
            await record(model)

        async with self._swapping:
            before = self._engine.short_digest
            try:
                await self._engine.swap(bundle.folder, agree=agree)
            except BundleError as e:
                self._refusals.note(bundle, e)
                _log.error("model_refused", code=e.code, digest=bundle.digest)
                msg = f"{e.code}: {e}"
                raise ModelRefusedError(msg) from None
            self._refusals.forget(bundle)
            self._since = self._now()
            chosen = (
                {"kind": self._last.kind, "by": self._last.by} if self._last else {}
            )
            model = self._engine.short_digest
            _log.info("model_activated", model=model, before=before, **chosen)

    def _recorder(self, kind: Kind, by: str = "") -> Callable[[Model], Awaitable[None]]:
        """Return what records a choice, before it takes effect."""

        async def record(model: Model) -> None:
            await self._record(model, kind, by, before=self._active)

        return record

    def _agree_to(self, wish: Wish) -> Callable[[Model], Awaitable[None]]:
        if wish.chosen is None:
            return self._recorder(Kind.FILE)

        async def remember(model: Model) -> None:
            self._last = wish.chosen

        return remember

    async def _note(self, wish: Wish, reading: Reading) -> None:
        """Remember why the model scores that does, and write it down if nobody did."""
        if wish.chosen:
            self._last = wish.chosen
            self._since = wish.chosen.at
        elif reading.last and reading.last.digest == wish.bundle.digest:
            self._last = reading.last
        else:
            before = reading.last or next(iter(reading.bundles))
            is_new = before.digest != self._active
            await self._record(
                self._engine.model,
                Kind.FILE,
                by="",
                before=before.digest if is_new else "",
            )

    async def _record(self, model: Model, kind: Kind, by: str, *, before: str) -> None:
        chosen = Activation(
            at=self._now(),
            kind=kind,
            by=by,
            name=model.out.name,
            version=model.out.version,
            digest=model.digest,
            before=before,
        )
        await anyio.to_thread.run_sync(self._wishes.record, chosen)
        self._last = chosen
