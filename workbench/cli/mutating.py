"""`bars-workbench mutate`: the named faults that fit a message, or the message with one of them; needs no workspace."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.cli import output
from workbench.compose.mutations import broken, fits, fitting, mutations
from workbench.errors import ConfigError, ErrorCode
from workbench.messages import parse
from workbench.messages.encoding import decode, editable
from workbench.session.files import read_bounded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbench.cli.arguments import Arguments
    from workbench.compose.mutations import Mutation
    from workbench.messages import Message


def mutate(arguments: Arguments) -> int:
    """0 once it is printed. InputError for a file that is no message, ConfigError for a fault that cannot be made."""
    source = read_bounded(Path(arguments.file))
    message = parse(source, what=arguments.file)
    if decode(source, what=arguments.file).encoding != "utf-8":
        message = parse(editable(source, what=arguments.file).encode(), what=arguments.file)
    if arguments.list:
        output.emit("\n".join(_lines(fitting(message))) + "\n")
    else:
        output.verbatim(broken(_chosen(arguments.apply, message), message))
    return 0


def _lines(found: Sequence[Mutation]) -> Iterator[str]:
    """A heading for every group, and two lines for every fault."""
    width = max((len(one.id) for one in found), default=0)
    for group, members in groupby(found, key=lambda one: one.group):
        yield f"{group}:"
        for one in members:
            yield f"  {one.id:{width}}  {one.does}"
            where = " Change the headers of the call for it." if one.in_headers else ""
            yield f"  {'':{width}}  {one.expected}; rule {one.rule}.{where}"


def _chosen(name: str, message: Message) -> Mutation:
    mutation = mutations().get(name)
    if mutation is None:
        raise ConfigError(ErrorCode.CONFIG_FLAG, what=f"'{name}'", cause="there is no such fault; --list shows them")
    if mutation.in_headers:
        cause = (
            f"it changes headers of the call ({mutation.change.touches}), not the message, so there is nothing to "
            "write. Break it in Compose, or change the header where you send"
        )
        raise ConfigError(ErrorCode.CONFIG_FLAG, what=f"'{name}'", cause=cause)
    if not fits(mutation, message):
        cause = f"it does not fit this message: it is for {mutation.drafts.words} with {mutation.change.touches}"
        raise ConfigError(ErrorCode.CONFIG_FLAG, what=f"'{name}'", cause=cause)
    return mutation
