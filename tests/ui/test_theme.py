"""The tokens: every declared pair has its contrast, palettes carry the roles, type and lengths follow the font."""

from __future__ import annotations

from dataclasses import fields
from itertools import chain
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPalette
from PySide6.QtWidgets import QApplication, QLabel

from workbench.session.views import Tone
from workbench.ui import theme as module
from workbench.ui.theme import (
    DARK,
    LIGHT,
    THEMES,
    Pair,
    Theme,
    colour,
    contrast,
    em,
    font,
    luminance,
    palette_for,
    scaled,
    sign_on,
    statuses,
    theme_for,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    Pairing = tuple[str, str, str, float]
    """What is drawn, its colour, the ground, and the contrast it needs."""

WORDS, SHAPES = 4.5, 3.0
GROUNDS = ("canvas", "surface", "sunken", "raised")
SYNTAX = ("syn_key", "syn_str", "syn_num", "syn_kw", "syn_punct", "syn_url")


def of_text(theme: Theme) -> Iterator[Pairing]:
    for ground in (*GROUNDS, "hover", "selected", "accent_bg"):
        for ink in ("text", "text2", "text3", "accent"):
            yield f"{ink} on {ground}", theme.role(ink), theme.role(ground), WORDS
    yield "text on the chosen segment", theme.text, theme.chosen, WORDS
    yield "words on the accent", theme.on_accent, theme.accent, WORDS
    yield "words on the accent under the pointer", theme.on_accent, QColor(theme.accent).darker(112).name(), WORDS
    yield "words of a tooltip", theme.on_tooltip, theme.tooltip, WORDS
    danger = theme.env_production
    yield "words on danger under the pointer", danger.on, QColor(danger.solid).darker(112).name(), WORDS


def of_statuses(theme: Theme) -> Iterator[Pairing]:
    for name, pair in statuses(theme):
        yield f"{name}: words on the tint", pair.fg, pair.bg, WORDS
        yield f"{name}: words on solid", pair.on, pair.solid, WORDS
        for ground in (*GROUNDS, "selected"):
            yield f"{name}: words on {ground}", pair.fg, theme.role(ground), WORDS
        filled = pair == theme.env_production
        for ground in ("canvas", "surface", "sunken") if filled else GROUNDS:
            yield f"{name}: shape on {ground}", pair.solid, theme.role(ground), SHAPES
        if not filled:  # the colour of production fills the bar, the pill and its button, never a shape on a tint
            yield f"{name}: shape on its tint", pair.solid, pair.bg, SHAPES
        for ink in ("text", "text2"):
            yield f"{name}: {ink} on the tint", theme.role(ink), pair.bg, WORDS


def of_code(theme: Theme) -> Iterator[Pairing]:
    for ink in SYNTAX:
        for ground in ("surface", "sunken", "selected", "accent_bg", "add_bg", "del_bg"):
            yield f"{ink} on {ground}", theme.role(ink), theme.role(ground), WORDS
    for kind in ("add", "del"):
        for ground in (f"{kind}_bg", "surface"):
            yield f"{kind} on {ground}", theme.role(f"{kind}_fg"), theme.role(ground), WORDS
        yield f"text on {kind}", theme.text, theme.role(f"{kind}_bg"), WORDS


def of_controls(theme: Theme) -> Iterator[Pairing]:
    for ground in GROUNDS:
        yield f"edge of a control on {ground}", theme.border, theme.role(ground), SHAPES
        yield f"focus on {ground}", theme.accent, theme.role(ground), SHAPES
    yield "focus in a filled button", theme.on_accent, theme.accent, SHAPES
    yield "tick in a check box", theme.on_accent, theme.accent, SHAPES
    yield "progress on its groove", theme.accent, theme.hover, SHAPES


PAIRINGS = [
    pytest.param(*pairing[1:], id=f"{theme.name}: {pairing[0]}")
    for theme in THEMES
    for pairing in chain(of_text(theme), of_statuses(theme), of_code(theme), of_controls(theme))
]


@pytest.mark.parametrize(("ink", "ground", "least"), PAIRINGS)
def test_contrast(ink: str, ground: str, least: float) -> None:
    assert contrast(ink, ground) >= least, f"{contrast(ink, ground):.2f}:1"


def test_contrast_is_that_of_wcag() -> None:
    assert round(contrast("#FFFFFF", "#000000"), 2) == 21.0
    assert round(contrast("#000000", "#FFFFFF"), 2) == 21.0
    assert round(contrast("#777777", "#FFFFFF"), 2) == 4.48
    assert round(luminance("#FF0000"), 4) == 0.2126


def test_every_colour_is_written_in_full() -> None:
    for theme in THEMES:
        for field in fields(theme):
            value = getattr(theme, field.name)
            parts = (value.fg, value.bg, value.solid, value.on) if isinstance(value, Pair) else (value,)
            for part in parts:
                assert field.name == "name" or QColor(part).isValid(), f"{theme.name}.{field.name}"


def test_themes_differ_in_every_ground() -> None:
    assert not [name for name in GROUNDS if LIGHT.role(name) == DARK.role(name)]


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_a_palette_leads_back_to_its_theme(theme: Theme) -> None:
    palette = palette_for(theme)
    assert theme_for(palette) is theme
    found = {
        "base": palette.color(QPalette.ColorRole.Base).name().upper(),
        "highlight": palette.color(QPalette.ColorRole.Highlight).name().upper(),
        "highlighted": palette.color(QPalette.ColorRole.HighlightedText).name().upper(),
        "accent": palette.color(QPalette.ColorRole.Accent).name().upper(),
        "disabled": palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text).name().upper(),
    }
    assert found == {
        "base": theme.surface,
        "highlight": theme.selected,
        "highlighted": theme.text,
        "accent": theme.accent,
        "disabled": theme.disabled,
    }


