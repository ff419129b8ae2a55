"""The section of Settings for environments: what there is, and the way to change, copy, add and remove one.

It knows the session's environments only; the rest of the page is the panel's.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from workbench.directory import Environment
from workbench.errors import WorkbenchError
from workbench.ui.panels.environment_editor import EnvironmentEditor
from workbench.ui.shell.buttons import EnvironmentPill
from workbench.ui.widgets import Banner, Chip, Label, Pic, button, clear, column, holder, row, separator

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

    from workbench.session.environment_views import EnvironmentDetail, EnvironmentsPage
    from workbench.session.events import SessionEvent
    from workbench.ui.context import PanelContext

BLANK = Environment(
    id="",
    title="",
    subtitle="",
    base_url="",
    token_url=None,
    needs_token=False,
    client_id="",
    production=False,
)


def confirm_removal(parent: QWidget, title: str) -> bool:
    """Whether a person means it."""
    words = QCoreApplication.translate("EnvironmentsSection", "Remove {title} with its secrets? Its history stays.")
    return (
        QMessageBox.question(
            parent, QCoreApplication.translate("EnvironmentsSection", "Remove"), words.format(title=title)
        )
        == QMessageBox.StandardButton.Yes
    )


class EnvironmentsSection(QWidget):
    """The list, and the editor in its place while one is edited."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._page: EnvironmentsPage | None = None
        self._problem = Banner("error", "")
        self._problem.hide()
        self._rows = column(spacing=10)
        self._add = button(self.tr("Add an environment..."), self._on_add, icon="plus", name="add-environment")
        self._list = QWidget()
        self._list.setLayout(column(holder(self._rows), row(self._add, None), spacing=12))
        self._editor = EnvironmentEditor(context)
        self._editor.hide()
        self._editor.done.connect(self._on_done)
        self._editor.left.connect(self._show_list)
        self.setLayout(column(self._problem, self._list, self._editor, spacing=12))

    def load(self) -> None:
        """Read what there is now; an open editor stays."""
        if self._editor.isHidden():
            self._submit(self._context.session.environments.page())

    def on_event(self, event: SessionEvent) -> None:
        """The editor wants to know."""
        self._editor.on_event(event)

    def _submit(self, work: Coroutine[Any, Any, EnvironmentsPage]) -> None:
        self._context.bridge.submit(work, self._on_page)

    def _on_page(self, page: EnvironmentsPage | None, error: BaseException | None) -> None:
        self._problem.setVisible(isinstance(error, WorkbenchError))
        if isinstance(error, WorkbenchError):
            self._problem.show_notice("error", error.sentence, error.next_step)
        elif error is not None:
            self._context.go.failed(error)
        if page is not None:
            self._on_done(page)

    def _on_done(self, page: EnvironmentsPage) -> None:
        self._page = page
        clear(self._rows)
        for number, detail in enumerate(page.environments):
            if number:
                self._rows.addWidget(separator())
            self._rows.addWidget(EnvironmentRow(detail, self, changeable=not page.read_only))
        self._add.setEnabled(not page.read_only)
        self._show_list()

    def _show_list(self) -> None:
        self._editor.hide()
        self._list.show()

    def _open(self, environment: Environment, detail: EnvironmentDetail | None) -> None:
        if self._page is not None:
            self._list.hide()
            self._editor.show()
            self._editor.show_environment(environment, self._page, detail)

    # deeds

    def edit(self, detail: EnvironmentDetail) -> None:
        """Open the editor on an environment."""
        self._open(detail.environment, detail)

    def copy(self, detail: EnvironmentDetail) -> None:
        """Open the editor on a new one like it; secrets are not taken over, and its key stays with the old one."""
        title = self.tr("{title} copy").format(title=detail.environment.title)
        fresh = replace(detail.environment, id="", title=title, key="", colour="own")
        self._open(fresh, None)

    def remove(self, detail: EnvironmentDetail) -> None:
        """Take an own one away, or have a built-in one as it came."""
        if detail.built_in or confirm_removal(self, detail.environment.title):
            self._submit(self._context.session.environments.remove(detail.environment.id))

    def _on_add(self) -> None:
        self._open(BLANK, None)


class EnvironmentRow(QWidget):
    """One environment: where it leads, what it works with, and what can be done with it."""

    def __init__(self, detail: EnvironmentDetail, section: EnvironmentsSection, *, changeable: bool) -> None:
        super().__init__()
        self._detail, self._section = detail, section
        one = detail.environment
        title = Label(one.title, weight=600, elide=True, hug=True)
        live = EnvironmentPill.ICONS["production"] if one.live else None
        badges = [self._chip(words, tone.value, live) for words, tone in detail.badges[:1]]
        badges += [self._chip(words, tone.value) for words, tone in detail.badges[1:]]
        if detail.current:
            badges.insert(0, self._chip(self.tr("Chosen"), "ok"))
        picture = Pic(EnvironmentPill.ICONS.get(one.id, "globe"), 18)
        words = [one.base_url or self.tr("on this machine, offline"), detail.profile]
        lines: list[object] = [
            row(picture, title, *badges, None, *self._deeds(changeable), spacing=8),
            Label(", ".join(words), role="text2", step="caption", wrap=True),
        ]
        if detail.state:
            lines.append(Label(detail.state, role="text2", step="caption", wrap=True))
        self.setLayout(column(*lines, spacing=3))

    def _deeds(self, changeable: bool) -> list[QWidget]:
        one, detail = self._detail.environment, self._detail
        edit = self._button(self.tr("Edit"), self._on_edit, "edit", f"edit-{one.id}")
        copy = self._button(self.tr("Copy"), self._on_copy, "copy", f"copy-{one.id}")
        copy.setEnabled(changeable)
        made = [edit, copy]
        if not detail.built_in:
            made.append(self._button(self.tr("Remove"), self._on_remove, "trash", f"remove-{one.id}"))
        elif detail.changed:
            made.append(self._button(self.tr("Reset"), self._on_remove, "refresh", f"reset-{one.id}"))
        for extra in made[2:]:
            extra.setEnabled(changeable)
        return made

    def _button(self, words: str, slot: Callable[[], None], picture: str, name: str) -> QWidget:
        made = button(words, slot, kind="ghost", icon=picture, name=name)
        made.setAccessibleName(f"{words} {self._detail.environment.title}")
        return made

    @staticmethod
    def _chip(words: str, tone: str, picture: str | None = None) -> Chip:
        return Chip(words, tone, icon=picture)

    def _on_edit(self) -> None:
        self._section.edit(self._detail)

    def _on_copy(self) -> None:
        self._section.copy(self._detail)

    def _on_remove(self) -> None:
        self._section.remove(self._detail)
