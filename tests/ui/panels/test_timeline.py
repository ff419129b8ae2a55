"""The timeline in the running window: timeline_list at the left, the lanes, timeline_inspector with its pages.

Also timeline_narrow, timeline_pages and timeline_findings.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QTabBar,
    QTableView,
    QTreeView,
    QWidget,
)

from workbench.exchange import TlsFacts
from workbench.messages import Finding, Layer, Severity, Source
from workbench.ui.context import PanelId
from workbench.ui.models.findings import FINDING_ROLE
from workbench.ui.models.tree import BROKEN_ROLE
from workbench.ui.panels.timeline_pages import SummaryPage
from workbench.ui.panels.timeline_wire import WirePage
from workbench.ui.theme import em
from workbench.ui.widgets import Card
from workbench.ui.widgets.lane_view import LaneView

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from tests.ui.driving import Person

ASKED = "111 to ED: referral, new"
REPLIED = "Safeguarding: did not attend"


@pytest.fixture
def reader(person: Person) -> Person:
    """Somebody who sent a referral, got its reply and looks at the conversation."""
    person.compose()
    person.run("send")
    panel = person.go(PanelId.TIMELINE)
    person.until(lambda: [row.title for row in panel._lanes._rows if row.exchange][-1:] == [REPLIED])
    person.quiet()
    return person


def legs(person: Person) -> list[str]:
    return [row.title for row in person.window.panel(PanelId.TIMELINE)._lanes._rows if row.exchange]


def choose(person: Person, title: str) -> None:
    """Click a leg of the lanes and wait for the inspector."""
    panel = person.window.panel(PanelId.TIMELINE)
    row = next(n for n, one in enumerate(panel._lanes._rows) if one.title == title and one.exchange)
    lanes = panel.findChild(LaneView)
    person.bot.mouseClick(
        lanes.viewport(), Qt.MouseButton.LeftButton, pos=lanes.visualRect(panel._lanes.index(row)).center()
    )
    wanted = panel._lanes.row(row).exchange
    person.until(lambda: panel._inspector._detail is not None and panel._inspector._detail.exchange.id == wanted)


def tab(person: Person, place: int) -> None:
    person.find(QWidget, "inspector").findChild(QTabBar).setCurrentIndex(place)
    person.quiet()


def test_nothing_yet_says_what_to_do(person: Person) -> None:
    panel = person.go(PanelId.TIMELINE)
    assert "No conversations yet" in person.words(panel)
    compose = next(b for b in panel.findChildren(QAbstractButton) if b.isVisible() and b.text() == "Compose")
    person.bot.mouseClick(compose, Qt.MouseButton.LeftButton)
    assert person.window._stack.currentWidget() is person.window.panel(PanelId.COMPOSE)


def test_the_summary_names_the_rule_that_answered_ours_and_the_sandbox_s(reader: Person) -> None:
    for title, rule in ((REPLIED, "safeguarding-dna"), (ASKED, "referral-new")):
        choose(reader, title)
        tab(reader, 0)
        inspector = reader.find(QWidget, "inspector")
        reader.until(
            lambda rule=rule, inspector=inspector: f"The rule that answered\n{rule}" in reader.words(inspector)
        )


def test_the_inspector_follows_the_chosen_leg(reader: Person) -> None:
    inspector = reader.find(QWidget, "inspector")
    assert legs(reader) == [ASKED, REPLIED]
    choose(reader, REPLIED)
    reader.until(lambda: "Why this is part of the conversation" in reader.words(inspector))
    assert "Quotes the Bundle id of the request" in reader.words(inspector)
    facts = reader.words(inspector).splitlines()
    assert facts.count("Case references") == 1, "the answer does not repeat what the message said"
    choose(reader, ASKED)
    reader.until(lambda: "The answer" in reader.words(inspector))
    assert "Why this is part" not in reader.words(inspector)


def summary_page(reader: Person) -> SummaryPage:
    """The summary of the leg that was asked, all its cards in place, nothing more on its way."""
    choose(reader, ASKED)
    nothing_coming(reader)
    page = reader.find(QWidget, "inspector").findChild(SummaryPage)
    reader.until(lambda: "The answer" in reader.words(page) and not page._making.isActive())
    return page


def nothing_coming(reader: Person) -> None:
    """Wait until the open conversation is not about to be read again."""
    panel = reader.window.panel(PanelId.TIMELINE)
    reader.until(lambda: not panel._soon.isActive() and reader.desk.bridge.pending == 0)


def pixels(widget: QWidget) -> QImage:
    """A widget as it stands on the screen now."""
    window = widget.window()
    return (
        window.screen().grabWindow(window.winId()).toImage().copy(QRect(widget.mapTo(window, QPoint()), widget.size()))
    )


def test_nothing_of_a_leg_stays_under_the_title_of_another(reader: Person) -> None:
    page = summary_page(reader)
    inspector = reader.find(QWidget, "inspector")
    asked = replace(inspector.detail, answer_summary=None, answered_by="", why=())
    choose(reader, REPLIED)
    nothing_coming(reader)
    inspector.show_detail(replace(inspector.detail, answer_summary=None, answered_by="", why=()))
    view = page._inner.parentWidget()
    reader.until(lambda: not page._making.isActive() and page._inner.height() == view.height())
    reader.until(lambda: "Why this is part" not in reader.words(page))
    view.repaint()
    head, cards = pixels(inspector._head), pixels(view)
    inspector.show_detail(asked)
    assert [label for label in page.findChildren(QLabel) if label.isVisible()] == []
    page._making.stop()
    reader.until(lambda: pixels(inspector._head) != head)
    assert pixels(view) != cards


def test_nobody_is_shown_unmasked_under_the_badge_that_says_masked(reader: Person) -> None:
    page = summary_page(reader)
    inspector = reader.find(QWidget, "inspector")
    shown = inspector.detail
    bare = replace(shown, summary=replace(shown.summary, sentence="About Ann Archer"), masked=False)
    for away in (0, 2):
        inspector.show_detail(bare)
        reader.until(lambda: "Ann Archer" in reader.words(page))
        tab(reader, away)
        inspector.show_detail(replace(shown, masked=True))
        tab(reader, 0)
        assert "Ann Archer" not in reader.words(page)


def test_a_card_that_cannot_be_made_leaves_the_others_and_is_made_again(
    reader: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = summary_page(reader)
    inspector = reader.find(QWidget, "inspector")
    shown = replace(inspector.detail, answered_by="another rule")
    with monkeypatch.context() as broken, reader.bot.captureExceptions() as raised:
        broken.setattr(SummaryPage, "_answer", lambda *_: 1 / 0)
        inspector.show_detail(shown)
        reader.until(lambda: bool(raised) and not page._making.isActive())
    assert raised[0][0] is ZeroDivisionError
    assert shown.summary.sentence in reader.words(page)
    assert "The answer" not in reader.words(page)
    inspector.show_detail(shown)
    reader.until(lambda: "another rule" in reader.words(page))
    assert "The answer" in reader.words(page)


def test_cards_that_say_the_same_are_not_made_anew(reader: Person) -> None:
    page = summary_page(reader)
    inspector = reader.find(QWidget, "inspector")

    def cards() -> list[Card]:
        reader.until(lambda: not page._making.isActive())
        return [card for card in page.findChildren(Card) if card.isVisible()]

    before, shown = cards(), inspector.detail
    inspector.show_detail(replace(shown, subtitle="12:00:00"))
    assert cards() == before
    inspector.show_detail(replace(shown, answered_by="another rule"))
    assert not set(cards()) & set(before)
    assert "another rule" in reader.words(page)


def test_every_page_of_the_inspector_shows_its_side(reader: Person) -> None:
    choose(reader, ASKED)
    inspector = reader.find(QWidget, "inspector")
    tab(reader, 1)
    reader.until(lambda: "NHSD-Target-Identifier" in reader.words(inspector))
    assert "Answer" in reader.words(inspector)
    tab(reader, 2)
    tree = reader.find(QTreeView, "bundle-tree")
    reader.until(tree.isVisible)
    root = tree.model().index(0, 0)
    assert root.data() == "Bundle"
    assert tree.model().rowCount(root) > 3
    tab(reader, 3)
    found = reader.values("leg-findings", FINDING_ROLE)
    assert inspector.findChild(QTabBar).tabText(3) == (f"Findings {len(found)}" if found else "Findings")
    scored = "Headers of the answer: BaRS: pass (4 of 4); OWASP advice: "
    assert scored in reader.words(inspector)
    tab(reader, 4)
    wire = reader.find(QPlainTextEdit, "wire-text")
    assert wire.toPlainText().startswith("POST /")
    assert "Bearer ey" not in wire.toPlainText(), "no token is ever shown"
    copy = next(b for b in inspector.findChildren(QAbstractButton) if "wire" in b.toolTip() + b.accessibleName())
    reader.bot.mouseClick(copy, Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("POST /")
    assert "HTTP/1.1 200" in copied
    assert "Bearer ey" not in copied


def test_the_wire_page_says_whose_time_counted_and_where_a_certificate_was_not_checked(reader: Person) -> None:
    choose(reader, ASKED)
    tab(reader, 4)
    inspector = reader.window.panel(PanelId.TIMELINE)._inspector
    detail = inspector._detail
    assert detail is not None
    assert "not checked" not in reader.words(inspector)
    tls = TlsFacts("TLSv1.3", "AES", "CN=rig.example", "CN=Rig", None, verified=False)
    page = reader.find(WirePage, "wire")
    page.show_detail(replace(detail, dated="INT's time", exchange=replace(detail.exchange, tls=tls)))
    reader.until(lambda: "CN=rig.example, not checked" in reader.words(inspector))
    words = reader.words(inspector).splitlines()
    assert words[words.index("Dated by") + 1] == "INT's time"


def test_silenced_findings_of_the_service_stand_apart(person: Person) -> None:
    person.compose()
    source = json.loads(person.source.toPlainText())
    source["entry"][0]["resource"]["focus"][0]["reference"] = "urn:uuid:99999999-9999-4999-8999-999999999999"
    person.source.setPlainText(json.dumps(source, indent=2))
    person.judged()
    person.run("send")
    panel = person.go(PanelId.TIMELINE)
    person.until(lambda: panel._inspector._detail is not None and panel._inspector._detail.verdict is not None)
    detail = panel._inspector._detail
    wrong = [one for one in detail.verdict.findings if one.severity is Severity.ERROR]
    assert wrong
    for finding in wrong:
        silenced = person.window._session.silence(
            detail.exchange.service, finding, path="", reason="They know", by="A. Tester"
        )
        person.desk.bridge.submit(silenced, lambda *_: None)
    person.quiet()
    person.go(PanelId.COMPOSE)
    person.go(PanelId.TIMELINE)
    person.until(lambda: panel._inspector._detail.silenced)
    tab(person, 3)
    assert f"{len(wrong)} silenced" in person.words(person.find(QWidget, "inspector"))
    assert not [one for one in person.values("leg-findings", FINDING_ROLE) if one in wrong]
    person.press("leg-show-silenced")
    assert [one for one in person.values("leg-findings", FINDING_ROLE) if one in wrong] == wrong
    picture = person.find(QListView, "leg-findings").grab()
    assert not picture.isNull()
    person.press("leg-show-silenced")
    assert not [one for one in person.values("leg-findings", FINDING_ROLE) if one in wrong]


def test_a_long_sentence_is_wrapped_and_not_cut(reader: Person) -> None:
    choose(reader, ASKED)
    tab(reader, 3)
    panel = reader.window.panel(PanelId.TIMELINE)
    finding = Finding("MOCK-1", Severity.ERROR, Layer.BASE, "Patient.id", "word " * 80, Source("mock", "mock"))
    panel._inspector._parts[3]._model.show((finding,))
    view = reader.find(QListView, "leg-findings")
    panel._inspector._parts[3]._pages.setCurrentWidget(view)
    reader.quiet()
    lines = view.visualRect(view.model().index(0, 0)).height() / em()
    assert lines > 6
    view.grab()


def test_lanes_and_list_are_two_views_of_the_same(reader: Person) -> None:
    panel = reader.window.panel(PanelId.TIMELINE)
    table = reader.find(QTableView, "legs")
    buttons = panel._how.findChildren(QAbstractButton)
    reader.bot.mouseClick(buttons[1], Qt.MouseButton.LeftButton)
    assert table.isVisible()
    assert table.model().rowCount() == len(legs(reader))
    asked = next(n for n in range(table.model().rowCount()) if table.model().index(n, 1).data() == ASKED)
    reader.click_row("legs", asked)
    reader.until(lambda: panel._inspector._detail.title == ASKED or panel._leg == panel._lanes._rows[0].exchange)


def test_a_resend_keeps_the_ids_and_a_fork_takes_new_ones(reader: Person) -> None:
    choose(reader, ASKED)
    panel = reader.window.panel(PanelId.TIMELINE)
    first = json.loads(panel._inspector._detail.exchange.request.body)
    reader.press("retry-button")
    reader.until(lambda: len(legs(reader)) >= 3)
    reader.until(lambda: "409" in reader.toasts() or "200" in reader.toasts())
    again = json.loads(panel._inspector._detail.exchange.request.body)
    assert again == first
    assert len(reader.conversations()) == 1, "a resend belongs to the same conversation"
    choose(reader, ASKED)
    reader.press("fork-button")
    reader.until(lambda: reader.window._stack.currentWidget() is reader.window.panel(PanelId.COMPOSE))
    reader.until(lambda: first["entry"][0]["fullUrl"] in reader.source.toPlainText() or reader.source.toPlainText())
    assert '"servicerequest-request"' in reader.source.toPlainText()


def test_what_was_asked_for_can_be_cancelled(reader: Person) -> None:
    choose(reader, ASKED)
    reader.run("follow-up")
    reader.pick_from("follow-menu", "cancel it")
    reader.until(lambda: reader.window._stack.currentWidget() is reader.window.panel(PanelId.COMPOSE))
    reader.until(lambda: "revoked" in reader.source.toPlainText() or "cancel" in reader.source.toPlainText().lower())
    reader.judged()
    reader.run("send")
    reader.go(PanelId.TIMELINE)
    reader.until(lambda: any("cancel" in title.lower() for title in legs(reader)))
    assert len(reader.conversations()) == 1


def test_a_read_can_be_resent_but_not_forked(person: Person) -> None:
    person.go(PanelId.SERVICES)
    person.press("check-service")
    person.press("open-check")
    panel = person.window.panel(PanelId.TIMELINE)
    person.until(lambda: panel._inspector._detail is not None)
    person.quiet()
    assert panel._inspector._detail.exchange.request.method == "GET"
    assert not person.action("fork").isEnabled()
    assert not person.action("follow-up").isEnabled()
    assert person.action("retry").isEnabled()
    tab(person, 2)
    assert "No message here" in person.words(panel)


def test_the_list_is_searched(reader: Person) -> None:
    panel = reader.window.panel(PanelId.TIMELINE)
    reader.type_into("conversation-search", "no such thing")
    reader.until(lambda: "Nothing found" in reader.words(panel))
    reader.type_into("conversation-search", "111")
    reader.until(lambda: [title for title, _, _ in reader.conversations()] == [ASKED])
    reader.find(QLineEdit, "conversation-search").clear()
    reader.quiet()
    assert len(reader.conversations()) == 1


def test_what_arrives_shows_without_asking(reader: Person) -> None:
    reader.window.play_scenario("refer-only")
    panel = reader.go(PanelId.TIMELINE)
    reader.until(lambda: len(reader.conversations()) == 2)
    newest = reader.conversations()[0]
    assert newest[2] >= 1
    assert panel._id != "", "the conversation that is looked at stays in front"
    reader.click_row("conversations", 0)
    reader.until(lambda: panel._view is not None and panel._view.row.title == newest[0])


def test_everything_that_can_be_operated_has_a_name(reader: Person) -> None:
    kinds = (QAbstractButton, QLineEdit, QAbstractItemView, QPlainTextEdit, QTabBar, QComboBox)
    panel, nameless = reader.window.panel(PanelId.TIMELINE), list[str]()
    inspector = reader.find(QWidget, "inspector")

    def look(where: QWidget, what: str) -> None:
        reader.quiet()
        for kind in kinds:
            for one in where.findChildren(kind):
                told = QAccessible.queryAccessibleInterface(one)
                inside = isinstance(one.parent(), QLineEdit | QComboBox | QTreeView)  # spoken with what it is a part of
                if one.isVisible() and not inside and not (told and told.text(QAccessible.Text.Name)):
                    nameless.append(f"{what}: {type(one).__name__} {one.objectName()}")

    for wide, tall in ((1440, 900), (1024, 700)):
        reader.window.resize(wide, tall)
        for place in range(inspector.findChild(QTabBar).count()):
            tab(reader, place)
            look(panel, f"page {place} at {wide}")
    reader.run("export")
    reader.until(lambda: [one for one in reader.window.findChildren(QDialog) if one.isVisible()])
    for dialog in reader.window.findChildren(QDialog):
        look(dialog, "export")
        dialog.close()
    assert not nameless, nameless


def test_a_narrow_window_says_which_conversation_it_is_and_searches_from_above_the_lanes(reader: Person) -> None:
    panel = reader.window.panel(PanelId.TIMELINE)
    reader.window.resize(1024, 700)
    reader.until(lambda: reader.find(QWidget, "place-among").isVisible())
    assert "1 of 1" in reader.words(panel)
    field = reader.find(QLineEdit, "narrow-search")
    assert field.isVisible()
    assert field.accessibleName() == "Search everything"
    field.setFocus()
    reader.bot.keyClicks(field, "n")
    own = reader.find(QLineEdit, "conversation-search")
    reader.until(own.isVisible)
    assert not field.isVisible(), "one box at a time"
    assert reader.window.focusWidget() is own, "what is typed next goes on where the list is"
    reader.bot.keyClicks(own, "othing-like-it")
    reader.until(lambda: "Nothing found" in reader.words(panel))
    reader.press("show-conversations")
    reader.until(field.isVisible)
    assert field.text() == "nothing-like-it"
    reader.bot.keyClick(field, Qt.Key.Key_Backspace)
    reader.until(own.isVisible)
    own.clear()
    reader.until(lambda: reader.rows("conversations"))


def test_why_a_message_is_here_is_told_with_short_ids_and_whole_ones_in_the_tip(reader: Person) -> None:
    choose(reader, REPLIED)
    inspector = reader.find(QWidget, "inspector")
    reader.until(lambda: "Same correlation id" in reader.words(inspector))
    detail = next(one for one in inspector.findChildren(QLabel) if one.text().startswith("X-Correlation-Id "))
    assert len(detail.text()) == len("X-Correlation-Id 01234567…, also at 12:00:00")
    whole = reader.window.panel(PanelId.TIMELINE)._inspector._detail.exchange.request.header("X-Correlation-Id")
    assert whole in detail.toolTip()


def test_a_narrow_window_keeps_the_list_and_the_details_behind_buttons(reader: Person) -> None:
    panel = reader.window.panel(PanelId.TIMELINE)
    show, details = reader.find(QAbstractButton, "show-conversations"), reader.find(QAbstractButton, "show-details")
    assert not show.isVisible()
    panel.resize(900, 600)
    reader.until(show.isVisible)
    assert not panel._list.isVisible()
    reader.bot.mouseClick(show, Qt.MouseButton.LeftButton)
    assert panel._list.isVisible()
    reader.click_row("conversations", 0)
    panel.resize(560, 600)
    reader.until(details.isVisible)
    reader.bot.mouseClick(details, Qt.MouseButton.LeftButton)
    assert panel._inspector.isVisible()


def test_a_broken_reference_shows_in_the_tree(person: Person) -> None:
    person.compose()
    text = person.source.toPlainText()
    bundle = json.loads(text)
    patient = next(one for one in bundle["entry"] if one["resource"]["resourceType"] == "Patient")
    broken = text.replace(
        f'"fullUrl": "{patient["fullUrl"]}"', '"fullUrl": "urn:uuid:99999999-9999-4999-8999-999999999999"'
    )
    person.source.setPlainText(broken)
    person.judged()
    person.run("send")
    panel = person.go(PanelId.TIMELINE)
    person.until(lambda: panel._inspector._detail is not None)
    tab(person, 2)
    model = panel.findChild(QTreeView, "bundle-tree").model()
    assert model._broken
    assert all(model.path_index(path).data(BROKEN_ROLE) for path in model._broken)
