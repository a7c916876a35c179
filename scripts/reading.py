"""Read what the code says of itself: the docstrings, signatures and fields of a module, as Markdown."""

from __future__ import annotations

import ast
import functools
import importlib.util
import inspect
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

_SECTION = re.compile(r"(Args|Raises|Returns|Yields|Class attributes):")
_ITEM = re.compile(r"(\*{0,2}[\w.\[\]]+): (.*)")

Documented = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


@functools.cache
def tree_of(module: str) -> ast.Module:
    """Return the syntax tree of a module or of a package's own file."""
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise LookupError(f"the module {module} does not exist")
    return ast.parse(Path(spec.origin).read_text("utf-8"))


def module_doc(module: str) -> str:
    """Return a module's docstring as Markdown."""
    return prose(ast.get_docstring(tree_of(module)) or "")


def home_of(module: str, name: str) -> str:
    """Return the module that a name is imported from, or the module itself where it is defined there."""
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.ImportFrom) and node.module and name in {alias.name for alias in node.names}:
            return home_of(node.module, name)
    return module


def public_names(module: str) -> list[str]:
    """Return the public names that a module defines itself, in the order of its text."""
    return [name for name, _ in _definitions(tree_of(module).body) if not name.startswith("_")]


def entry(module: str, name: str, *, level: int = 3) -> str:
    """Return one public name of a module as Markdown: its heading, its signature and its docstrings."""
    found = dict(_definitions(tree_of(module).body)).get(name)
    if found is None:
        raise LookupError(f"{module} defines no {name}")
    head = f"{'#' * level} {name}"
    if isinstance(found, ast.ClassDef):
        return "\n\n".join([head, *_class(module, found)])
    if isinstance(found, str):
        return f"{head}\n\n{found}"
    return "\n\n".join([head, *_function(found)])


def prose(docstring: str) -> str:
    """Return a docstring as Markdown: its sections become lists, what is indented otherwise becomes a block."""
    blocks: list[str] = []
    for block in re.split(r"\n\s*\n", inspect.cleandoc(docstring)):
        head, _, rest = block.partition("\n")
        section = _SECTION.fullmatch(head.strip())
        if section is not None:
            blocks.append(f"{section[1]}:\n\n{_items(rest)}")
        elif block.startswith("    "):
            blocks.append(f"```text\n{inspect.cleandoc(block)}\n```")
        else:
            blocks.append(" ".join(line.strip() for line in block.splitlines()))
    return "\n\n".join(filter(None, blocks))


def fields_of(module: str, name: str) -> Iterator[tuple[str, str, str | None, str]]:
    """Yield the fields of an attrs class, its public ones: name, type, default (None: required) and docstring."""
    found = dict(_definitions(tree_of(module).body))[name]
    if not isinstance(found, ast.ClassDef):
        raise LookupError(f"{name} is not a class of {module}")
    for line, doc in _with_docs(found.body):
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
            kind = ast.unparse(line.annotation)
            if not line.target.id.startswith("_") and not kind.startswith("ClassVar"):
                yield line.target.id, kind, _default(line.value), doc


