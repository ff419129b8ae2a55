"""What a person does not want to see: layers of findings that are switched off, and known noise of a service.

Both are kept in the workspace, a silence with its reason, who made it and when. Nothing is judged here.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from workbench.directory.silences import Silence, read_silences, silence_for, with_silence, without_silence
from workbench.errors import ErrorCode, InputError
from workbench.messages import Severity
from workbench.rules.sifting import layers_of
from workbench.session.views import NoiseView
from workbench.settings import changed

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from workbench.messages import Finding, Layer
    from workbench.session.engine import Engine

FILE = "services.json"


class Noise:
    """Called on the I/O thread."""

    def __init__(self, engine: Engine) -> None:
        """ConfigError when the workspace's silences cannot be used."""
        self._engine = engine
        self._silences = read_silences(engine.workspace.read(FILE))
        self._off, _ = layers_of(engine.settings.workspace.hidden_layers)

    def view(self) -> NoiseView:
        """Everything that is set now."""
        settings = self._engine.settings
        may_keep = not self._engine.workspace.read_only and not settings.overridden("hidden_layers")
        return NoiseView(self._off, self._silences, may_keep)

    def of(self, service: str | None) -> tuple[Silence, ...]:
        """What is silenced for a service."""
        return tuple(one for one in self._silences if one.service == service)

    def switch_layers(self, off: Collection[Layer]) -> NoiseView:
        """Hide the findings of these layers and of no others; it stays so where the workspace can be written."""
        self._off = frozenset(off)
        engine = self._engine
        if self.view().may_keep:
            settings = changed(engine.settings, "hidden_layers", ",".join(sorted(self._off)))
            engine.workspace.write("settings.json", settings.workspace_json())
            engine.settings = settings
        return self.view()

    def silence(self, service: str, finding: Finding, *, path: str, reason: str, by: str) -> NoiseView:
        """Have a kind of finding no longer count for a service; ConfigError where the workspace cannot be written.

        InputError for one that is fatal, and without a reason.
        """
        if finding.severity is Severity.FATAL:
            cause = "a text that cannot be read is nobody's known noise"
            raise InputError(ErrorCode.INPUT_SILENCE, what=finding.rule, cause=cause)
        if not reason.strip():
            raise InputError(ErrorCode.INPUT_SILENCE, what=finding.rule, cause="a reason is needed")
        engine = self._engine
        id = engine.directory.services.find(service).id
        made = Silence(id, finding.rule, path.strip(), reason.strip(), by.strip(), engine.clock())
        if not made.covers(finding):
            raise InputError(ErrorCode.INPUT_SILENCE, what=finding.rule, cause="the pattern does not fit the finding")
        self._keep(with_silence(engine.workspace.read(FILE), made))
        self._count_anew(made)
        return self.view()

    def unsilence(self, silence: Silence) -> NoiseView:
        """Have it count again; ConfigError where the workspace cannot be written."""
        self._keep(without_silence(self._engine.workspace.read(FILE), silence))
        self._count_anew(silence)
        return self.view()

    def covers(self, service: str | None, finding: Finding) -> bool:
        """Whether a finding about what was sent to a service is silenced."""
        return silence_for(self.of(service), finding) is not None

    def _count_anew(self, changed: Silence) -> None:
        """Have conversations count the findings of a rule that was silenced, or no longer is."""
        count = self._engine.history.verdicts.silence(
            changed.service, changed.rule, partial(self.covers, changed.service)
        )
        self._engine.spawn(count, f"findings of {changed.rule}")

    def _keep(self, rows: Mapping[str, object]) -> None:
        self._engine.workspace.write(FILE, rows)
        self._silences = read_silences(rows)
