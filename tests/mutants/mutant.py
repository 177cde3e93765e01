"""One mutant: where it stands, what it changes; and all mutants of a file."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import CodeType

from app.settings import ROOT
from tests.mutants.operators import changes

TALLY = ROOT / "app" / "core" / "tally"
SENTENCES = {"say": (0,), "say_count": (0, 1), "cast": (0,)}
"""Which arguments of a call are left alone."""
FILES = tuple(sorted(path.name for path in TALLY.glob("*.py")))


@dataclass(frozen=True)
class Mutant:
    """The change number `number` of a file. `owner` is the outermost function around it ("" outside all functions), with its first line;
    `again` tells changes of one line apart that read the same.
    """

    file: str
    number: int
    line: int
    last_line: int
    owner: str
    owner_line: int
    before: str
    after: str
    again: int = 0

    @property
    def name(self) -> str:
        """What tells it from every other mutant of the same text of the file."""
        return f"{self.file}:{self.line} {self.change}" + f" ({self.again})" * bool(self.again)

    @property
    def change(self) -> str:
        """The text before and after; a long one is shown by its start and its end."""
        return f"{_short(self.before)} → {_short(self.after)}"


@dataclass(frozen=True)
class _Place:
    """A node that may be replaced: the field of its parent that holds it."""

    node: ast.AST
    parent: ast.AST
    field: str
    index: int | None
    owner: str
    owner_line: int

    def put(self, other: ast.AST) -> None:
        if self.index is None:
            setattr(self.parent, self.field, other)
        else:
            getattr(self.parent, self.field)[self.index] = other


def module(file: str) -> str:
    """The name under which this file is imported."""
    return f"app.core.tally.{file.removesuffix('.py')}".removesuffix(".__init__")


def mutants_of(file: str) -> list[Mutant]:
    """All mutants of this file of the tally, in the order of its text."""
    found, seen = [], Counter[tuple[int, str]]()
    for number, (place, other) in enumerate(_all(_tree(file))):
        line = getattr(place.node, "lineno", getattr(place.parent, "lineno", 0))
        last = line if isinstance(place.node, ast.If | ast.While) else getattr(place.node, "end_lineno", line)
        one = Mutant(file, number, line, last, place.owner, place.owner_line, *_texts(place, other))
        found.append(replace(one, again=seen[line, one.change]))
        seen[line, one.change] += 1
    return found


def mutated(mutant: Mutant) -> CodeType:
    """The compiled module with this one change."""
    tree = _tree(mutant.file)
    place, other = next(pair for number, pair in enumerate(_all(tree)) if number == mutant.number)
    place.put(ast.copy_location(other, place.node) if isinstance(place.node, ast.expr | ast.stmt) else other)
    return compile(ast.fix_missing_locations(tree), str(TALLY / mutant.file), "exec", dont_inherit=True)


def _tree(file: str) -> ast.Module:
    return ast.parse(Path(TALLY / file).read_text())


def _all(tree: ast.Module) -> Iterator[tuple[_Place, ast.AST]]:
    for place in _places(tree, "", 0, ""):
        for other in changes(place.node):
            yield place, other


def _places(parent: ast.AST, owner: str, owner_line: int, prefix: str) -> Iterator[_Place]:
    """Every node below `parent` that runs, with the outermost function around it."""
    for field, value in ast.iter_fields(parent):
        for index, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(node, ast.AST) or _is_left_alone(node, parent, field, index):
                continue
            at = (owner, owner_line)
            if isinstance(node, ast.FunctionDef) and not owner:
                first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
                yield from _of_function(node, prefix, first)
                continue
            if not (field == "annotation" or _in_annotation(node)):
                yield _Place(node, parent, field, index, *at)
            yield from _places(node, *at, f"{prefix}{node.name}." if isinstance(node, ast.ClassDef) else prefix)


def _of_function(node: ast.FunctionDef, prefix: str, first: int) -> Iterator[_Place]:
    """The defaults belong to what stands around the function, the body to the function itself."""
    yield from _places(node.args, "", 0, prefix)
    for index, statement in enumerate(node.body):
        if not _is_left_alone(statement, node, "body", index):
            yield _Place(statement, node, "body", index, f"{prefix}{node.name}", first)
            yield from _places(statement, f"{prefix}{node.name}", first, prefix)


def _is_left_alone(node: ast.AST, parent: ast.AST, field: str, index: int | None) -> bool:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
        return True
    if isinstance(node, ast.keyword) and node.arg == "strict" and isinstance(parent, ast.Call) and ast.unparse(parent.func) == "zip":
        return True
    if field in ("returns", "decorator_list", "ctx", "type_params", "bases") or isinstance(node, ast.Import | ast.ImportFrom):
        return True
    if field == "annotation":
        return not (isinstance(parent, ast.AnnAssign) and any(isinstance(inner, ast.Call) for inner in ast.walk(node)))
    if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name):
        return field == "args" and index in SENTENCES.get(parent.func.id, ())
    return False


def _in_annotation(node: ast.AST) -> bool:
    """A union of types is no sum."""
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr) and _is_type(node.right) and _is_type(node.left)


def _is_type(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=None):
            return True
        case ast.Name(id=name) | ast.Subscript(value=ast.Name(id=name)):
            return name[:1].isupper() or name in ("int", "str", "tuple", "bool", "frozenset", "dict", "list", "set")
        case ast.BinOp(op=ast.BitOr()):
            return _is_type(node.left) and _is_type(node.right)
    return False


def _texts(place: _Place, other: ast.AST) -> tuple[str, str]:
    """The text before and after: of the node, or for a mere constant of the expression that it stands in."""
    if not (isinstance(place.node, ast.Constant) and isinstance(place.parent, ast.expr | ast.keyword | ast.stmt)):
        return _text(place.node), _text(other)
    before = _text(place.parent)
    place.put(other)
    after = _text(place.parent)
    place.put(place.node)
    return before, after


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.comprehension):
        return f"for … in {ast.unparse(node.iter)}" + "".join(f" if {ast.unparse(test)}" for test in node.ifs)
    if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.For | ast.Match | ast.With | ast.Try):
        return type(node).__name__.lower()
    if isinstance(node, ast.If | ast.While):
        return f"if {ast.unparse(node.test)}"
    return " ".join(ast.unparse(node).split())


def _short(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:80]} … {text[-35:]}"
