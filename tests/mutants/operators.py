"""The small changes: for one node of a syntax tree, the nodes that may stand in its place.

Left alone: docstrings, what only a type checker reads, decorators, the `strict` of `zip` (a guard against what
cannot happen), and the sentences given to `say` (tests/promises/test_words.py
fails when one of them changes without its translation).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from copy import deepcopy

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,), ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
}  # fmt: skip
"""The boundary moved by one, and the opposite."""
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Div: ast.Mult, ast.Mod: ast.Add,
    ast.Pow: ast.Mult, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.LShift: ast.RShift, ast.RShift: ast.LShift,
}  # fmt: skip
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any", "sorted": "list", "minimum": "maximum", "maximum": "minimum"}
"""What a call may call instead; `list` loses the keywords of `sorted`."""


def changes(node: ast.AST) -> Iterator[ast.AST]:
    """Every changed form of this node itself; what it holds is not looked into."""
    match node:
        case ast.Compare():
            for place, operator in enumerate(node.ops):
                for other in COMPARISONS[type(operator)]:
                    changed = deepcopy(node)
                    changed.ops[place] = other()
                    yield changed
        case ast.BoolOp():
            yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
        case ast.BinOp(op=operator) if type(operator) in ARITHMETIC:
            yield ast.BinOp(node.left, ARITHMETIC[type(operator)](), node.right)
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield node.operand
        case ast.IfExp() | ast.If() | ast.While() if _plain(node.test):
            changed = deepcopy(node)
            changed.test = ast.UnaryOp(ast.Not(), node.test)
            yield changed
        case ast.comprehension(ifs=[_, *_]):
            yield ast.comprehension(node.target, node.iter, [], node.is_async)
        case ast.Constant():
            yield from (ast.Constant(value) for value in _values(node.value))
        case ast.Call():
            yield from _calls(node)
        case ast.stmt():
            yield from _statements(node)


def _plain(test: ast.expr) -> bool:
    """Whether no other change here already turns the condition around."""
    return not isinstance(test, ast.Compare | ast.BoolOp) and not (isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not))


def _values(value: object) -> tuple[bool | int | str, ...]:
    if isinstance(value, bool):
        return (not value,)
    if isinstance(value, int):
        return (2, 0) if value == 1 else (value + 1,)
    if isinstance(value, str):
        return (f"{value}?",)
    return ()


def _calls(node: ast.Call) -> Iterator[ast.AST]:
    match node.func:
        case ast.Name(id=name) if name in NAMES:
            yield ast.Call(ast.Name(NAMES[name], ast.Load()), node.args, [] if name == "sorted" else node.keywords)
        case ast.Attribute(attr=name) if name in NAMES:
            yield ast.Call(ast.Attribute(node.func.value, NAMES[name], ast.Load()), node.args, node.keywords)


def _statements(node: ast.stmt) -> Iterator[ast.AST]:
    """A value not returned; a statement left out, unless a name that is missing later would show it at once."""
    match node:
        case ast.Return(value=ast.expr()) if not (isinstance(node.value, ast.Constant) and not node.value.value):
            yield ast.Return(ast.Constant(None))
        case ast.AugAssign(op=operator):
            yield ast.Pass()
            if type(operator) in ARITHMETIC:
                yield ast.AugAssign(node.target, ARITHMETIC[type(operator)](), node.value)
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript(), *_]) | ast.Delete() | ast.Raise() | ast.Continue() | ast.Break():
            yield ast.Pass()
        case ast.Expr(value=ast.Call()):
            yield ast.Pass()
