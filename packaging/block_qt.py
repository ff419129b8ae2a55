"""A pytest plugin that makes every import of PySide6 fail: proves that the engine runs without Qt."""

import sys

sys.modules["PySide6"] = None  # type: ignore[assignment]
