from __future__ import annotations

import pytest

from workbench.messages import MessageFacts
from workbench.rules import profile_of
from workbench.standard import VersionProfile, default_profile

GIVEN = VersionProfile(1, "2.0.0", "1.5.0", "1.3.0")


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        (MessageFacts(), GIVEN),
        (MessageFacts(use_case="a9t9", version_id="1.0.0"), GIVEN),
        (MessageFacts(use_case="a1t1"), GIVEN),
        (MessageFacts(use_case="a1t1", version_id="2.1.0"), VersionProfile(1, "2.1.0", "1.5.0", "1.3.0")),
        (MessageFacts(use_case="a1t1", version_id="7.7.7"), GIVEN),
        (MessageFacts(use_case="a4t1"), default_profile(4)),
        (MessageFacts(use_case="a4t1", version_id="1.2.3"), default_profile(4, "1.2.3")),
        (MessageFacts(use_case="a6t1", version_id="1.2.3"), default_profile(6)),
    ],
)
def test_the_message_goes_before_the_default(facts: MessageFacts, wanted: VersionProfile) -> None:
    assert profile_of(facts, GIVEN) == wanted
