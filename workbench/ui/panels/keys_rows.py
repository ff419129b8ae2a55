"""How a key and an identity are drawn and spoken in the lists of the Keys panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt

from workbench.ui.models.table import VALUE_ROLE
from workbench.ui.theme import em, scaled

if TYPE_CHECKING:
    from workbench.session.key_views import KeyView
    from workbench.session.views import IdentityDetail
    from workbench.ui.widgets import RowPaint
    from workbench.ui.widgets.rows import Index

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def spoken_key(key: KeyView) -> str:
    """What a screen reader says of a key."""
    return f"{key.kid}, {key.environments}, {key.status}, {key.about}"


def spoken_identity(identity: IdentityDetail) -> str:
    """What a screen reader says of an identity."""
    return f"{identity.organisation}, {identity.role} {identity.practitioner}"


def height(_: Index) -> int:
    """Pixels of a row: two lines and a chip."""
    return round(2 * em()) + scaled(46)


def paint_key(paint: RowPaint, index: Index) -> None:
    """A key: name and environment, status, what it is."""
    key: KeyView = index.data(VALUE_ROLE)
    line = em()
    left, right, y = paint.box.x() + scaled(18), paint.box.right() - scaled(12), paint.box.y() + scaled(9)
    paint.text(QRectF(left, y, (right - left) * 0.5, line), key.kid, weight=600, mono=True)
    paint.text(
        QRectF(left + (right - left) * 0.45, y, (right - left) * 0.55, line),
        key.environments,
        step="caption",
        role="text2",
        align=_RIGHT,
    )
    y += line + scaled(12)
    paint.chip(key.status, key.tone.value, left, y, most=right - left)
    paint.text(QRectF(left, y + scaled(12), right - left, line), key.about, step="caption", role="text2")
    paint.rule()


def paint_identity(paint: RowPaint, index: Index) -> None:
    """An identity: organisation, person, whether it is the one acted as."""
    identity: IdentityDetail = index.data(VALUE_ROLE)
    line = em()
    left, right, y = paint.box.x() + scaled(18), paint.box.right() - scaled(12), paint.box.y() + scaled(9)
    paint.text(QRectF(left, y, right - left, line), identity.organisation, weight=600)
    y += line + scaled(2)
    words = f"{identity.role}, {identity.practitioner}".strip(", ")
    paint.text(QRectF(left, y, right - left, line), words, step="caption", role="text2")
    if identity.current:
        paint.chip("Acting as this one", "ok", left, y + line + scaled(12), most=right - left)
    paint.rule()
