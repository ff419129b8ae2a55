"""FHIR packages in the session: what is added on this machine, and what this workspace judges with.

Reading and compiling run in a worker process, so that they can be stopped; what is loaded is shared by all verdicts.
Must not know how a package is checked.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.errors import WorkbenchError
from workbench.profiles import store
from workbench.profiles.manifests import split_label
from workbench.profiles.outdated import caution
from workbench.profiles.packages import load, load_kept, prepare
from workbench.session.events import Noticed, PackagesChanged
from workbench.session.views import Tone

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from workbench.profiles.packages import Packages
    from workbench.session.engine import Engine
    from workbench.worker import Worker

SETTING = "packages"
LIMIT_S = 300.0
"""Seconds that reading or compiling packages may take."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PackageView:
    """One package as the settings show it."""

    label: str
    """`name#version`."""
    name: str
    version: str
    profiles: int
    missing: tuple[str, ...]
    """What it needs and is not on this machine, as `name#version`."""
    problem: str
    """Why it cannot be used; empty when it can."""
    used: bool
    """Whether this workspace judges with it."""
    caution: str = ""
    """What it gets wrong that a later one mends, and what to do; empty for every other package."""


@dataclass(frozen=True, slots=True)
class PackagesPage:
    """The packages of this machine, and those that this workspace names."""

    packages: tuple[PackageView, ...]
    gone: tuple[str, ...]
    """`name#version` that the workspace names and nobody has added here."""
    read_only: bool
    """Whether this workspace cannot name others now."""


class PackagesInUse:
    """What verdicts are judged with: loaded in the background, asked for whenever something is judged."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._loading: asyncio.Task[None] | None = None
        self.names: tuple[str, ...] = ()
        self.now: Packages | None = None
        """What is loaded at this moment; None while it is being loaded, and where nothing is used."""
        self.problem: WorkbenchError | None = None
        """Why the packages named cannot be used."""

    def choose(self, names: tuple[str, ...], done: Callable[[], None]) -> None:
        """Judge with these from now on; `done` is called once they are loaded, or cannot be."""
        if self._loading is not None:
            self._loading.cancel()
        self.names, self.now, self.problem, self._loading = names, None, None, None
        if names:
            self._loading = asyncio.get_running_loop().create_task(self._load(names, done), name="packages")
        else:
            done()

    async def ready(self) -> Packages | None:
        """What is used, once it is loaded; None where nothing is used or it cannot be loaded."""
        while (loading := self._loading) is not None and not loading.done():
            await asyncio.wait([loading])
        return self.now

    async def close(self) -> None:
        """Stop loading."""
        if self._loading is not None:
            self._loading.cancel()
            await asyncio.gather(self._loading, return_exceptions=True)

    async def _load(self, names: tuple[str, ...], done: Callable[[], None]) -> None:
        try:
            found = await asyncio.to_thread(load_kept, names)
            if found is None:
                await self._worker.run(prepare, names, limit_s=LIMIT_S)
                found = await asyncio.to_thread(lambda: load(names, lenient=True))
            self.now = found
        except WorkbenchError as error:
            self.problem = error
        done()


class PackageShelf:
    """The use cases of the packages section. Used on the I/O thread."""

    def __init__(self, engine: Engine, change_setting: Callable[[str, str], Awaitable[object]]) -> None:
        self._engine = engine
        self._change_setting = change_setting

    def start(self) -> None:
        """Load what the workspace names, in the background."""
        self._engine.packages.choose(self._named(), self._loaded)

    async def page(self) -> PackagesPage:
        """What is added here, and what of it this workspace uses."""
        used = self._named()
        added = await asyncio.to_thread(store.listed)
        views = tuple(
            PackageView(
                label=one.label,
                name=one.name,
                version=one.version,
                profiles=one.profiles,
                missing=one.missing,
                problem=one.problem,
                used=one.label in used,
                caution=caution(one.label),
            )
            for one in added
        )
        known = {one.label for one in views}
        settings = self._engine.settings
        read_only = settings.overridden(SETTING) or self._engine.workspace.read_only
        return PackagesPage(views, tuple(label for label in used if label not in known), read_only)

    async def add(self, reference: str) -> PackagesPage:
        """Add a package: a file, a folder, or `name#version` of the shared cache; cancelling stops it within a moment.

        InputError when it is none that can be used, StoreError when it cannot be kept, WorkerDied when it takes too
        long.
        """
        await self._engine.worker.run(store.add, reference, limit_s=LIMIT_S)
        self.start()  # it may be what others were missing
        return await self.page()

    async def remove(self, label: str) -> PackagesPage:
        """Forget a package on this machine, and in this workspace; errors as `store.remove`."""
        await asyncio.to_thread(store.remove, label)
        if label in self._named() and not (await self.page()).read_only:
            await self._name(tuple(one for one in self._named() if one != label))
        self.start()
        return await self.page()

    async def use(self, label: str, *, wanted: bool) -> PackagesPage:
        """Judge with a package in this workspace, or no longer; another version of it gives way.

        ConfigError when the workspace cannot be changed.
        """
        name = (split_label(label) or (label, ""))[0]
        others = [one for one in self._named() if (split_label(one) or (one, ""))[0] != name]
        await self._name((*others, label) if wanted else tuple(others))
        self.start()
        return await self.page()

    def _named(self) -> tuple[str, ...]:
        return tuple(self._engine.settings.workspace.packages.split())

    async def _name(self, labels: tuple[str, ...]) -> None:
        await self._change_setting(SETTING, " ".join(labels))

    def _loaded(self) -> None:
        using = self._engine.packages
        if using.problem is not None:
            _log.warning("the packages of the workspace cannot be used: %s", using.problem.code)
            self._engine.publish(Noticed(Tone.WARNING, using.problem.sentence, using.problem.next_step))
        loaded = using.now
        self._engine.publish(
            PackagesChanged(loaded.names if loaded is not None else (), loaded.missing if loaded is not None else ())
        )
