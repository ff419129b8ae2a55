"""The cards of the Keys panel: how keys are kept, a new key, the last token request, one key, one identity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from workbench.ui.actions import ActionId
from workbench.ui.widgets import (
    Card,
    Chip,
    Combo,
    Facts,
    Field,
    Label,
    Pic,
    action_button,
    button,
    column,
    line,
    row,
    separator,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.session.views import EnvironmentView, IdentityDetail, KeyView, VaultView
    from workbench.ui.actions import Actions

SHORTEST = 15
"""Characters of a passphrase at least."""


def ask_target(parent: QWidget, name: str) -> str:
    """Where a person wants a file to go, or an empty text."""
    title = QCoreApplication.translate("KeyCard", "Save the public key set")
    chosen, _ = QFileDialog.getSaveFileName(parent, title, name, "JSON (*.json)")
    return chosen


class VaultCard(Card):
    """How keys are kept; asks for the passphrase only where it opens or makes something."""

    unlock_asked = Signal(str)
    passphrase_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._state = ""
        self._chip = Chip()
        self._words = Label("", role="text2", wrap=True)
        self._step = Label("", wrap=True)
        self._first = line("")
        self._second = line("")
        for field in (self._first, self._second):
            field.setEchoMode(QLineEdit.EchoMode.Password)
        self._first.setObjectName("passphrase")
        self._second.setObjectName("passphrase-again")
        self._first_field = Field(self.tr("Passphrase"), self._first)
        self._second_field = Field(self.tr("Once more"), self._second)
        self._do = button("", self._on_do, kind="primary", name="vault-do")
        self._deeds = QWidget()
        self._deeds.setLayout(
            column(self._step, self._first_field, self._second_field, row(self._do, None), spacing=10)
        )
        title = row(Pic("lock", 18), Label(self.tr("Where keys are kept"), weight=600), None, self._chip, spacing=8)
        self.setLayout(column(title, self._words, self._deeds, margins=(18, 14, 18, 14), spacing=10))
        self._first.returnPressed.connect(self._on_do)
        self._second.returnPressed.connect(self._on_do)

    def show_vault(self, vault: VaultView) -> None:
        """Show how it stands; what was typed is forgotten when that changes."""
        if vault.state != self._state:
            self._first.clear()
            self._second.clear()
        self._state = vault.state
        words = {
            "open": (self.tr("Encrypted"), "ok"),
            "locked": (self.tr("Locked"), "warning"),
            "memory": (self.tr("Not stored"), "neutral"),
        }[vault.state]
        self._chip.show_status(*words)
        self._words.setText(vault.text)
        self._step.setText(vault.next_step)
        self._deeds.setVisible(vault.state != "open")
        self._first_field.setVisible(vault.asks)
        self._second_field.setVisible(vault.state == "memory")
        unlock = self.tr("Unlock") if vault.asks else self.tr("Try again")
        self._do.setText(unlock if vault.state == "locked" else self.tr("Set the passphrase"))

    def _on_do(self) -> None:
        typed = self._first.text()
        if self._state == "locked":
            self.unlock_asked.emit(typed)
            return
        short = len(typed) < SHORTEST
        hint = self.tr("At least {n} characters: a few words in a row work well.").format(n=SHORTEST)
        self._first_field.show_finding("error" if short else "", hint if short else "")
        differs = not short and typed != self._second.text()
        self._second_field.show_finding("error" if differs else "", self.tr("The two differ.") if differs else "")
        if not short and not differs:
            self.passphrase_chosen.emit(typed)


class NewKeyCard(Card):
    """Makes a key for an environment; `asked(str)` carries the environment's id."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._combo = Combo(())
        self._combo.setObjectName("new-key-environment")
        self._make = button(self.tr("Make a key"), self._on_make, icon="plus", name="make-key")
        self._words = Label("", role="text2", wrap=True)
        self.setLayout(
            column(
                row(Pic("keys", 18), Label(self.tr("New key"), weight=600), None, spacing=8),
                self._words,
                row((Field(self.tr("For which environment"), self._combo), 1), None),
                row(self._make, None),
                margins=(18, 14, 18, 14),
                spacing=10,
            )
        )

    def show_environments(self, environments: Sequence[EnvironmentView], *, possible: bool) -> None:
        """Offer the environments; not possible while a key could not be kept."""
        choices = [(one.id, one.title) for one in environments if one.id != "sandbox"]
        self._combo.show_choices(choices, self._combo.value())
        self._make.setEnabled(possible)
        self._words.setText(
            self.tr("RSA, 4,096 bits. Register its public part with the platform before it is used there.")
            if possible
            else self.tr("A key of your own can be made once it can be kept: see above.")
        )

    def busy(self, on: bool) -> None:
        """While a key is being made."""
        self._make.setText(self.tr("Making it...") if on else self.tr("Make a key"))
        if on:
            self._make.setEnabled(False)

    def _on_make(self) -> None:
        self.asked.emit(self._combo.value())


