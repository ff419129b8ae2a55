"""The section of Settings for the history: how much there is, deleting for good, and the workspace as one file.

It knows the session's care and backup only; how long conversations are kept are settings above it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from workbench.session.views import Tone
from workbench.ui.panels.timeline_care import ask_delete
from workbench.ui.widgets import Banner, Label, button, clear, column, facts_grid, holder, number, row

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from datetime import datetime

    from workbench.session.backup import BackedUp, Restored
    from workbench.session.care import HistoryFacts, Purged
    from workbench.ui.context import PanelContext

OLD_DAYS = 90


def _tr(text: str) -> str:
    return QCoreApplication.translate("HistorySection", text)


def ask_backup(parent: QWidget, name: str) -> str:
    """Where the backup is to be kept, or an empty text."""
    chosen, _ = QFileDialog.getSaveFileName(parent, _tr("Back up the workspace"), name, _tr("Backups (*.zip)"))
    return chosen if not chosen or chosen.lower().endswith(".zip") else f"{chosen}.zip"


def ask_restore(parent: QWidget) -> tuple[str, str]:
    """The backup and the new folder that a person chose, or two empty texts."""
    title = _tr("Restore a backup")
    chosen, _ = QFileDialog.getOpenFileName(parent, title, "", _tr("Backups (*.zip);;All files (*)"))
    folder = QFileDialog.getExistingDirectory(parent, _tr("An empty folder for it")) if chosen else ""
    return (chosen, folder) if folder else ("", "")


def megabytes(size: int) -> str:
    """Bytes for reading."""
    return f"{size / 1e6:,.1f} MB"


class HistorySection(QWidget):
    """Figures by environment, and what can be done with the history as a whole."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._facts = column(spacing=8)
        self._days = number(OLD_DAYS, 1, 36_500, suffix=self.tr(" days"), name=self.tr("Without a message for"))
        self._days.setObjectName("purge-days")
        self._older = button(self.tr("Delete older..."), self._on_older, icon="trash", name="purge-older")
        self._all = button(self.tr("Delete all..."), self._on_all, kind="danger", icon="trash", name="purge-all")
        self._backup = button(self.tr("Back up..."), self._on_backup, icon="download", name="back-up")
        self._restore = button(self.tr("Restore..."), self._on_restore, icon="upload", name="restore-backup")
        self._brings = Banner("warning", "")
        """Where a restored workspace leads, so that somebody looks before anything is sent."""
        self._brings.hide()
        words = self.tr(
            "What is deleted for good leaves no trace in the workspace: the file is written anew, older copies of it "
            "go. Locked conversations stay."
        )
        one_file = self.tr(
            "A backup is one file with everything in this workspace; its secrets stay encrypted and need the same "
            "keyring or passphrase."
        )
        self.setLayout(
            column(
                holder(self._facts),
                Label(words, role="text2", wrap=True),
                row(Label(self.tr("Without a message for")), self._days, None, spacing=8),
                row(self._older, self._all, None, spacing=8),
                Label(one_file, role="text2", wrap=True),
                row(self._backup, self._restore, None, spacing=8),
                self._brings,
                spacing=12,
            )
        )

    def load(self) -> None:
        """Read how much there is now."""
        self._context.bridge.submit(self._context.session.care.facts(), self._on_facts)

    def _on_facts(self, facts: HistoryFacts | None, error: BaseException | None) -> None:
        if facts is None:
            self._fail(error)
            return
        found = facts.statistics
        clear(self._facts)
        rows = [
            (self.tr("Conversations"), f"{found.conversations:,}"),
            (self.tr("Exchanges"), f"{found.exchanges:,}"),
            (self.tr("Locked"), f"{found.locked:,}"),
            (self.tr("Size"), self._size(found.used, found.free)),
            (self.tr("Since"), self._since(found.oldest)),
        ]
        if facts.copies.files:
            rows.append((self.tr("Older copies"), f"{facts.copies.files:,}, {megabytes(facts.copies.size)}"))
        if facts.left:
            rows.append((self.tr("Search"), self.tr("{n} exchanges to take up").format(n=f"{facts.left:,}")))
        for one in found.environments:
            words = self.tr("{conversations} conversations, {exchanges} exchanges")
            told = words.format(conversations=f"{one.conversations:,}", exchanges=f"{one.exchanges:,}")
            rows.append((facts.titles.get(one.environment, one.environment), told))
        self._facts.addWidget(holder(facts_grid(rows, label_width=150)))
        for control in (self._older, self._all):
            control.setEnabled(bool(found.conversations) and not facts.read_only)

    def _size(self, used: int, free: int) -> str:
        words = self.tr("{used}, and {free} free for what comes")
        return words.format(used=megabytes(used), free=megabytes(free)) if free >= 100_000 else megabytes(used)

    def _since(self, oldest: datetime | None) -> str:
        return f"{oldest.astimezone():%d %b %Y %H:%M}" if oldest is not None else self.tr("nothing yet")

    # deleting for good

    def _on_older(self) -> None:
        before = self._context.session.listing.now() - timedelta(days=self._days.value())
        self._count(before, self.tr("Delete conversations without a message for {days} days?"))

    def _on_all(self) -> None:
        self._count(None, self.tr("Delete the whole history?"))

    def _count(self, before: datetime | None, title: str) -> None:
        """Ask how many it would be, then a person, then do it."""
        days = self._days.value()

        def counted(count: int | None, error: BaseException | None) -> None:
            if count is None:
                self._fail(error)
                return
            if not count:
                self._context.go.toast(Tone.NEUTRAL, self.tr("There is nothing to delete."))
                return
            text = self.tr("{count} conversations go for good. Nothing is recorded while the file is written anew.")
            if ask_delete(self, title.format(days=days), text.format(count=f"{count:,}"), self.tr("Delete for good")):
                self._work(self.tr("Deleting"), self._context.session.care.purge(before=before), self._on_purged)

        self._context.bridge.submit(self._context.session.care.count(before=before), counted)

    def _on_purged(self, purged: Purged | None, error: BaseException | None) -> None:
        self._rest()
        if purged is None:
            self._fail(error)
            return
        words = self.tr("{count} conversations were deleted for good.").format(count=f"{purged.conversations:,}")
        self._context.go.toast(Tone.OK, words)
        self.load()

    # the workspace as one file

    def _on_backup(self) -> None:
        path = ask_backup(self, "bars-workbench-backup.zip")
        if path:
            self._work(self.tr("Backing up"), self._context.session.backup.write(path), self._on_backed_up)

    def _on_backed_up(self, done: BackedUp | None, error: BaseException | None) -> None:
        self._rest()
        if done is None:
            self._fail(error)
            return
        words = self.tr("Backed up: {files} files, {size}.").format(files=done.files, size=megabytes(done.size))
        self._context.go.toast(Tone.OK, words)

    def _on_restore(self) -> None:
        path, folder = ask_restore(self)
        if path:
            self._work(self.tr("Restoring"), self._context.session.backup.restore(path, folder), self._on_restored)

    def _on_restored(self, done: Restored | None, error: BaseException | None) -> None:
        self._rest()
        if done is None:
            self._fail(error)
            return
        words = self.tr("{name} was restored. Open it with --workspace {folder}")
        self._context.go.toast(Tone.OK, words.format(name=done.name, folder=done.folder))
        self._brings.setVisible(bool(done.brings))
        if done.brings:
            title = self.tr("Look at this before you open {name}").format(name=done.name)
            self._brings.show_notice("warning", title, "\n".join(done.brings))

    def _work(self, words: str, work: Coroutine[Any, Any, Any], then: Any) -> None:
        for control in (self._older, self._all, self._backup, self._restore):
            control.setEnabled(False)
        self._context.go.working(words)
        self._context.bridge.submit(work, then)

    def _rest(self) -> None:
        for control in (self._older, self._all, self._backup, self._restore):
            control.setEnabled(True)
        self._context.go.working("")

    def _fail(self, error: BaseException | None) -> None:
        if error is not None:
            self._context.go.failed(error)
