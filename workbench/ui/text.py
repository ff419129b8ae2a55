"""Words from outside in places where Qt would read them as rich text."""

from __future__ import annotations

import html


def plain_tip(text: str) -> str:
    """A tool tip that shows a text as it is: Qt takes one with tags for HTML, pictures and links included."""
    return f"<qt>{html.escape(text)}</qt>".replace("\n", "<br>") if "<" in text else text
