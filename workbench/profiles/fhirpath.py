"""Runs the FHIRPath of invariants: expressions are parsed once, and what the library lacks is supplied here.

The one module that knows the library (fhirpathpy, imported when the first invariant runs); must not know profiles.
"""

from __future__ import annotations

import importlib
from functools import cache
from typing import TYPE_CHECKING, Any

from workbench.messages import Number
from workbench.profiles import fhirpath_limits as limits
from workbench.profiles.fhirpath_limits import UnrunnableError
from workbench.profiles.profile_context import base_type

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.messages import JsonObject, JsonValue
    from workbench.profiles.profile_context import Context
    from workbench.profiles.profile_values import Item, Located


def holds(expression: str, item: Item, holder: Located, context: Context) -> bool:
    """Whether a constraint holds for a value inside a resource; an expression that gives nothing does not hold.

    UnrunnableError for one that the library cannot parse or run, OverrunError for one that takes too long.
    """
    functions = _Functions(holder, context)
    names: dict[str, Any] = {}
    if "%resource" in expression or "%rootResource" in expression:
        names["resource"] = names["rootResource"] = functions.given(holder)
    try:
        with limits.bounded():
            found = _library().run(expression, _plain(item.value), item.type, names, functions.table)
    except UnrunnableError:
        raise
    except Exception as error:
        # The library raises whatever it stumbles over; the caller names the invariant as not checked.
        raise UnrunnableError(str(error) or type(error).__name__) from error
    values = [one for one in found if one is not None]
    if len(values) == 1 and isinstance(values[0], bool):
        return values[0]
    return bool(values)


class _Functions:
    """The functions of FHIR that the library lacks, or runs without bounds, for one resource."""

    def __init__(self, holder: Located, context: Context) -> None:
        self._holder = holder
        self._context = context
        self._given: dict[int, tuple[Any, Located]] = {}
        self.table = {
            "hasValue": {"fn": self.has_value, "arity": {0: []}},
            "resolve": {"fn": self.resolve, "arity": {0: []}},
            "memberOf": {"fn": self.member_of, "arity": {1: ["String"]}},
            "conformsTo": {"fn": self.conforms_to, "arity": {1: ["String"]}},
            "matches": {"fn": limits.matches, "arity": {1: ["String"]}},
            "replaceMatches": {"fn": limits.replace_matches, "arity": {2: ["String", "String"]}},
        }

    def given(self, found: Located) -> Any:
        """A resource as the library reads it; where it came from is kept."""
        plain = _plain(found.resource)
        self._given[id(plain)] = (plain, found)
        return plain

    def has_value(self, inputs: list[Any]) -> bool:
        """Whether there is exactly one value and it is a primitive."""
        return len(inputs) == 1 and inputs[0] is not None and not isinstance(inputs[0], dict | list)

    def resolve(self, inputs: list[Any]) -> list[Any]:
        """The resources that references lead to; those outside the message are left out."""
        found: list[Any] = []
        for one in inputs:
            text = one.get("reference") if isinstance(one, dict) else one
            target = self._context.target(text, self._holder) if isinstance(text, str) else None
            if target is not None:
                found.append(self.given(target))
        return found

    def member_of(self, inputs: list[Any], value_set: str) -> list[bool]:
        """Whether a code is in a value set; UnrunnableError when that cannot be told."""
        if len(inputs) != 1:
            return []
        told = [self._context.contains(value_set, system, code) for system, code in _codes(inputs[0])]
        if True not in told and None in told:
            raise UnrunnableError(f"the codes of {value_set} cannot be told")
        return [True in told]

    def conforms_to(self, inputs: list[Any], canonical: str) -> list[bool]:
        """Whether a resource meets a profile; UnrunnableError for a profile nobody has, or an unknown value."""
        if len(inputs) != 1:
            return []
        one = inputs[0]
        if kind := base_type(canonical):
            return [isinstance(one, dict) and one.get("resourceType") == kind]
        known = self._given.get(id(one))
        profile = self._context.profile(canonical)
        if known is None or profile is None:
            raise UnrunnableError(f"{canonical} cannot be checked here")
        return [not self._context.errors(known[1], profile)]


