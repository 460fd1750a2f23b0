#!/usr/bin/env python3
"""Writes the API page, docs/api/python.md, from the docstrings: python3 bindings/python/api_page.py

A test compares the page with the docstrings. It says to run this when they differ.
"""

from __future__ import annotations

import enum
import inspect
import pathlib
import sys
import textwrap
import types
from collections.abc import Iterator
from typing import Any

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "api" / "python.md"
sys.path.insert(0, str(ROOT / "bindings" / "python" / "src"))

import secupos  # noqa: E402
import secupos.testing  # noqa: E402
from secupos import _handle  # noqa: E402

#: The sections, in the order in which a till meets them.
SECTIONS = {
    "The till": "Till Config Timeouts Environment",
    "A sale": "Sale Item Coupon Group",
    "A payment": """Payment PaymentInterrupted Outcome Reason Action Signature Abort Phase Reversal DecidedBy
        Decision ReversalDecision""",
    "Receipts": "Receipt Copy Line LineType Alignment RenderOptions Format CodePage Cut",
    "Reports": "Report ReportOutcome",
    "Registration": "Registration RegistrationState",
    "The archive": "Damage Export Pruned",
    "Errors": """SecuposError Status CallerError InvalidArgumentError InvalidStateError ForkedError StateFileError
        StateFileMissingError StateFileLockedError StateFileDamagedError StateFileMismatchError StateFileTooNewError
        StateFileAccessError SaleReferenceError ReferenceConflictError ReferenceClosedError AttemptOutOfOrderError
        PaymentNotFoundError PossibleDuplicateError BusyError ConfirmationRequiredError LoginError NetworkError
        ServerError ReceiptError InternalError""",
}

def page() -> str:
    """The whole page."""
    return "\n\n".join(_parts()) + "\n"


def _parts() -> Iterator[str]:
    yield "# secupos for Python"
    yield "<!-- Written by bindings/python/api_page.py from the docstrings. Change those, then run it. -->"
    yield _markdown(secupos.__doc__ or "")
    left = set(secupos.__all__)
    for title, names in SECTIONS.items():
        yield f"## {title}"
        for name in names.split():
            left.remove(name)
            yield from _class("secupos", getattr(secupos, name))
    if left:
        raise LookupError(f"no section has {sorted(left)}")
    yield "## Tests"
    yield _markdown(secupos.testing.__doc__ or "")
    yield from _class("secupos.testing", secupos.testing.Simulator)


def _class(module: str, kind: type) -> Iterator[str]:
    name = f"{module}.{kind.__name__}"
    if issubclass(kind, enum.Enum):
        yield f"### {name}"
        yield _markdown(kind.__doc__ or "")
        numbers = ", ".join(f"`{member.name}` {member.value}" for member in kind)
        yield textwrap.fill(f"Numbers: {numbers}.", 120)
        return
    bases = [base.__name__ for base in kind.__bases__ if base not in (object, _handle.Native)]
    yield f"### {name}" + (f" ({', '.join(bases)})" if bases else "")
    if not issubclass(kind, BaseException):
        parameters = list(inspect.signature(kind).parameters.values())
        # Only calls make the objects of the library, except the till.
        if "handle" not in [parameter.name for parameter in parameters]:
            yield _call(kind.__name__, parameters)
    yield _markdown(kind.__doc__ or "")
    init = vars(kind).get("__init__")
    if init is not None and init.__doc__:
        yield _markdown(init.__doc__)
    for member, value in _members(kind):
        yield from _member(kind, member, value)


def _members(kind: type) -> list[tuple[str, Any]]:
    """The public members with a docstring: its own, and those of a base without a page of its own."""
    found: dict[str, Any] = {}
    for base in kind.__mro__:
        if base in (kind, _handle.Native):
            for name, value in vars(base).items():
                if not name.startswith("_") and getattr(value, "__doc__", None) and _is_code(value):
                    found.setdefault(name, value)
    return list(found.items())


def _is_code(value: object) -> bool:
    return isinstance(value, (types.FunctionType, property, staticmethod, classmethod))


def _member(kind: type, name: str, value: Any) -> Iterator[str]:
    if isinstance(value, property):
        assert value.fget is not None
        yield f"**`{kind.__name__}.{name}`**: `{value.fget.__annotations__['return']}`"
        yield _markdown(value.__doc__ or "")
        return
    function = inspect.unwrap(getattr(kind, name))
    signature = inspect.signature(function)
    parameters = [parameter for parameter in signature.parameters.values() if parameter.name != "self"]
    prefix = "async " if inspect.iscoroutinefunction(function) else ""
    yield _call(f"{prefix}{kind.__name__}.{name}", parameters, signature.return_annotation)
    yield _markdown(function.__doc__ or "")


def _call(name: str, parameters: Any, result: Any = None) -> str:
    """A call with the types as the source writes them."""
    given = ", ".join(_parameter(parameter) for parameter in parameters)
    line = f"{name}({given})" + ("" if result in (None, "None") else f" -> {result}")
    if len(line) > 120:
        given = "".join(f"\n    {_parameter(parameter)}," for parameter in parameters)
        line = f"{name}({given}\n)" + ("" if result in (None, "None") else f" -> {result}")
    return f"```python\n{line}\n```"


def _parameter(parameter: inspect.Parameter) -> str:
    stars = {parameter.VAR_KEYWORD: "**", parameter.VAR_POSITIONAL: "*"}.get(parameter.kind, "")
    shown = f"{stars}{parameter.name}: {parameter.annotation}"
    return shown if parameter.default is parameter.empty else f"{shown} = {_default(parameter.default)}"


def _default(value: object) -> str:
    if isinstance(value, enum.Enum):
        return f"{type(value).__name__}.{value.name}"
    if type(value).__module__.startswith("secupos"):
        return f"{type(value).__name__}()"
    # A factory's default is an empty list.
    return "[]" if "factory" in repr(value) else repr(value)


def _markdown(docstring: str) -> str:
    """A docstring is Markdown, except `::` before a program."""
    return inspect.cleandoc(docstring).replace("::\n", ":\n")


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
