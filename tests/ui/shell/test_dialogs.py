"""What a mistake of the program shows and gives to the clipboard: its details, and no secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QPushButton

if TYPE_CHECKING:
    from tests.ui.driving import Person

SECRET = "canary-of-a-crash"


def test_the_details_of_a_mistake_hold_no_token(person: Person) -> None:
    try:
        raise RuntimeError(f"sent with Authorization: Bearer {SECRET} and client_assertion={SECRET}&x=1")
    except RuntimeError as error:
        person.window.failed(error)
    dialog = person.find(QDialog, "details")
    (shown,) = dialog.findChildren(QPlainTextEdit)
    assert "RuntimeError" in shown.toPlainText()
    assert SECRET not in shown.toPlainText()
    copy = next(one for one in dialog.findChildren(QPushButton) if one.text() == "Copy details")
    copy.click()
    assert "Bearer [secret]" in QGuiApplication.clipboard().text()
    assert SECRET not in QGuiApplication.clipboard().text()
    dialog.reject()
