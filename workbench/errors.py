"""What stops an operation: one exception family, each with a code, a sentence, a cause and a next step.

Expected outcomes are values (`Finding`, `Failure`), never exceptions. Sentences are templates in
`resources/errors.toml`; this module must not know who raises them.

    WorkbenchError
      InputError       a file, text, header, URL, key, certificate, archive or CSV cannot be used
      ConfigError      a flag, variable, setting, environment or identity cannot be used
      VaultError       locked, no backend, wrong passphrase, item gone
      StoreError       full, locked, corrupt, newer, read-only
      WorkspaceError   in use, not a workspace, newer, on a network drive
      NetworkError     port in use, no permission, address gone, token refused
      WorkerDied       a worker process was killed or went over its limit
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from workbench import assets

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Place:
    """A position in a text: line and column are 1-based, offset is 0-based; columns and offsets count characters."""

    line: int
    column: int
    offset: int


class ErrorCode(StrEnum):
    """Every code an error or a failed exchange can carry; each has a row in `resources/errors.toml`."""

    INPUT_EMPTY = "input.empty"
    INPUT_MISSING = "input.missing"
    INPUT_UNREADABLE = "input.unreadable"
    INPUT_TOO_LARGE = "input.too-large"
    INPUT_TOO_DEEP = "input.too-deep"
    INPUT_TOO_MANY = "input.too-many"
    INPUT_NOT_UTF8 = "input.not-utf8"
    INPUT_NOT_JSON = "input.not-json"
    INPUT_NOT_XML = "input.not-xml"
    INPUT_DOCTYPE = "input.doctype"
    INPUT_NAMESPACE = "input.namespace"
    INPUT_NOT_FHIR = "input.not-fhir"
    INPUT_UNKNOWN_TYPE = "input.unknown-type"
    INPUT_NUMBER = "input.number"
    INPUT_NDJSON = "input.ndjson"
    INPUT_BASE64 = "input.base64"
    INPUT_HEADER = "input.header"
    INPUT_URL = "input.url"
    INPUT_ID = "input.id"
    INPUT_KEY = "input.key"
    INPUT_KEY_PASSPHRASE = "input.key-passphrase"
    INPUT_KEY_SEVERAL = "input.key-several"
    INPUT_KEY_NAME = "input.key-name"
    INPUT_TOKEN = "input.token"
    INPUT_CERTIFICATE = "input.certificate"
    INPUT_PATH = "input.path"
    INPUT_TEMPLATE = "input.template"
    INPUT_CURL = "input.curl"
    INPUT_COLLECTION = "input.collection"
    INPUT_HAR = "input.har"
    INPUT_ARCHIVE = "input.archive"
    INPUT_STATE = "input.state"
    INPUT_RULE = "input.rule"
    INPUT_HELD = "input.held"
    INPUT_SILENCE = "input.silence"
    INPUT_SEARCH = "input.search"
    INPUT_SERVICE = "input.service"
    INPUT_SERVICES = "input.services"
    INPUT_CALL = "input.call"
    INPUT_PACKAGE = "input.package"
    INPUT_PACKAGE_MISSING = "input.package-missing"
    INPUT_PACKAGE_DAMAGED = "input.package-damaged"
    INPUT_PACKAGE_UNSAFE = "input.package-unsafe"
    INPUT_PACKAGE_VERSION = "input.package-version"
    INPUT_PACKAGE_TWICE = "input.package-twice"

    CONFIG_FLAG = "config.flag"
    CONFIG_VARIABLE = "config.variable"
    CONFIG_SETTING = "config.setting"
    CONFIG_FILE = "config.file"
    CONFIG_READ_ONLY = "config.read-only"
    CONFIG_ENVIRONMENT = "config.environment"
    CONFIG_ENVIRONMENT_VALUE = "config.environment-value"
    CONFIG_VERIFICATION = "config.verification"
    CONFIG_NOT_READY = "config.not-ready"
    CONFIG_SYSTEM_PROXY = "config.system-proxy"
    CONFIG_SERVICE = "config.service"
    CONFIG_IDENTITY = "config.identity"
    CONFIG_SCENARIO = "config.scenario"
    CONFIG_HOST = "config.confirm-host"
    CONFIG_KEY = "config.key"
    CONFIG_KEY_NAMED = "config.key-named"
    CONFIG_KEY_IN_USE = "config.key-in-use"

    VAULT_LOCKED = "vault.locked"
    VAULT_NO_BACKEND = "vault.no-backend"
    VAULT_PASSPHRASE = "vault.wrong-passphrase"
    VAULT_SHORT_PASSPHRASE = "vault.short-passphrase"
    VAULT_GONE = "vault.gone"
    VAULT_NO_RECOVERY = "vault.no-recovery"
    VAULT_CHANGED = "vault.backend-changed"

    STORE_FULL = "store.full"
    STORE_LOCKED = "store.locked"
    STORE_CORRUPT = "store.corrupt"
    STORE_NEWER = "store.newer"
    STORE_READ_ONLY = "store.read-only"
    STORE_FAILED = "store.failed"
    STORE_RESTORE = "store.restore"

    WORKSPACE_IN_USE = "workspace.in-use"
    WORKSPACE_NOT_ONE = "workspace.not-one"
    WORKSPACE_NEWER = "workspace.newer"
    WORKSPACE_NETWORK_DRIVE = "workspace.network-drive"

    NET_NO_ADDRESS = "net.no-address"
    NET_REFUSED = "net.refused"
    NET_UNREACHABLE = "net.unreachable"
    NET_CONNECT_TIMEOUT = "net.connect-timeout"
    NET_BUSY = "net.busy"
    NET_NAME_TIMEOUT = "net.name-timeout"
    NET_NO_ATTEMPT = "net.no-attempt"
    NET_TIMEOUT = "net.timeout"
    NET_SLOW_SEND = "net.slow-send"
    NET_SLOW = "net.slow"
    NET_RESET_EARLY = "net.reset-early"
    NET_RESET = "net.reset"
    NET_NO_ANSWER = "net.no-answer"
    NET_CUT = "net.cut"
    NET_CUT_HEAD = "net.cut-head"
    NET_HEAD = "net.head"
    NET_HEAD_TOO_LONG = "net.head-too-long"
    NET_HEADERS = "net.headers"
    NET_INTERIM = "net.interim"
    NET_BOMB = "net.bomb"
    NET_SECURE_PORT = "net.secure-port"
    NET_NOT_HTTP = "net.not-http"
    NET_TOO_LARGE = "net.too-large"
    NET_DECODING = "net.decoding"
    NET_STOPPED = "net.stopped"
    NET_STOPPED_EARLY = "net.stopped-early"
    NET_INTERRUPTED = "net.interrupted"
    IMPORT_NO_ANSWER = "import.no-answer"
    NET_TLS = "net.tls"
    NET_TLS_AUTHORITY = "net.tls-authority"
    NET_TLS_SELF_SIGNED = "net.tls-self-signed"
    NET_TLS_HOST = "net.tls-host"
    NET_TLS_EXPIRED = "net.tls-expired"
    NET_TLS_EARLY = "net.tls-early"
    NET_TLS_OLD = "net.tls-old"
    NET_TLS_CLIENT_MISSING = "net.tls-client-missing"
    NET_TLS_CLIENT_REFUSED = "net.tls-client-refused"
    NET_PROXY = "net.proxy"
    NET_PLAIN_PORT = "net.plain-port"
    NET_NOT_ALLOWED = "net.not-allowed"
    NET_PORT_IN_USE = "net.port-in-use"
    NET_PERMISSION = "net.permission"
    NET_ADDRESS_GONE = "net.address-gone"
    NET_NOT_DELIVERED = "net.not-delivered"
    NET_TOKEN_REFUSED = "net.token-refused"
    NET_TOKEN_ANSWER = "net.token-answer"

    WORKER_DIED = "worker.died"
    WORKER_LIMIT = "worker.limit"

    DESKTOP_LIBRARY = "desktop.library"
    DESKTOP_SCREEN = "desktop.screen"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Wording:
    """The templates of one code: what could not be done, and what to do next."""

    sentence: str
    next_step: str


@cache
def wordings() -> dict[ErrorCode, Wording]:
    """All sentences by code, from `resources/errors.toml`; a missing row is a mistake of ours and raises KeyError."""
    rows = assets.table("errors.toml")
    return {code: Wording(rows[code.value]["sentence"], rows[code.value]["next_step"]) for code in ErrorCode}


def wording(code: ErrorCode, **facts: object) -> Wording:
    """The sentence and the next step of a code with its facts filled in (every `{name}` of the row must be given)."""
    row = wordings()[code]
    return Wording(row.sentence.format(**facts), row.next_step.format(**facts))


class WorkbenchError(Exception):
    """An operation that could not go on, told in words a person can act on.

    `details` are copyable and already free of secrets and patient data.
    """

    def __init__(self, code: ErrorCode, *, details: str = "", **facts: object) -> None:
        words = wording(code, **facts)
        self.code = code
        self.sentence = words.sentence
        self.next_step = words.next_step
        self.cause = str(facts.get("cause", ""))
        self.details = details
        super().__init__(f"{self.sentence} {self.next_step} [{code}]")

    def __reduce__(self) -> tuple[Callable[..., WorkbenchError], tuple[object, ...]]:
        """How it comes back whole from a worker process: by its words, not by its constructor."""
        return _restored, (type(self), str(self), dict(self.__dict__))


def _restored(kind: type[WorkbenchError], text: str, state: dict[str, object]) -> WorkbenchError:
    error = kind.__new__(kind, text)
    error.__dict__.update(state)
    return error


class InputError(WorkbenchError):
    """A file, text, header, URL, key, certificate, archive or CSV cannot be used."""

    def __init__(self, code: ErrorCode, *, place: Place | None = None, details: str = "", **facts: object) -> None:
        super().__init__(code, details=details, **facts)
        self.place = place


class ConfigError(WorkbenchError):
    """A flag, variable, setting, environment or identity cannot be used."""


class VaultError(WorkbenchError):
    """The vault is locked, has no backend, got a wrong passphrase, or an item is gone."""


class StoreError(WorkbenchError):
    """The history cannot be written or read: full, locked, corrupt, newer or read-only."""


class WorkspaceError(WorkbenchError):
    """A workspace is in use, is not a workspace, is newer than this program, or lies on a network drive."""


class NetworkError(WorkbenchError):
    """A listener or a token could not be had: port in use, no permission, address gone, token refused."""


class WorkerDied(WorkbenchError):  # noqa: N818 - the name says what happened, as the design fixes it
    """A worker process was killed or went over its limit; the input is kept."""
