"""Faults on purpose in the Receiver panel, and what the platform of the sandbox puts up with."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import httpx
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QSpinBox, QTabBar, QWidget

from workbench.ui.context import PanelId
from workbench.ui.models.table import VALUE_ROLE

if TYPE_CHECKING:
    from tests.ui.driving import Person


def show(person: Person, tab: int) -> QWidget:
    panel = person.go(PanelId.RECEIVER)
    panel.findChild(QTabBar).setCurrentIndex(tab)
    person.quiet()
    return panel


def address(person: Person) -> str:
    person.press("copy-address")
    return f"{QGuiApplication.clipboard().text()}/metadata"


def test_a_fault_that_is_switched_on_meets_the_next_call_until_all_are_off(person: Person) -> None:
    panel = show(person, 0)
    url = address(person)
    person.find(QCheckBox, "fault-error").click()
    person.until(lambda: "One fault is on" in person.words(panel))
    person.find(QSpinBox, "fault-error-amount").setValue(599)
    person.until(lambda: "599" in person.words(panel))
    assert httpx.get(url, trust_env=False, timeout=10).status_code == 599
    person.until(lambda: [one.status for one in person.values("receiver-log", VALUE_ROLE)] == ["error by fault"])
    assert [one.answered_by for one in person.values("receiver-log", VALUE_ROLE)] == ["fault"]
    person.press("faults-off")
    person.until(lambda: "fault is on" not in person.words(panel))
    assert httpx.get(url, trust_env=False, timeout=10).status_code == 400, "its ids are missing, as ever"


def test_every_second_call_is_dropped_and_the_log_says_so(person: Person) -> None:
    show(person, 0)
    url = address(person)
    person.find(QCheckBox, "fault-lost").click()
    person.quiet()
    person.find(QSpinBox, "fault-lost-every").setValue(2)
    person.quiet()
    seen = []
    for _ in range(4):
        try:
            ids = {"X-Request-Id": str(uuid4()), "X-Correlation-Id": str(uuid4())}
            seen.append(httpx.get(url, headers=ids, trust_env=False, timeout=10).status_code)
        except httpx.RemoteProtocolError:
            seen.append(0)
    assert seen == [400, 0, 400, 0]
    dropped = lambda: [one.status for one in person.values("receiver-log", VALUE_ROLE)]  # noqa: E731
    person.until(lambda: dropped() == ["dropped by fault", "400", "dropped by fault", "400"])


def test_the_sandbox_waits_as_long_as_it_is_told(person: Person) -> None:
    panel = show(person, 1)
    spin = person.find(QSpinBox, "limit-wait_s")
    assert spin.value() == 32
    spin.setValue(7)
    person.quiet()
    answering = person.desk.session.answering
    person.until(lambda: {row.id: row.value for row in answering.limit_rows()}["wait_s"] == 7)
    show(person, 0)
    assert not spin.isVisibleTo(panel), "a receiver of one's own has no platform"
    assert not person.find(QAbstractButton, "faults-off").isEnabled()
