"""Running commands in the process of the test, as a person would type them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.builders import a_setting
from tests.session.conftest import new_id, now
from workbench import cli
from workbench.compose import Party, compose

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SERVICE = "northgate-emergency-department"
DEPARTMENT = Party("Northgate Hospital", "ZZN01", "2000011147", "Northgate Emergency Department")


class Done(NamedTuple):
    """What a command gave."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on one line of stdout."""
        (line,) = self.out.splitlines()
        return json.loads(line)


@pytest.fixture
def command(capfd: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """Runs one command line."""

    def run(*argv: object) -> Done:
        code = cli.main([str(word) for word in argv])
        out, err = capfd.readouterr()
        return Done(code, out, err)

    return run


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """A message file that breaks no rule, for a service of the sandbox."""
    path = tmp_path / "good.json"
    path.write_bytes(compose("referral-full", a_setting(receiver=DEPARTMENT), now=now(), ids=new_id).source)
    return path


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    """A message file whose focus points to nothing."""
    source = json.loads(compose("referral-full", a_setting(receiver=DEPARTMENT), now=now(), ids=new_id).source)
    source["entry"][0]["resource"]["focus"][0]["reference"] = "urn:uuid:00000000-0000-4000-8000-000000000000"
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(source), "utf-8")
    return path
