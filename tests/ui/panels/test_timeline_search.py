"""The search box of the running window: what is found, where it stands, searches under a name, locks and deleting.

Also timeline_care, and settings_history with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QAbstractItemView, QLabel, QLineEdit, QMenu

from workbench.session import phrases
from workbench.ui.context import PanelId
from workbench.ui.panels import settings_history, timeline_care, timeline_search

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from PySide6.QtGui import QAction

    from tests.ui.driving import Person


def sent(person: Person) -> None:
    """One conversation, in the timeline."""
    person.compose()
    person.run("send")
    person.go(PanelId.TIMELINE)
    person.until(lambda: person.rows("conversations"))
    person.quiet()


def searched(person: Person, text: str) -> None:
    person.type_into("conversation-search", text)
    person.quiet()


def place(person: Person) -> str:
    """What the first row says of where its hit stands."""
    shown = person.window.panel(PanelId.TIMELINE)._list
    found = shown.place_of(shown.model.at(0).id) if shown.model.rowCount() else None
    return f"{found.label}: {found.text}" if found is not None else ""


def choose(menu: QMenu, text: str) -> QAction:
    return next(one for one in menu.actions() if one.text() == text)


def test_a_conversation_is_found_by_what_stands_in_its_message(person: Person) -> None:
    sent(person)
    searched(person, "status:200")
    person.until(lambda: place(person))
    assert len(person.rows("conversations")) == 1
    searched(person, "nothing-like-it")
    person.until(lambda: not person.rows("conversations"))
    assert "Nothing found" in person.words(person.window.panel(PanelId.TIMELINE))
    searched(person, "")
    person.until(lambda: person.rows("conversations"))


def test_words_in_quotes_find_the_phrase_and_say_when_older_ones_are_looked_at(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phrases, "MOST_LOOKED", 1)
    monkeypatch.setattr(phrases, "AT_ONCE", 1)
    sent(person)
    panel = person.window.panel(PanelId.TIMELINE)
    noted, done = panel._context.session.listing.note(panel._id, "Please ring the ward back"), list[object]()
    person.desk.bridge.submit(noted, lambda row, _: done.append(row))
    person.until(lambda: done)
    said: list[str] = []
    monkeypatch.setattr(person.window, "working", lambda text, _=None: said.append(text))
    searched(person, '"ward the ring"')
    person.until(lambda: "Nothing found" in person.words(panel))
    assert said[:1] == ["Looking further back"]
    assert said[-1] == ""
    searched(person, '"ring the ward"')
    person.until(lambda: place(person) == "Note: Please ring the ward back")


def test_a_search_is_kept_under_a_name_and_used_again(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    sent(person)
    searched(person, "status:200")
    monkeypatch.setattr(timeline_search, "ask_name", lambda *_: "Accepted")
    desk = person.window.panel(PanelId.TIMELINE)._desk._search
    desk._keep()
    person.quiet()
    searched(person, "")
    person.press("saved-searches")
    person.until(lambda: [one for one in desk._owner.findChildren(QMenu, "search-menu") if one.isVisible()])
    menu = next(one for one in desk._owner.findChildren(QMenu, "search-menu") if one.isVisible())
    choose(menu, "Accepted").trigger()
    menu.close()
    person.until(lambda: person.find(QLineEdit, "conversation-search").text() == "status:200")


def test_a_search_is_forgotten_and_a_field_is_put_in_from_the_menu(person: Person) -> None:
    sent(person)
    desk, saved = person.window.panel(PanelId.TIMELINE)._desk._search, list[object]()

    def menu() -> QMenu:
        def opened() -> list[QMenu]:
            return [one for one in desk._owner.findChildren(QMenu, "search-menu") if one.isVisible()]

        person.press("saved-searches")
        person.until(opened)
        return opened()[0]

    def inner(of: QMenu, title: str) -> QMenu:
        found = choose(of, title).menu()
        assert isinstance(found, QMenu)
        return found

    asked = person.window.panel(PanelId.TIMELINE)._context.session.searching.save("Mine", "status:200")
    person.desk.bridge.submit(asked, lambda found, _: saved.append(found))
    person.until(lambda: saved)
    shown = menu()
    choose(inner(shown, "Forget"), "Mine").trigger()
    shown.close()
    person.quiet()
    shown = menu()
    assert "Mine" not in [one.text() for one in shown.actions()]
    assert not choose(shown, "Keep this search...").isEnabled(), "nothing is searched for"
    field = next(one for one in inner(shown, "Search a field").actions() if one.text().startswith("rule:"))
    field.trigger()
    shown.close()
    assert person.find(QLineEdit, "conversation-search").text() == "rule:"


def test_a_locked_conversation_stays_and_a_free_one_goes_for_good(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(person)
    monkeypatch.setattr(timeline_care, "ask_delete", lambda *_: True)
    panel = person.window.panel(PanelId.TIMELINE)
    menu, care = panel._desk._menu, panel._desk._care
    row = panel._list.model.at(0)
    care.about(row, writable=True)
    person.until(lambda: choose(menu, "Lock against deletion").isEnabled())
    choose(menu, "Lock against deletion").trigger()
    person.until(lambda: "Nothing deletes it now." in person.toasts())
    care.about(row, writable=True)
    lock = choose(menu, "Lock against deletion")
    person.until(lambda: lock.isEnabled() and lock.isChecked())
    assert not choose(menu, "Delete for good...").isEnabled()
    choose(menu, "Lock against deletion").trigger()
    person.until(lambda: "It can be deleted again." in person.toasts())
    care.about(row, writable=True)
    person.until(lambda: choose(menu, "Delete for good...").isEnabled())
    choose(menu, "Delete for good...").trigger()
    person.until(lambda: row.id not in [panel._list.model.at(n).id for n in range(panel._list.model.rowCount())])
    assert person.find(QAbstractItemView, "conversations").accessibleName()


def test_settings_show_how_much_there_is_and_back_it_up(
    person: Person, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    panel = person.go(PanelId.SETTINGS)
    person.until(lambda: "Exchanges" in person.words(panel))
    target = tmp_path / "b.zip"
    monkeypatch.setattr(settings_history, "ask_backup", lambda *_: str(target))
    person.press("back-up")
    person.until(lambda: "Backed up" in person.toasts())
    assert target.stat().st_size
    monkeypatch.setattr(settings_history, "ask_restore", lambda _: (str(target), str(tmp_path / "r")))
    person.press("restore-backup")
    person.until(lambda: "was restored" in person.toasts())
    assert (tmp_path / "r" / "workspace.json").is_file()
    monkeypatch.setattr(settings_history, "ask_delete", lambda *_: True)
    person.press("purge-all")
    person.until(lambda: "for good" in person.toasts() or "nothing to delete" in person.toasts())
    assert panel.findChildren(QLabel)
