"""The section of Settings for FHIR packages: what is added on this machine, and what this workspace judges with.

It knows the session's packages only; the rest of the page is the panel's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from workbench.errors import WorkbenchError
from workbench.ui.widgets import (
    Banner,
    Chip,
    EmptyState,
    Label,
    button,
    check,
    clear,
    column,
    holder,
    row,
    separator,
)

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from concurrent.futures import Future
    from typing import Any

    from workbench.session.packages import PackagesPage, PackageView
    from workbench.ui.context import PanelContext


def ask_package(parent: QWidget) -> str:
    """The package file a person chose, or an empty text."""
    title = QCoreApplication.translate("PackagesSection", "Add a FHIR package")
    kinds = QCoreApplication.translate("PackagesSection", "FHIR packages (*.tgz *.tar.gz);;All files (*)")
    chosen, _ = QFileDialog.getOpenFileName(parent, title, "", kinds)
    return chosen


def ask_package_folder(parent: QWidget) -> str:
    """The folder of definitions that a person chose, or an empty text."""
    title = QCoreApplication.translate("PackagesSection", "Add a folder of definitions with its package.json")
    return QFileDialog.getExistingDirectory(parent, title)


class PackagesSection(QWidget):
    """The list of packages with what can be done to each, and the way to add one."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._adding: Future[Any] | None = None
        self._problem = Banner("error", "")
        self._problem.setVisible(False)
        self._list = column(spacing=10)
        self._add = button(self.tr("Add a file..."), self._on_add, icon="plus", name="add-package")
        self._words = Label(
            self.tr("Profiles and codes that messages are judged with, beside the rules of the standard."),
            role="text2",
            wrap=True,
        )
        self._add_folder = button(
            self.tr("Add a folder..."), self._on_add_folder, icon="folder", name="add-package-folder"
        )
        adding = row(self._add, self._add_folder, None, spacing=8)
        self.setLayout(column(self._words, self._problem, holder(self._list), adding, spacing=12))

    def load(self) -> None:
        """Read what is added now."""
        self._submit(self._context.session.packages_page())

    def _submit(self, work: Coroutine[Any, Any, PackagesPage]) -> None:
        self._context.bridge.submit(work, self._on_page)

    def _on_page(self, page: PackagesPage | None, error: BaseException | None) -> None:
        if isinstance(error, WorkbenchError):
            self._problem.show_notice("error", error.sentence, error.next_step)
        elif error is not None:
            self._context.go.failed(error)
        self._problem.setVisible(isinstance(error, WorkbenchError))
        if page is not None:
            self._show(page)

    def _show(self, page: PackagesPage) -> None:
        focus = self.focusWidget()
        kept = focus.objectName() if focus is not None else ""
        clear(self._list)
        if not page.packages and not page.gone:
            self._list.addWidget(
                EmptyState(
                    "box",
                    self.tr("No packages yet"),
                    self.tr("Add uk.nhsdigital.bars.r4 and what it needs to check UK Core and BaRS profiles."),
                )
            )
        for number, package in enumerate(page.packages):
            if number:
                self._list.addWidget(separator())
            shown = PackageRow(package, self, changeable=not page.read_only)
            self._list.addWidget(shown)
            if (again := shown.findChild(QWidget, kept) if kept else None) is not None:
                again.setFocus()
        for label in page.gone:
            words = self.tr("Named by this workspace, but not on this machine: add its file.")
            self._list.addWidget(Banner("warning", label, words))

    # deeds

    def use(self, label: str, wanted: bool) -> None:
        """Judge with a package, or no longer."""
        self._submit(self._context.session.use_package(label, wanted))

    def remove(self, label: str) -> None:
        """Forget a package on this machine."""
        self._submit(self._context.session.remove_package(label))

    def _on_add(self) -> None:
        self._add_chosen(ask_package(self))

    def _on_add_folder(self) -> None:
        self._add_chosen(ask_package_folder(self))

    def _add_chosen(self, chosen: str) -> None:
        if not chosen:
            return
        self._add.setEnabled(False)
        self._add_folder.setEnabled(False)
        self._context.go.working(self.tr("Reading the package"), self._stop)
        work = self._context.session.add_package(chosen)
        self._adding = self._context.bridge.submit(work, self._on_added)

    def _stop(self) -> None:
        if self._adding is not None:
            self._adding.cancel()
        self._rest()

    def _on_added(self, page: PackagesPage | None, error: BaseException | None) -> None:
        self._rest()
        self._on_page(page, error)

    def _rest(self) -> None:
        self._adding = None
        self._add.setEnabled(True)
        self._add_folder.setEnabled(True)
        self._context.go.working("")


class PackageRow(QWidget):
    """One package: what it is, whether it is used, and how to be rid of it."""

    def __init__(self, package: PackageView, section: PackagesSection, *, changeable: bool) -> None:
        super().__init__()
        self._package = package
        self._section = section
        name = Label(package.name, weight=600, elide=True, hug=True)
        version = Label(package.version, role="text2")
        count = package.profiles
        words = self.tr("%n profile", "", count) if count == 1 else self.tr("%n profiles", "", count)
        facts = Label(words.replace("%n", str(count)), role="text2")
        self._use = check(self.tr("Use in this workspace"), package.used, name=f"use-{package.label}")
        self._use.setAccessibleName(self.tr("Use {package} in this workspace").format(package=package.label))
        self._use.setEnabled(changeable and not package.problem)
        self._use.toggled.connect(self._on_use)
        gone = button(self.tr("Remove"), self._on_remove, kind="ghost", icon="trash", name=f"remove-{package.label}")
        gone.setAccessibleName(self.tr("Remove {package}").format(package=package.label))
        lines: list[object] = [row(name, version, facts, None, self._use, gone, spacing=12)]
        if package.problem:
            lines.append(Label(package.problem, tone="error", wrap=True))
        if package.missing:
            words = self.tr("{names}: what depends on it is not checked.").format(names=", ".join(package.missing))
            chip = Chip()
            chip.show_status(self.tr("Missing"), "warning")
            lines.append(row(chip, (Label(words, role="text2", wrap=True), 1), spacing=8))
        if package.caution:
            chip = Chip()
            chip.show_status(self.tr("Old"), "warning")
            lines.append(row(chip, (Label(package.caution, role="text2", wrap=True), 1), spacing=8))
        self.setLayout(column(*lines, spacing=4))

    def _on_use(self, wanted: bool) -> None:
        self._section.use(self._package.label, wanted)

    def _on_remove(self) -> None:
        self._section.remove(self._package.label)
