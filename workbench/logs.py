"""The log: JSON lines in a rotating file, secrets cut out by one filter on every handler, never a body or a header.

Called once by each door; must not know what is logged.
"""

from __future__ import annotations

import json
import logging
import logging.handlers
import re
import sys
from datetime import UTC, datetime

import platformdirs

from workbench import APP

MEBIBYTE = 1024 * 1024
FILES = 5
_QUIET = ("httpx", "httpcore", "h11", "asyncio", "hpack")
_SECRETS = (
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|$)", re.S), "[private key]"),
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"), "[jwt]"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]+"), r"\1 [secret]"),
    (
        re.compile(
            r"(?i)\b(client_assertion|access_token|refresh_token|passphrase|password|secret)([\"']?\s*[=:]\s*[\"']?)"
            r"[^\s\"'&,}]+"
        ),
        r"\1\2[secret]",
    ),
    (re.compile(r"(?i)\b(https?://)[^/\s:@]+:[^/\s@]+@"), r"\1[secret]@"),
)


def redacted(text: str) -> str:
    """A text without tokens, assertions, keys, passphrases and credentials in URLs."""
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text


class Redacting(logging.Filter):
    """Cuts secrets out of a record, its exception included."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redacted(record.getMessage()), ()
        if record.exc_info:
            record.exc_text = redacted(logging.Formatter().formatException(record.exc_info))
        return True


class JsonLine(logging.Formatter):
    """One record as one line of JSON; control characters are escaped by that."""

    def format(self, record: logging.LogRecord) -> str:
        text = record.getMessage()
        if record.exc_text:
            text = f"{text}\n{record.exc_text}"
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "text": text,
            "code": getattr(record, "code", None),
            "exchange": getattr(record, "exchange", None),
        }
        return json.dumps(line)


def set_up(*, verbose: bool) -> None:
    """Log to the user's log folder, with `verbose` to stderr as well; a second call replaces what the first set up.

    A folder that cannot be written is told once on stderr, and the program goes on without the file.
    """
    root = logging.getLogger()
    for handler in [one for one in root.handlers if getattr(one, "bars_workbench", False)]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(logging.INFO)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        folder = platformdirs.user_log_path(APP, appauthor=False)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _add(
            logging.handlers.RotatingFileHandler(
                folder / "bars-workbench.log",
                maxBytes=5 * MEBIBYTE,
                backupCount=FILES - 1,
                encoding="utf-8",
                delay=True,
            )
        )
    except OSError as error:
        print(f"bars-workbench: there will be no log file: {error.strerror or error}", file=sys.stderr)
    if verbose:
        _add(logging.StreamHandler(sys.stderr))


def _add(handler: logging.Handler) -> None:
    handler.addFilter(Redacting())
    handler.setFormatter(JsonLine())
    handler.bars_workbench = True  # type: ignore[attr-defined]
    logging.getLogger().addHandler(handler)