def test_a_foreign_palette_gets_the_theme_of_its_lightness() -> None:
    assert theme_for(QPalette(QColor("#202020"))) is DARK
    assert theme_for(QPalette(QColor("#efefef"))) is LIGHT


def test_every_tone_has_colours() -> None:
    tones = {tone: LIGHT.tone(tone) for tone in Tone}
    assert tones.pop(Tone.RUNNING) == tones[Tone.WAITING]
    assert len(set(tones.values())) == len(tones)
    assert LIGHT.tone("skip") == LIGHT.neutral


def test_an_own_environment_has_the_colours_of_own_ones() -> None:
    assert LIGHT.environment("rig-7") == LIGHT.env_own
    assert LIGHT.environment("production") == LIGHT.env_production


def test_only_plain_colours_are_roles() -> None:
    with pytest.raises(TypeError, match="error is not a plain colour"):
        LIGHT.role("error")


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_the_sign_on_a_shape_is_what_stands_out_more(theme: Theme) -> None:
    assert {name: sign_on(pair.solid) for name, pair in statuses(theme)} == {
        name: pair.on for name, pair in statuses(theme)
    }


def set_system_font(points: float) -> None:
    system = QFont(QApplication.font())
    system.setPointSizeF(points)
    QApplication.setFont(system)


def test_steps_are_shares_of_the_system_font(qapp: QApplication) -> None:
    set_system_font(10)
    found = {step: round(font(step).pointSizeF(), 2) for step in module.RATIOS}
    assert found == {
        "caption": 9.2,
        "body": 10.0,
        "lead": 11.5,
        "heading": 13.0,
        "title": 16.2,
        "display": 23.0,
        "code": 9.6,
    }
    assert round(font("caption", mono=True).pointSizeF(), 2) == 8.83
    assert font("body", 600).weight() == QFont.Weight.DemiBold
    assert font("body").family() == QApplication.font().family()


@pytest.mark.parametrize(("system", "caption"), [(9.0, 8.28), (8.6, 8.0), (8.5, 8.5), (7.0, 7.0)])
def test_a_caption_is_never_set_in_less_than_eight_points(qapp: QApplication, system: float, caption: float) -> None:
    set_system_font(system)
    assert round(font("caption").pointSizeF(), 2) == caption


def test_a_system_font_in_pixels_is_scaled_in_pixels(qapp: QApplication) -> None:
    system = QFont(QApplication.font())
    system.setPixelSize(20)
    QApplication.setFont(system)
    assert (font("caption").pixelSize(), font("heading").pixelSize()) == (18, 26)


def test_a_font_given_out_is_the_callers_own(qapp: QApplication) -> None:
    font("body").setPointSizeF(40)
    assert font("body").pointSizeF() == QApplication.font().pointSizeF()


def test_lengths_grow_with_the_text(qapp: QApplication) -> None:
    set_system_font(9.75)
    before = scaled(16), scaled(100), scaled(0.1), scaled(0), scaled(-16)
    set_system_font(19.5)
    assert before == (16, 100, 1, 0, -16)
    assert (scaled(16), scaled(100), scaled(-16)) == (32, 200, -32)


def test_em_is_the_height_of_a_line(qapp: QApplication, qtbot: object) -> None:
    set_system_font(9.75)
    label = QLabel()
    label.setFont(font("title"))
    assert em() == QFontMetricsF(QApplication.font()).height()
    assert em(label) == QFontMetricsF(font("title")).height()


def test_colours_are_kept() -> None:
    assert colour("#123456") is colour("#123456")
    assert colour("#5A17202A").alpha() == 0x5A