class _Strict:
    """Listens to the parser: the first syntax error is the end, where the library would guess what was meant."""

    def syntaxError(self, *about: Any) -> None:  # noqa: N802 - the parser's own name
        """Refuse the expression; `about` ends with the message and the cause."""
        raise UnrunnableError(str(about[-2]))

    def __getattr__(self, name: str) -> Callable[..., None]:
        return _silent  # reports on how hard the parser had to look


def _parser() -> Callable[[str], Any]:
    """Parses a whole expression to the tree that the library runs; raises for anything else."""
    antlr = importlib.import_module("antlr4")
    generated = "fhirpathpy.parser.generated.FHIRPath"
    lexers, parsers = importlib.import_module(f"{generated}Lexer"), importlib.import_module(f"{generated}Parser")
    trees = importlib.import_module("fhirpathpy.parser.ASTPathListener")

    def parse(expression: str) -> Any:
        lexer = lexers.FHIRPathLexer(antlr.InputStream(expression))
        parser = parsers.FHIRPathParser(antlr.CommonTokenStream(lexer))
        for part in (lexer, parser):
            part.removeErrorListeners()
            part.addErrorListener(_Strict())
        read = parser.expression()
        if parser.getCurrentToken().type != antlr.Token.EOF:
            raise UnrunnableError(f"nothing is known of '{parser.getCurrentToken().text}' in it")
        listener = trees.ASTPathListener()
        antlr.ParseTreeWalker.DEFAULT.walk(listener, read)
        return listener.parentStack[0]

    return parse


class _Library:
    """fhirpathpy, with the expressions it has parsed."""

    def __init__(self) -> None:
        library = importlib.import_module("fhirpathpy")
        self._parse = _parser()
        self._run: Callable[..., list[Any]] = library.apply_parsed_path
        self._node: Any = importlib.import_module("fhirpathpy.engine.nodes").ResourceNode
        self._model = importlib.import_module("fhirpathpy.models").models["r4"]
        self._parsed: dict[str, Any] = {}

    def run(
        self, expression: str, value: Any, kind: str, names: dict[str, Any], functions: dict[str, Any]
    ) -> list[Any]:
        """The values an expression gives for a value of a type; raises whatever the library raises."""
        tree = self._parsed.get(expression)
        if tree is None:
            if len(expression) > limits.MOST_CHARACTERS:
                raise UnrunnableError(f"it has more than {limits.MOST_CHARACTERS:,} characters")
            tree = self._parsed[expression] = limits.steps(self._parse(expression))
        node = value if isinstance(value, dict) and "resourceType" in value else self._node.create_node(value, kind)
        return self._run(node, tree, names, self._model, {"userInvocationTable": functions, "traceFn": _silent})


def _silent(*_: object) -> None:
    """Takes what `trace()` would print."""


@cache
def _library() -> _Library:
    return _Library()


def _plain(value: JsonValue) -> Any:
    """The value with numbers as the library reads them; a copy, because the library writes into what it is given."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, Number):
        exact = value.decimal
        return int(value.text) if value.text.lstrip("-").isdigit() else exact
    return value


def _codes(value: JsonObject | str) -> list[tuple[str | None, str]]:
    """System and code of a code, a Coding or a CodeableConcept."""
    if isinstance(value, str):
        return [(None, value)]
    codings = value.get("coding") if "coding" in value else [value]
    found: list[tuple[str | None, str]] = []
    for one in codings if isinstance(codings, list) else []:
        if isinstance(one, dict) and isinstance(code := one.get("code"), str):
            system = one.get("system")
            found.append((system if isinstance(system, str) else None, code))
    return found