def signature(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """Return a function's signature as it was written, without `self` and `cls`."""
    arguments = ast.parse(ast.unparse(ast.Module([node], []))).body[0]
    given: ast.arguments = getattr(arguments, "args")  # noqa: B009 - the type checker cannot know which statement it is
    for group in (given.posonlyargs, given.args):
        if group and group[0].arg in {"self", "cls"}:
            del group[0]
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    prefix = "await " if isinstance(node, ast.AsyncFunctionDef) else ""
    return f"{prefix}{node.name}({ast.unparse(given)}){returns}"


def functions_of(module: str, names: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Yield the functions of a module by name: the name, the signature and the docstring as Markdown."""
    found = dict(_definitions(tree_of(module).body))
    for name in names:
        node = found.get(name)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield name, signature(node), prose(ast.get_docstring(node) or "")


def _items(text: str) -> str:
    lines: list[str] = []
    for line in inspect.cleandoc(text).splitlines():
        item = _ITEM.fullmatch(line)
        if item is not None:
            lines.append(f"* `{item[1]}`: {item[2]}")
        elif lines:
            lines[-1] += f" {line.strip()}"
        else:
            lines.append(f"* {line.strip()}")
    return "\n".join(lines)


def _definitions(body: list[ast.stmt]) -> Iterator[tuple[str, Documented | str]]:
    for line, doc in _with_docs(body):
        if isinstance(line, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield line.name, line
        elif isinstance(line, ast.Assign | ast.AnnAssign) and doc:
            target = line.targets[0] if isinstance(line, ast.Assign) else line.target
            if isinstance(target, ast.Name):
                yield target.id, doc


def _with_docs(body: list[ast.stmt]) -> Iterator[tuple[ast.stmt, str]]:
    for line, after in zip(body, [*body[1:], None], strict=True):
        text = after.value if isinstance(after, ast.Expr) else None
        said = text.value if isinstance(text, ast.Constant) and isinstance(text.value, str) else ""
        yield line, prose(said)


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    yield f"`{signature(node)}`"
    yield prose(ast.get_docstring(node) or "")


def _class(module: str, node: ast.ClassDef) -> Iterator[str]:
    bases = [ast.unparse(base) for base in node.bases]
    shown = [base for base in bases if not base.startswith(("_", "ABC", "enum.", "Generic"))]
    if shown:
        yield f"Derives from {', '.join(f'`{base}`' for base in shown)}."
    yield prose(ast.get_docstring(node) or "")
    members = _members(node) if any(base.startswith("enum.") for base in bases) else _fields(module, node)
    lines = list(members)
    if lines:
        yield "\n".join(lines)
    for inner in _methods(module, node):
        yield _method(inner)


def _members(node: ast.ClassDef) -> Iterator[str]:
    for line, doc in _with_docs(node.body):
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
            yield f"* `{line.targets[0].id}` = `{ast.unparse(line.value)}`{': ' + doc if doc else ''}"


def _fields(module: str, node: ast.ClassDef) -> Iterator[str]:
    for name, kind, default, doc in fields_of(module, node.name):
        shown = f"{name}: {kind}" if default is None else f"{name}: {kind} = {default}"
        yield f"* `{shown}`{': ' + doc if doc else ''}"


def _methods(module: str, node: ast.ClassDef) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    known = dict(_definitions(tree_of(module).body))
    for base in node.bases:
        private = known.get(base.id) if isinstance(base, ast.Name) and base.id.startswith("_") else None
        if isinstance(private, ast.ClassDef):
            yield from _methods(module, private)
    for line in node.body:
        if isinstance(line, ast.FunctionDef | ast.AsyncFunctionDef) and not line.name.startswith("_"):
            yield line


def _method(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    is_property = any(ast.unparse(mark).endswith("property") for mark in node.decorator_list)
    returns = f": {ast.unparse(node.returns)}" if node.returns else ""
    shown = f"{node.name}{returns}" if is_property else signature(node)
    return f"**`{shown}`**\n\n{prose(ast.get_docstring(node) or '')}"


def _default(value: ast.expr | None) -> str | None:
    if value is None:
        return None
    if isinstance(value, ast.Call) and ast.unparse(value.func) == "attrs.field":
        given = {keyword.arg: keyword.value for keyword in value.keywords}
        if "factory" in given:
            made = ast.unparse(given["factory"])
            return {"dict": "{}", "list": "[]", "tuple": "()"}.get(made, f"{made}()")
        return ast.unparse(given["default"]) if "default" in given else None
    if isinstance(value, ast.Call) and ast.unparse(value.func) == "wired":
        return ast.unparse(value.args[1]) if len(value.args) > 1 else None
    return ast.unparse(value)
