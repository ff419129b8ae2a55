"""The card of the vault: how keys are kept, and everything that opens it, locks it or makes it safe against loss."""

from __future__ import annotations

from PySide6.QtCore import Signal

from workbench.session.key_views import VaultView
from workbench.ui.panels.keys_passphrase import PassphrasePair, secret_line
from workbench.ui.widgets import Card, Chip, Field, Label, Pic, button, column, row

LOCKED, MEMORY, OPEN = "locked", "memory", "open"


class VaultCard(Card):
    """How keys are kept; asks for a passphrase only where it opens or makes something."""

    unlock_asked = Signal(str)
    try_asked = Signal()
    stop_asked = Signal()
    lock_asked = Signal()
    passphrase_chosen = Signal(str)
    recovery_chosen = Signal(str)
    change_chosen = Signal(str, str)
    """The passphrase so far, and another one."""

    def __init__(self) -> None:
        super().__init__()
        self._vault = VaultView("", "")
        self._recovering = False
        """Whether a recovery passphrase is being typed, or another passphrase for the one that opens it."""
        self._chip = Chip()
        self._words = Label("", role="text2", wrap=True)
        self._step = Label("", wrap=True)
        self._one = secret_line("passphrase")
        self._one_field = Field(self.tr("Passphrase"), self._one)
        self._old = secret_line("former-passphrase")
        self._old_field = Field(self.tr("Present passphrase"), self._old)
        self._pair = PassphrasePair("new-passphrase", self.tr("New passphrase"))
        self._do = button("", self._on_do, kind="primary", name="vault-do")
        self._try = button(self.tr("Try again"), self._on_try, icon="refresh", name="vault-try")
        self._stop = button(self.tr("Stop waiting"), self._on_stop, icon="stop", name="vault-stop")
        self._stop.hide()
        self._lock = button(self.tr("Lock"), self._on_lock, icon="lock", name="vault-lock")
        self._recover = button("", self._on_recover, icon="shield", name="vault-recovery")
        self._give_up = button(self.tr("Not now"), self._on_recover, name="vault-give-up")
        deeds = [
            row(self._do, self._try, self._stop, self._give_up, None, spacing=8),
            row(self._recover, None),
            row(self._lock, None),
        ]
        title = row(Pic("lock", 18), Label(self.tr("Where keys are kept"), weight=600), None, self._chip, spacing=8)
        parts = (title, self._words, self._step, self._one_field, self._old_field, self._pair, *deeds)
        self.setLayout(column(*parts, margins=(18, 14, 18, 14), spacing=10))
        self._one.returnPressed.connect(self._on_do)
        self._pair.entered.connect(self._on_do)
        self._old.returnPressed.connect(self._on_do)

    def show_vault(self, vault: VaultView) -> None:
        """Show how it stands; what was typed is forgotten when that changes."""
        if (vault.state, vault.recovery) != (self._vault.state, self._vault.recovery):
            self._forget()
            self._recovering = False
        self._vault = vault
        words = {
            OPEN: (self.tr("Encrypted"), "ok"),
            LOCKED: (self.tr("Locked"), "warning"),
            MEMORY: (self.tr("Not stored"), "neutral"),
        }[vault.state]
        self._chip.show_status(*words)
        self._words.setText(vault.text)
        self._step.setText(vault.next_step)
        self._step.setVisible(bool(vault.next_step))
        self._show_deeds()

    def _show_deeds(self) -> None:
        state, asks = self._vault.state, self._vault.asks
        self._one_field.setVisible(state == LOCKED and asks)
        self._old_field.setVisible(self._recovering and self._vault.changes)
        self._pair.setVisible(state == MEMORY or self._recovering)
        self._do.setVisible((state != OPEN and asks) or self._recovering)
        self._do.setText(self.tr("Unlock") if state == LOCKED else self.tr("Set the passphrase"))
        self._try.setVisible(self._vault.tries)
        self._lock.setVisible(state == OPEN and not self._recovering)
        self._recover.setVisible((bool(self._vault.recovery) or self._vault.changes) and not self._recovering)
        words = {
            "none": self.tr("Set a recovery passphrase"),
            "set": self.tr("Change the recovery passphrase"),
            "": self.tr("Change the passphrase"),
        }
        self._recover.setText(words[self._vault.recovery])
        self._give_up.setVisible(self._recovering)

    def _on_do(self) -> None:
        if self._vault.state == LOCKED:
            self.unlock_asked.emit(self._one.text())
        elif typed := self._pair.take():
            if not self._recovering:
                self.passphrase_chosen.emit(typed)
                return
            if self._vault.changes:
                self.change_chosen.emit(self._old.text(), typed)
            else:
                self.recovery_chosen.emit(typed)
            self._on_recover()

    def _on_recover(self) -> None:
        """Begin to type a passphrase for an open vault, or give it up."""
        self._recovering = not self._recovering
        self._forget()
        self._show_deeds()
        if self._recovering and self._vault.changes:
            self._old.setFocus()

    def _forget(self) -> None:
        self._one.clear()
        self._old.clear()
        self._pair.forget()

    def waiting(self, on: bool) -> None:
        """While the system keyring is asked: it may have a question of its own, which nobody may see."""
        self._try.setText(self.tr("Waiting for the keyring...") if on else self.tr("Try again"))
        self._try.setEnabled(not on)
        self._stop.setVisible(on)

    def _on_try(self) -> None:
        self.waiting(True)
        self.try_asked.emit()

    def _on_stop(self) -> None:
        self.stop_asked.emit()

    def _on_lock(self) -> None:
        self.lock_asked.emit()
