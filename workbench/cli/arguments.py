"""The words of the command line: commands, options and their help; no behaviour."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

import workbench
from workbench.errors import ConfigError, ErrorCode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import NoReturn

COMMANDS = (
    *("validate", "rules", "mutate", "send", "run", "sandbox", "receive", "keys", "packages", "history"),
    "screenshots",
)
FORMATS = ("text", "json", "junit")
EXPORTS = ("ticket", "har", "csv", "jsonl", "svg", "mermaid", "plantuml")
"""The words of `session.exporting.ExportForm`, which a command line that only parses does not wait for."""


class Arguments(argparse.Namespace):
    """Parsed arguments; `run` is the function of the command."""

    run: Callable[[Arguments], int]


class _Parser(argparse.ArgumentParser):
    """Reports wrong usage as a ConfigError, so that every refusal looks the same."""

    def error(self, message: str) -> NoReturn:
        raise ConfigError(ErrorCode.CONFIG_FLAG, what=f"'{self.prog}'", cause=message)


@dataclass(frozen=True, slots=True)
class _Command:
    name: str
    help: str
    run: Callable[[Arguments], int]
    options: Callable[[argparse.ArgumentParser], None]


def _later(module: str, function: str) -> Callable[[Arguments], int]:
    """A command whose module is imported when it runs: no command waits for what only another one needs."""

    def run(arguments: Arguments) -> int:
        code: int = getattr(import_module(f"workbench.cli.{module}"), function)(arguments)
        return code

    return run


def parse(argv: Sequence[str]) -> Arguments:
    """Arguments of one command line; ConfigError for wrong usage, SystemExit(0) after --help and --version."""
    words = _command_first(argv)
    if not any(word in COMMANDS for word in words[:1]):
        return _window_parser().parse_args(words, namespace=Arguments())
    return _command_parser().parse_args(words, namespace=Arguments())


def _command_first(argv: Sequence[str]) -> list[str]:
    """The words with the command in front where options that go with every command stand before it."""
    words, place = list(argv), 0
    while place < len(words) and words[place].startswith("--"):
        place += 2 if words[place] in ("--workspace", "--passphrase-file") else 1
    if place < len(words) and words[place] in COMMANDS:
        words.insert(0, words.pop(place))
    return words


def _shared(parser: argparse.ArgumentParser, *, within: bool = False) -> None:
    """The options of every command; `within` a command what was said before it stays."""
    absent, off = (argparse.SUPPRESS, argparse.SUPPRESS) if within else (None, False)
    parser.add_argument("--workspace", metavar="DIR", default=absent, help="the workspace folder to use")
    parser.add_argument(
        "--passphrase-file", metavar="FILE", default=absent, help="a file whose first line opens the key vault"
    )
    parser.add_argument("--verbose", action="store_true", default=off, help="repeat the log on stderr")
    parser.add_argument("--version", action="version", version=f"bars-workbench {workbench.__version__}")


def _window_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="bars-workbench",
        description="Open the window, or run one of the commands: " + ", ".join(COMMANDS) + ".",
        epilog="bars-workbench COMMAND --help tells what a command takes.",
    )
    parser.add_argument("files", nargs="*", metavar="FILE", help="messages to open (JSON or XML)")
    _shared(parser)
    parser.set_defaults(run=_later("window", "open_window"))
    return parser


def _command_parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="bars-workbench")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=_Parser)
    for row in (
        _Command("validate", "judge message files", _later("validating", "validate"), _validate_options),
        _Command(
            "rules", "list the rules, or show the help of some", _later("rule_pages", "show_rules"), _rules_options
        ),
        _Command(
            "mutate", "break a message on purpose, by a named fault", _later("mutating", "mutate"), _mutate_options
        ),
        _Command("send", "send one message file to a service", _later("sending", "send"), _send_options),
        _Command("run", "run a scenario, or all of them", _later("running", "run"), _run_options),
        _Command("sandbox", "serve the embedded sandbox", _later("serving", "sandbox"), _sandbox_options),
        _Command("receive", "serve a receiver", _later("serving", "receive"), _receive_options),
        _Command("keys", "make, list, publish and move signing keys", _later("keys", "keys"), _key_options),
        _Command("packages", "add, list or remove FHIR packages", _later("packages", "packages"), _package_options),
        _Command("history", "read and write out what was exchanged", _later("history", "history"), _history_options),
        _Command("screenshots", "save pictures of every panel", _later("pictures", "screenshots"), _screenshot_options),
    ):
        command = commands.add_parser(row.name, help=row.help, description=row.help[:1].upper() + row.help[1:] + ".")
        row.options(command)
        _shared(command)
        command.set_defaults(run=row.run)
    return parser


def _validate_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", metavar="PATH", help="files, or folders with .json and .xml files")
    parser.add_argument("--headers", metavar="FILE", help="a file of 'Name: value' lines to judge with the message")
    parser.add_argument("--definition", metavar="FILE", help="the receiver's MessageDefinition, or a Bundle of them")
    parser.add_argument(
        "--package",
        action="append",
        default=[],
        metavar="TGZ",
        help="judge with the profiles of a FHIR package (.tgz, folder or NAME#VERSION); again for more",
    )
    parser.add_argument("--layers", metavar="A,B", help="judge by these layers only, for example bars,codes")
    parser.add_argument("--no-layer", action="append", default=[], metavar="A", help="leave out a layer: harness")
    parser.add_argument("--service", default="", metavar="ID", help="leave out what is silenced for this service")
    parser.add_argument("--format", choices=FORMATS, default="text")


def _rules_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("rules", nargs="*", metavar="RULE", help="rules to show whole, for example REF-001")
    parser.add_argument("--format", choices=FORMATS[:2], default="text")


def _mutate_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="the message to break, JSON or XML")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--list", action="store_true", help="show the faults that fit, what is answered and who finds it")
    what.add_argument("--apply", metavar="NAME", help="write the message with this fault to stdout")


def _send_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="the message to send, JSON or XML")
    parser.add_argument("--service", required=True, metavar="ID", help="id or target identifier value of the service")
    parser.add_argument("--environment", default="embedded", metavar="NAME")
    parser.add_argument("--identity", metavar="NAME", help="who sends; default: the identity of the workspace")
    parser.add_argument("--confirm-host", default="", metavar="HOST", help="needed for production")
    parser.add_argument("--format", choices=FORMATS[:2], default="text")


def _run_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("scenario", metavar="SCENARIO", help="id of a scenario, or all")
    parser.add_argument("--environment", default="embedded", metavar="NAME")
    parser.add_argument("--report", metavar="DIR", help="a folder for report.html and report.xml (JUnit)")
    parser.add_argument("--format", choices=FORMATS, default="text")


def _listener_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", metavar="H", help="address to listen on; 0.0.0.0 means all")
    parser.add_argument("--port", type=_port, default=0, metavar="N", help="0 takes any free port")
    parser.add_argument("--state", metavar="FILE", help="read the state at start from FILE, keep it there at the end")
    parser.add_argument("--tls", nargs=2, metavar=("CERT", "KEY"), help="serve HTTPS with this certificate (PEM)")
    parser.add_argument("--tls-passphrase-file", metavar="FILE", help="a file whose first line opens the key of --tls")


def _sandbox_options(parser: argparse.ArgumentParser) -> None:
    _listener_options(parser)
    parser.add_argument(
        "--client",
        action="append",
        default=[],
        metavar="ID=JWKS",
        help="register a client id with the file of its public key set; again for more",
    )
    parser.add_argument("--no-token", action="store_true", help="ask for no token, as the official Sandbox")
    parser.add_argument(
        "--route",
        action="append",
        default=[],
        metavar="SERVICE=URL",
        help="where replies to a service id go: the base URL of a receiver",
    )
    parser.add_argument(
        "--reply-after", type=_seconds, metavar="S", help="seconds before each asynchronous reply; by default 4 to 6"
    )
    parser.add_argument(
        "--wait", type=_wait, default=32.0, metavar="S", help="seconds a receiver of --route may take; by default 32"
    )
    parser.add_argument(
        "--calls-per-minute", type=_calls, default=0, metavar="N", help="quota of each client, then 429; 0 is none"
    )
    parser.add_argument(
        "--calls-per-second", type=_calls, default=0, metavar="N", help="limit of all clients, then 429; 0 is none"
    )


def _receive_options(parser: argparse.ArgumentParser) -> None:
    _listener_options(parser)
    parser.add_argument("--client-ca", metavar="FILE", help="ask callers for a certificate of this authority (PEM)")


def _key_options(parser: argparse.ArgumentParser) -> None:
    names = "create|list|jwks|import|export|published|sign|retire|passphrase"
    actions = parser.add_subparsers(dest="action", required=True, metavar=names, parser_class=_Parser)

    def action(name: str, help: str) -> argparse.ArgumentParser:
        made = actions.add_parser(name, help=help, description=f"{help[:1].upper()}{help[1:]}.")
        _shared(made, within=True)
        return made

    action("create", "make an RSA-4096 key").add_argument("environment", metavar="ENVIRONMENT")
    action("list", "show every key").add_argument("--format", choices=FORMATS[:2], default="text")
    jwks = action("jwks", "print the public key set that a key stands in, or all")
    jwks.add_argument("kid", nargs="?", default="", metavar="KID")
    jwks.add_argument("--output", metavar="FILE", help="write it to FILE")
    brought = action("import", "keep a private key of a file (PEM, PKCS#12 or JWK)")
    brought.add_argument("file", metavar="FILE")
    brought.add_argument("--environment", required=True, metavar="NAME")
    brought.add_argument("--kid", default="", metavar="KID", help="its name; default: as the file says")
    brought.add_argument("--thumbprint", default="", metavar="T", help="which of several keys of the file")
    brought.add_argument("--not-published", action="store_true", help="the platform does not know it yet")
    out = action("export", "write a private key, encrypted by a passphrase of 15 characters or more")
    out.add_argument("kid", metavar="KID")
    out.add_argument("file", metavar="FILE")
    for one in (brought, out):
        one.add_argument(
            "--key-passphrase-file", required=one is out, metavar="FILE", help="its first line opens the key file"
        )
    for name, help in (
        ("published", "note that the public key set with a key was published"),
        ("sign", "have a key sign for its environment from now on"),
        ("retire", "have a key sign no more, and leave it out of the key set"),
    ):
        action(name, help).add_argument("kid", metavar="KID")
    other = action("passphrase", "have another passphrase open the keys, or one for recovery beside the system keyring")
    other.add_argument("file", metavar="FILE", help="its first line is the new passphrase, 15 characters or more")


def _package_options(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="add|list|remove", parser_class=_Parser)
    add = actions.add_parser("add", help="keep packages for later", description="Keep packages for later.")
    add.add_argument(
        "packages",
        nargs="+",
        metavar="PACKAGE",
        help="a .tgz, an unpacked folder, or NAME#VERSION of the cache that FHIR tools share",
    )
    listed = actions.add_parser("list", help="show what was added", description="Show what was added.")
    listed.add_argument("--format", choices=FORMATS[:2], default="text")
    remove = actions.add_parser("remove", help="forget a package", description="Forget a package.")
    remove.add_argument("package", metavar="NAME#VERSION")
    for action in (add, listed, remove):
        _shared(action, within=True)


def _care_options(action: Callable[[str, str], argparse.ArgumentParser]) -> None:
    found = action("search", "find conversations by words, ids or fields")
    found.add_argument("words", nargs="+", metavar="WORD", help="as in the search box: smith status:422 rule:PAT-001")
    found.add_argument("--limit", type=_count, default=50, metavar="N", help="how many at most; default 50")
    found.add_argument("--unmasked", action="store_true", help="leave people as they are")
    found.add_argument("--format", choices=FORMATS[:2], default="text")
    purge = action("purge", "delete conversations for good, with every trace of them")
    which = purge.add_mutually_exclusive_group(required=True)
    which.add_argument("--before", metavar="DAY", help="those without a message since this day, as 2026-11-24")
    which.add_argument("--days", type=_count, metavar="N", help="those without a message in the last N days")
    which.add_argument("--all", action="store_true", help="all; locked ones stay")
    purge.add_argument("--yes", action="store_true", help="do it; without it they are only counted")
    action("backup", "write the workspace to one file").add_argument("file", metavar="FILE")
    back = action("restore", "make a workspace of a backup")
    back.add_argument("file", metavar="FILE")
    back.add_argument("folder", metavar="DIR", help="where it is made: empty, or not there yet")


def _history_options(parser: argparse.ArgumentParser) -> None:
    names = "list|show|search|export|purge|backup|restore"
    actions = parser.add_subparsers(dest="action", required=True, metavar=names, parser_class=_Parser)

    def action(name: str, help: str) -> argparse.ArgumentParser:
        made = actions.add_parser(name, help=help, description=f"{help[:1].upper()}{help[1:]}.")
        _shared(made, within=True)
        return made

    _care_options(action)
    listed = action("list", "show the conversations, newest activity first")
    listed.add_argument("--limit", type=_count, default=50, metavar="N", help="how many at most; default 50")
    shown = action("show", "show one conversation with its messages and findings")
    out = action("export", "write a conversation to a file")
    for one in (shown, out):
        one.add_argument("conversation", metavar="ID", help="as list shows it; its first letters do while clear")
    out.add_argument("file", metavar="FILE")
    out.add_argument("--as", dest="form", choices=EXPORTS, default="", help="default: by the ending of FILE")
    for one in (shown, out):
        one.add_argument("--unmasked", action="store_true", help="leave people as they are")
    for one in (listed, shown):
        one.add_argument("--format", choices=FORMATS[:2], default="text")


def _screenshot_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="DIR", help="where the pictures go")
    parser.add_argument("--size", action="append", type=_size, metavar="WxH", help="window size; default 1440x900")
    parser.add_argument("--text", action="append", type=_percent, metavar="PERCENT", help="text size; default 100")


def _count(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 100_000:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number from 1 to 100000")
    return int(text)


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 3600:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 3600")
    return value


def _wait(text: str) -> float:
    value = _seconds(text)
    if value <= 0:
        raise argparse.ArgumentTypeError(f"{text} leaves a receiver no time")
    return value


def _calls(text: str) -> int:
    if not text.isdecimal() or int(text) > 100_000:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of calls: use 0 to 100000")
    return int(text)


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"'{text}' is not a port: use 0 to 65535")
    return int(text)


def _size(text: str) -> tuple[int, int]:
    width, cross, height = text.lower().partition("x")
    if not (cross and width.isdigit() and height.isdigit() and int(width) >= 640 and int(height) >= 480):
        raise argparse.ArgumentTypeError(f"'{text}' is not a size: write it like 1440x900")
    return int(width), int(height)


def _percent(text: str) -> int:
    if not text.isdigit() or not 75 <= int(text) <= 300:
        raise argparse.ArgumentTypeError(f"'{text}' is not a text size: use 75 to 300")
    return int(text)
