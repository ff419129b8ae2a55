"""Settings: precedence with origins, refusals in words, what is kept."""

from __future__ import annotations

import json

import pytest

from workbench.errors import ConfigError, ErrorCode
from workbench.settings import (
    AppSettings,
    app_file,
    changed,
    keep_app_setting,
    load_app_settings,
    resolve,
    specs,
)


def test_flag_over_variable_over_workspace_over_default() -> None:
    stored = {"receiver_port": 8443, "answer_mode": "stored", "interim_delay_s": 2}
    environ = {"BARS_WORKBENCH_RECEIVER_PORT": "9000", "BARS_WORKBENCH_FULL_DELAY_S": "1.5"}
    found = resolve(stored, environ, flags={"receiver_port": "9443"}, app=AppSettings(theme="dark"))
    own = found.workspace
    assert (own.receiver_port, own.answer_mode, own.interim_delay_s, own.full_delay_s) == (9443, "stored", 2.0, 1.5)
    assert [found.origin(n) for n in ("receiver_port", "answer_mode", "full_delay_s", "receiver_host", "theme")] == [
        "--receiver-port",
        "workspace",
        "BARS_WORKBENCH_FULL_DELAY_S",
        "default",
        "app",
    ]
    assert found.overridden("receiver_port")
    assert not found.overridden("answer_mode")
    assert found.workspace_json() == {"receiver_port": 8443, "answer_mode": "stored", "interim_delay_s": 2.0}


@pytest.mark.parametrize(
    ("stored", "environ", "code", "words"),
    [
        ({}, {"BARS_WORKBENCH_NOTHING": "1"}, ErrorCode.CONFIG_VARIABLE, "BARS_WORKBENCH_NOTHING"),
        ({}, {"BARS_WORKBENCH_RECEIVER_PORT": "many"}, ErrorCode.CONFIG_VARIABLE, "no number"),
        ({}, {"BARS_WORKBENCH_THEME": "pink"}, ErrorCode.CONFIG_VARIABLE, "pink"),
        ({"receiver_port": 70000}, {}, ErrorCode.CONFIG_SETTING, "between 0 and 65535"),
        ({"answer_mode": "guess"}, {}, ErrorCode.CONFIG_SETTING, "judged, stored"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(stored: dict, environ: dict, code: ErrorCode, words: str) -> None:
    with pytest.raises(ConfigError) as raised:
        resolve(stored, environ, flags={}, app=load_app_settings(environ))
    assert (raised.value.code, words in raised.value.sentence) == (code, True), raised.value.sentence


def test_the_passphrase_variable_is_known() -> None:
    found = resolve({}, {"BARS_WORKBENCH_PASSPHRASE": "x"}, flags={}, app=AppSettings())
    assert found.origins == (), "it is no setting: nothing shows it"


def test_a_change_is_kept_unless_this_run_overrides_it() -> None:
    found = resolve({}, {"BARS_WORKBENCH_RECEIVER_PORT": "9000"}, flags={}, app=AppSettings())
    after = changed(found, "answer_mode", "stored")
    assert (after.workspace.answer_mode, after.origin("answer_mode"), after.workspace_json()) == (
        "stored",
        "workspace",
        {"answer_mode": "stored"},
    )
    for name, value in (("receiver_port", "1"), ("nothing", "1"), ("answer_mode", "guess")):
        with pytest.raises(ConfigError):
            changed(found, name, value)


def test_app_settings_survive_and_a_broken_file_gives_defaults() -> None:
    for name, value in (("theme", "dark"), ("text_percent", 150), ("show_start", False)):
        keep_app_setting(name, value)
    assert load_app_settings({}) == AppSettings(theme="dark", text_percent=150, show_start=False)
    app_file().write_text(json.dumps({"theme": "pink", "text_percent": 120}))
    assert load_app_settings({}) == AppSettings(text_percent=120)
    app_file().write_text("{")
    assert load_app_settings({}) == AppSettings()


def test_app_settings_of_a_newer_version_are_read_and_left_as_they_are() -> None:
    app_file().parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"format": 2, "theme": "dark", "later": [1]})
    app_file().write_text(text)
    assert load_app_settings({}) == AppSettings(theme="dark")
    with pytest.raises(ConfigError) as raised:
        keep_app_setting("theme", "light")
    assert "is left as it is. It was written by a newer version" in raised.value.sentence
    assert app_file().read_text() == text


def test_what_a_variable_decides_is_not_kept() -> None:
    for_this_run = load_app_settings({"BARS_WORKBENCH_THEME": "dark"})
    assert for_this_run.theme == "dark"
    keep_app_setting("text_percent", 125)
    assert load_app_settings({}) == AppSettings(text_percent=125)


def test_every_setting_says_what_it_is() -> None:
    for spec in specs():
        assert spec.label, spec.name
        assert spec.help.endswith("."), spec.name
        assert (
            spec.read(str(spec.default).lower() if isinstance(spec.default, bool) else str(spec.default), origin="")
            == spec.default
        )