class TokenCard(Card):
    """The last token request, decoded."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._facts = Facts(label_width=60)
        self._none = Label(self.tr("No token has been asked for yet in this run."), role="text2", wrap=True)
        self.setLayout(
            column(
                row(
                    Pic("shield", 18),
                    Label(self.tr("Last token request, decoded"), weight=600),
                    None,
                    action_button(actions[ActionId.RENEW_TOKEN]),
                    spacing=8,
                ),
                self._none,
                self._facts,
                margins=(18, 12, 14, 14),
                spacing=10,
            )
        )

    def show_assertion(self, rows: tuple[tuple[str, str], ...]) -> None:
        """Show header and claims; the signature is never shown."""
        self._facts.show_facts(rows)
        self._facts.setVisible(bool(rows))
        self._none.setVisible(not rows)


class KeyCard(Card):
    """The chosen key; `copy_asked(kid)`, `save_asked(kid, path)`."""

    copy_asked = Signal(str)
    save_asked = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._kid = ""
        self._title = Label("", weight=600, elide=True)
        self._facts = Facts(label_width=84)
        self.setLayout(
            column(
                self._title,
                self._facts,
                separator(),
                row(
                    button(self.tr("Copy public key set"), self._on_copy, icon="copy", name="copy-jwks"),
                    button(self.tr("Save it"), self._on_save, icon="download", name="save-jwks"),
                    None,
                ),
                row(
                    Pic("lock", 16),
                    (
                        Label(
                            self.tr("The private key never leaves this machine and is never shown."),
                            step="caption",
                            role="text2",
                            wrap=True,
                        ),
                        1,
                    ),
                    spacing=8,
                ),
                margins=(16, 12, 16, 14),
                spacing=10,
            )
        )

    def show_key(self, key: KeyView) -> None:
        """Show a key."""
        self._kid = key.kid
        self._title.setText(self.tr("Key {kid}").format(kid=key.kid))
        made = key.created.astimezone()
        self._facts.show_facts(
            (
                (self.tr("Algorithm"), f"RS512, RSA {key.bits:,} bits"),
                (self.tr("Made"), f"{made.day} {made:%B %Y, %H:%M}"),
                (self.tr("Stored"), key.stored),
                (self.tr("Allowed in"), key.environments),
                (self.tr("Thumbprint"), key.thumbprint),
            )
        )

    def _on_copy(self) -> None:
        self.copy_asked.emit(self._kid)

    def _on_save(self) -> None:
        path = ask_target(self, f"{self._kid}.jwks.json")
        if path:
            self.save_asked.emit(self._kid, path)


class IdentityCard(Card):
    """The chosen identity; `asked(id)` to act as it."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._id = ""
        self._title = Label("", weight=600, elide=True)
        self._facts = Facts(label_width=96)
        self._act = button(self.tr("Act as this identity"), self._on_act, kind="primary", name="act-as")
        self._now = Chip(self.tr("Acting as this one"), "ok")
        self.setLayout(
            column(
                self._title,
                self._facts,
                separator(),
                row(self._act, self._now, None),
                margins=(16, 12, 16, 14),
                spacing=10,
            )
        )

    def show_identity(self, identity: IdentityDetail) -> None:
        """Show an identity."""
        self._id = identity.id
        self._title.setText(identity.organisation)
        self._facts.show_facts(
            (
                (self.tr("ODS code"), identity.ods_code),
                (self.tr("Person"), identity.practitioner or self.tr("nobody named")),
                (self.tr("Role"), identity.role or self.tr("not stated")),
                (self.tr("Role profile"), identity.role_profile or self.tr("not stated")),
                (self.tr("Software"), identity.software),
                (self.tr("Own service"), identity.service),
            )
        )
        self._act.setVisible(not identity.current)
        self._now.setVisible(identity.current)

    def _on_act(self) -> None:
        self.asked.emit(self._id)
