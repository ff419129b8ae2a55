"""The card of the chosen key: what it is, what comes next, and everything that can be done with it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget

from workbench.session.key_views import KeyDeed, KeyView
from workbench.ui.panels.keys_passphrase import PassphrasePair
from workbench.ui.widgets import Card, Chip, Facts, Label, Pic, button, column, holder, row, separator, set_kind


def ask_target(parent: QWidget, name: str) -> str:
    """Where a person wants a file to go, or an empty text."""
    title = QCoreApplication.translate("KeyCard", "Save as")
    chosen, _ = QFileDialog.getSaveFileName(parent, title, name)
    return chosen


class KeyCard(Card):
    """The chosen key; `asked(deed, kid)`, `save_asked(kid, path)`, `export_asked(kid, path, passphrase)`."""

    asked = Signal(str, str)
    save_asked = Signal(str, str)
    export_asked = Signal(str, str, str)

    def __init__(self) -> None:
        super().__init__()
        self._key: KeyView | None = None
        self._sure = KeyDeed.COPY
        """What the confirmation asks about."""
        self._title = Label("", weight=600, elide=True)
        self._chip = Chip()
        self._note = Label("", wrap=True)
        self._facts = Facts(label_width=84)
        self._buttons: dict[KeyDeed, tuple[QPushButton, ...]] = {
            KeyDeed.COPY: (
                button(self.tr("Copy public key set"), self._on_copy, icon="copy", name="copy-jwks"),
                button(self.tr("Save it"), self._on_save, icon="download", name="save-jwks"),
            ),
            KeyDeed.SERVE: (
                button(self.tr("Serve it at an address"), self._on_serve, icon="antenna", name="serve-jwks"),
            ),
            KeyDeed.PUBLISHED: (
                button(self.tr("It is published"), self._on_published, icon="check", name="key-published"),
            ),
            KeyDeed.SIGN: (button(self.tr("Sign with it"), self._on_sign, icon="keys", name="key-sign"),),
            KeyDeed.ROTATE: (button(self.tr("Rotate"), self._on_rotate, icon="refresh", name="key-rotate"),),
            KeyDeed.EXPORT: (button(self.tr("Export..."), self._on_export, icon="upload", name="key-export"),),
            KeyDeed.RETIRE: (button(self.tr("Retire..."), self._on_retire, icon="stop", name="key-retire"),),
            KeyDeed.DELETE: (button(self.tr("Delete..."), self._on_delete, icon="trash", name="key-delete"),),
        }
        lines = (
            self._buttons[KeyDeed.COPY],
            self._buttons[KeyDeed.SERVE],
            (*self._buttons[KeyDeed.PUBLISHED], *self._buttons[KeyDeed.SIGN]),
            (*self._buttons[KeyDeed.ROTATE], *self._buttons[KeyDeed.EXPORT]),
            (*self._buttons[KeyDeed.RETIRE], *self._buttons[KeyDeed.DELETE]),
        )
        self._lines = [(holder(row(*made, None, spacing=8)), made) for made in lines]
        self._address = Label("", mono=True, wrap=True, breaks_anywhere=True)
        self._fetched = Label("", step="caption", role="text2", wrap=True)
        copy = button(self.tr("Copy address"), self._on_copy_address, icon="copy", name="copy-jwks-address")
        end = button(self.tr("Stop"), self._on_unserve, icon="stop", name="unserve-jwks")
        end.setAccessibleName(self.tr("Serve the key set no more"))
        self._served = holder(
            column(
                Label(self.tr("The key set is served, public parts only, at"), wrap=True, role="text2"),
                self._address,
                self._fetched,
                row(copy, end, None, spacing=8),
                spacing=6,
            )
        )
        self._question = Label("", wrap=True)
        self._yes = button("", self._on_yes, kind="danger", name="key-sure")
        no = button(self.tr("Keep it"), self._close, name="key-keep")
        self._confirm = holder(column(self._question, row(self._yes, no, None, spacing=8), spacing=8))
        self._pair = PassphrasePair("export-passphrase", self.tr("Passphrase of the file"))
        self._pair.entered.connect(self._on_write)
        write = button(self.tr("Write it encrypted"), self._on_write, kind="primary", name="key-write")
        self._export = holder(
            column(
                Label(self.tr("Who has the file and its passphrase can sign as you."), wrap=True, role="text2"),
                self._pair,
                row(write, button(self.tr("Not now"), self._close, name="key-no-export"), None, spacing=8),
                spacing=8,
            )
        )
        promise = self.tr("The private key is never shown, and leaves this workspace only by Export, encrypted.")
        self.setLayout(
            column(
                self._title,
                row(self._chip, None),
                self._note,
                self._facts,
                separator(),
                *(shown for shown, _ in self._lines[:2]),
                self._served,
                *(shown for shown, _ in self._lines[2:]),
                self._confirm,
                self._export,
                row(Pic("lock", 16), (Label(promise, step="caption", role="text2", wrap=True), 1), spacing=8),
                margins=(16, 12, 16, 14),
                spacing=10,
            )
        )
        self._close()

    def show_key(self, key: KeyView) -> None:
        """Show a key; what was begun with another one is given up."""
        if self._key is None or self._key.kid != key.kid or self._key.deeds != key.deeds:
            self._close()
        self._key = key
        self._title.setText(self.tr("Key {kid}").format(kid=key.kid))
        self._chip.show_status(key.status, key.tone.value)
        self._note.setText(key.note)
        self._note.setVisible(bool(key.note))
        made = key.created.astimezone()
        self._facts.show_facts(
            (
                (self.tr("Algorithm"), f"RS512, RSA {key.bits:,} bits"),
                (self.tr("Made"), f"{made.day} {made:%B %Y, %H:%M}"),
                (self.tr("Stored"), key.stored),
                (self.tr("Allowed in"), key.environments),
                (self.tr("Signs for"), key.signs_for or self.tr("nothing now")),
                (self.tr("Thumbprint"), key.thumbprint),
            )
        )
        for deed, made_buttons in self._buttons.items():
            for one in made_buttons:
                one.setVisible(deed in key.deeds)
        self._served.setVisible(bool(key.served))
        self._address.setText(key.served)
        self._fetched.setText(key.fetched)
        for shown, made_buttons in self._lines:
            shown.setVisible(any(not one.isHidden() for one in made_buttons))
        for deed in (KeyDeed.PUBLISHED, KeyDeed.SIGN):
            set_kind(self._buttons[deed][0], "primary" if deed is key.advised else "")

    def exported(self) -> None:
        """The file is written: forget the passphrase."""
        self._close()

    # inside

    def _ask(self, deed: KeyDeed) -> None:
        if self._key is not None:
            self.asked.emit(deed.value, self._key.kid)

    def _close(self) -> None:
        """Neither a question nor a form."""
        self._pair.forget()
        self._confirm.hide()
        self._export.hide()

    def _confirmation(self, deed: KeyDeed, question: str, words: str) -> None:
        self._close()
        self._sure = deed
        self._question.setText(question)
        self._yes.setText(words)
        self._confirm.show()
        self._yes.setFocus()

    def _on_copy(self) -> None:
        self._ask(KeyDeed.COPY)

    def _on_save(self) -> None:
        if self._key is not None and (path := ask_target(self, f"{self._key.kid}.jwks.json")):
            self.save_asked.emit(self._key.kid, path)

    def _on_serve(self) -> None:
        self._ask(KeyDeed.SERVE)

    def _on_unserve(self) -> None:
        self._ask(KeyDeed.UNSERVE)

    def _on_copy_address(self) -> None:
        QGuiApplication.clipboard().setText(self._address.text())

    def _on_published(self) -> None:
        self._ask(KeyDeed.PUBLISHED)

    def _on_sign(self) -> None:
        self._ask(KeyDeed.SIGN)

    def _on_rotate(self) -> None:
        self._ask(KeyDeed.ROTATE)

    def _on_retire(self) -> None:
        if self._key is None:
            return
        signs = self.tr("It signs for {place} now: nothing can be sent there until another key signs.")
        rest = self.tr("It is left out of the key set, so that the platform forgets it.")
        words = signs.format(place=self._key.signs_for) if self._key.signs_for else rest
        question = self.tr("Retire {kid}? {words}").format(kid=self._key.kid, words=words)
        self._confirmation(KeyDeed.RETIRE, question, self.tr("Retire it"))

    def _on_delete(self) -> None:
        if self._key is None:
            return
        question = self.tr("Delete {kid} for good? No copy of it is kept here.").format(kid=self._key.kid)
        self._confirmation(KeyDeed.DELETE, question, self.tr("Delete it"))

    def _on_yes(self) -> None:
        self._close()
        self._ask(self._sure)

    def _on_export(self) -> None:
        self._close()
        self._export.show()

    def _on_write(self) -> None:
        passphrase = self._pair.take()
        if passphrase and self._key is not None and (path := ask_target(self, f"{self._key.kid}.pem")):
            self.export_asked.emit(self._key.kid, path, passphrase)
