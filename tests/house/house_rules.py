"""The house rules that no tool checks, each a function from the source of a module to complaints about it.

`test_house_rules` shows that each can complain, and that the project gives no reason to."""

import ast
import re
from collections.abc import Iterator

LONGEST_MODULE = 350
LONGEST_FUNCTION = 40
MOST_PARAMETERS = 5
TINY_MODULE = 50
LONGEST_OPENING = 6
FORBIDDEN_PARTS = ("manager", "helper", "util", "handler", "processor")
FORBIDDEN_WORDS = {"data", "info"}
MUTABLE = {"list", "dict", "set", "bytearray", "List", "Dict", "Set"}
VALUE = ("frozen=True", "slots=True", "kw_only=True")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def opening(source: str) -> Iterator[str]:
    """A module opens by telling the reader where they are, in at most 6 lines. An empty one marks a package."""
    docstring = ast.get_docstring(ast.parse(source))
    if docstring is None and source.strip():
        yield "line 1: the module has no docstring"
    elif docstring and (length := len(docstring.splitlines())) > LONGEST_OPENING:
        yield f"line 1: the module's docstring has {length} lines, more than {LONGEST_OPENING}"


def opening_that_explains(source: str) -> Iterator[str]:
    """One line is enough of an opening for a tiny module only."""
    length = len(source.splitlines())
    if length > TINY_MODULE and "\n" not in (ast.get_docstring(ast.parse(source)) or ""):
        yield f"line 1: one line of docstring is too little for a module of {length} lines"


def size_of_module(source: str) -> Iterator[str]:
    """A module fits in the head."""
    length = len(source.splitlines())
    if length > LONGEST_MODULE:
        yield f"line {length}: the module is longer than {LONGEST_MODULE} lines"


def size_of_functions(source: str) -> Iterator[str]:
    """The body of a function fits on a screen; its docstring does not count, for it saves reading the rest."""
    for function in functions(source):
        body = function.body[1:] if ast.get_docstring(function) else function.body
        length = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
        if length > LONGEST_FUNCTION:
            yield f"line {function.lineno}: {function.name} has {length} lines, more than {LONGEST_FUNCTION}"


def parameters(source: str) -> Iterator[str]:
    """A function takes few parameters. `self`, `cls` and `now` do not count, nor do options of the command line."""
    for function in functions(source):
        given = function.args
        counted = [argument for argument in (*given.posonlyargs, *given.args, *given.kwonlyargs) if counts(argument)]
        if len(counted) > MOST_PARAMETERS:
            yield f"line {function.lineno}: {function.name} has {len(counted)} parameters, more than {MOST_PARAMETERS}"


def frozen_values(source: str) -> Iterator[str]:
    """A dataclass is a value: frozen, with slots, built by keyword, and it holds nothing that changes in place."""
    for value in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ClassDef)):
        written = next((line for line in map(ast.unparse, value.decorator_list) if line.startswith("dataclass")), None)
        if written is None:
            continue
        if missing := [option for option in VALUE if option not in written]:
            yield f"line {value.lineno}: the dataclass {value.name} lacks {', '.join(missing)}"
        for field in (node for node in value.body if isinstance(node, ast.AnnAssign)):
            if MUTABLE & {node.id for node in ast.walk(field.annotation) if isinstance(node, ast.Name)}:
                yield f"line {field.lineno}: {value.name}.{ast.unparse(field.target)} can be changed in place"


def names_of_classes(source: str) -> Iterator[str]:
    """A class is named for what it is; a Manager or Helper could be anything."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef) and says_nothing(node.name):
            yield f"line {node.lineno}: the name of class {node.name} says nothing"


def tests_that_cannot_fail(source: str) -> Iterator[str]:
    """A test asserts, expects an exception, or calls a check_ or expect_ function that does."""
    for function in functions(source):
        if function.name.startswith("test_") and not any(can_fail(node) for node in ast.walk(function)):
            yield f"line {function.lineno}: {function.name} cannot fail"


def says_nothing(name: str) -> bool:
    """Whether a class's or module's name is made of a word that fits everything."""
    words = {word.lower() for word in re.findall(r"[A-Z]+[a-z]*|[a-z]+", name)}
    return any(part in name.lower() for part in FORBIDDEN_PARTS) or bool(words & FORBIDDEN_WORDS)


def functions(source: str) -> Iterator[Function]:
    """Every function and method of a module, nested ones too."""
    return (node for node in ast.walk(ast.parse(source)) if isinstance(node, Function))


def counts(argument: ast.arg) -> bool:
    """Whether a parameter is one that a reader must keep in mind at every call."""
    is_option = argument.annotation is not None and "typer." in ast.unparse(argument.annotation)
    return argument.arg not in {"self", "cls", "now"} and not is_option


def can_fail(node: ast.AST) -> bool:
    """Whether this part of a test makes it fail when something is wrong."""
    if isinstance(node, ast.Call):
        called = ast.unparse(node.func).rpartition(".")[2]
        return called in {"raises", "fail", "expect"} or called.startswith(("check_", "expect_"))
    return isinstance(node, ast.Assert)
