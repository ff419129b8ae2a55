"""`bars-workbench rules`: every rule in a line, or the help of those that are named; needs no workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.cli import output
from workbench.errors import ConfigError, ErrorCode
from workbench.evidence import rule_pages
from workbench.rules.help import all_help, help_of

if TYPE_CHECKING:
    from workbench.cli.arguments import Arguments


def show_rules(arguments: Arguments) -> int:
    """0 once they are printed; ConfigError for a rule that does not exist."""
    pages = []
    for id in arguments.rules:
        page = help_of(id.upper())
        if page is None:
            raise ConfigError(ErrorCode.CONFIG_FLAG, what=f"'{id}'", cause="there is no such rule")
        pages.append(page)
    if arguments.format == "json":
        output.document(rule_pages.as_json(pages or all_help()))
    else:
        output.emit(rule_pages.as_text(pages or all_help(), whole=bool(pages)))
    return 0
