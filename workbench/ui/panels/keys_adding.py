"""The card that adds a key: made here, or imported from a file of a person's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from workbench.ui.panels.keys_passphrase import secret_line
from workbench.ui.widgets import Card, Combo, Field, Label, Pic, Segments, SwitchRow, button, column, line, row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.session.key_views import KeyInFile
    from workbench.session.views import EnvironmentView

NO_TOKEN = "sandbox"
"""The official Sandbox asks for no token, so no key is for it."""

_LOW = Qt.AlignmentFlag.AlignBottom


def ask_key_file(parent: QWidget) -> str:
    """Which file a person wants to import, or an empty text."""
    title = QCoreApplication.translate("AddingCard", "Import a private key")
    chosen, _ = QFileDialog.getOpenFileName(parent, title)
    return chosen


class AddingCard(Card):
    """Makes or imports a key; `make_asked(environment)`, `import_asked()` when `wanted` can be read."""

    make_asked = Signal(str)
    import_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._possible = False
        self._ways = Segments([(self.tr("Make one"), "plus"), (self.tr("Import one"), "upload")])
        self._words = Label("", role="text2", wrap=True)
        self._places = Combo(())
        self._places.setObjectName("new-key-environment")
        self._make = button(self.tr("Make a key"), self._on_make, kind="primary", icon="plus", name="make-key")
        self._file = line("", placeholder=self.tr("PEM, PKCS#12 or JWK"), name="key-file")
        self._choose = button(self.tr("Choose..."), self._on_choose, icon="folder", name="choose-key-file")
        self._secret = secret_line("key-file-passphrase")
        self._kid = line("", mono=True, placeholder=self.tr("as the file says"), name="key-name")
        self._which = Combo(())
        self._which.setObjectName("key-in-file")
        self._which_field = Field(self.tr("Which key of the file"), self._which)
        self._which_field.hide()
        self._known = SwitchRow(self.tr("The platform knows its public part already"), checked=True)
        self._known.box.setObjectName("key-known")
        self._import = button(self.tr("Import it"), self._on_import, kind="primary", icon="upload", name="import-key")
        self._form = QWidget()
        name = Field(self.tr("Name (kid)"), self._kid)
        self._form.setLayout(
            column(
                row((Field(self.tr("File with the private key"), self._file), 1), (self._choose, 0, _LOW), spacing=8),
                row((Field(self.tr("Its passphrase, if it has one"), self._secret), 1), (name, 1), spacing=12),
                self._which_field,
                self._known,
                row(self._import, None),
                spacing=10,
            )
        )
        self._form.hide()
        self.setLayout(
            column(
                row(Pic("keys", 18), Label(self.tr("Add a key"), weight=600), None, self._ways, spacing=8),
                self._words,
                row((Field(self.tr("For which environment"), self._places), 1), None),
                row(self._make, None),
                self._form,
                margins=(18, 14, 18, 14),
                spacing=10,
            )
        )
        self._ways.chosen.connect(self._on_way)
        self._file.textEdited.connect(self._on_other_file)
        self._file.returnPressed.connect(self._on_import)
        self._secret.returnPressed.connect(self._on_import)

    # what is wanted

    @property
    def path(self) -> str:
        """The file to import."""
        return self._file.text().strip()

    @property
    def passphrase(self) -> str:
        """What opens the file, empty for none."""
        return self._secret.text()

    @property
    def kid(self) -> str:
        """What the key is to be called, empty for what the file says."""
        return self._kid.text().strip()

    @property
    def environment(self) -> str:
        """The environment it is for."""
        return self._places.value()

    @property
    def thumbprint(self) -> str:
        """Which key of the file is meant, empty while there is no choice."""
        return self._which.value() if not self._which_field.isHidden() else ""

    @property
    def known(self) -> bool:
        """Whether the platform has its public part already."""
        return self._known.is_on()

    # what is shown

    def show_environments(self, environments: Sequence[EnvironmentView], *, possible: bool) -> None:
        """Offer the environments; not possible while a key could not be kept."""
        self._places.show_choices([(one.id, one.title) for one in environments if one.id != NO_TOKEN])
        self._possible = possible
        for deed in (self._make, self._import):
            deed.setEnabled(possible)
        self._show_words()

    def show_choice(self, keys: Sequence[KeyInFile]) -> None:
        """Ask which of several keys of the file is meant."""
        self._which.show_choices([(one.thumbprint, one.about) for one in keys])
        self._which_field.setVisible(len(keys) > 1)
        self._which.setFocus()

    def imported(self) -> None:
        """Forget what was typed: the key is in the vault now."""
        for field in (self._file, self._secret, self._kid):
            field.clear()
        self._which_field.hide()

    def busy(self, on: bool) -> None:
        """While a key is being made or read."""
        self._make.setText(self.tr("Making it...") if on else self.tr("Make a key"))
        self._import.setText(self.tr("Reading it...") if on else self.tr("Import it"))
        for deed in (self._make, self._import):
            deed.setEnabled(self._possible and not on)

    def start(self) -> None:
        """Go to the first thing to choose."""
        self._places.setFocus()

    # inside

    def _show_words(self) -> None:
        if not self._possible:
            words = self.tr("A key of your own can be added once it can be kept: see above.")
        elif self._form.isHidden():
            words = self.tr("RSA, 4,096 bits. Where another key signs it waits beside it until you have it sign.")
        else:
            words = self.tr("An RSA key of 2,048 bits or more. It is kept encrypted here; the file stays as it is.")
        self._words.setText(words)

    def _on_way(self, place: int) -> None:
        self._form.setVisible(place == 1)
        self._make.setVisible(place == 0)
        self._show_words()

    def _on_make(self) -> None:
        self.make_asked.emit(self._places.value())

    def _on_choose(self) -> None:
        path = ask_key_file(self)
        if path:
            self._file.setText(path)
            self._on_other_file()

    def _on_other_file(self) -> None:
        self._which_field.hide()

    def _on_import(self) -> None:
        if self._possible and self.path:
            self.import_asked.emit()
