"""A fresh receiver for each test."""

from __future__ import annotations

import pytest

from tests.receiver.builders import Mock


@pytest.fixture
def mock() -> Mock:
    return Mock()
