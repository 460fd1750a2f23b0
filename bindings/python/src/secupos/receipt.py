"""A receipt: one copy, as lines, rendered for a printer or a program, and as fields."""

from __future__ import annotations

import json
from ctypes import byref, c_int32
from dataclasses import dataclass, field
from typing import Any

from . import _values
from ._abi import library
from ._calls import call
from ._handle import Native, read_bytes
from .enums import Alignment, Copy, LineType, Signature
from .rendering import RenderOptions


@dataclass(frozen=True)
class Line:
    """One line of a receipt, for a till that draws it itself. `repr` shows none of its texts.

    - `type`: its kind. It says which of the texts are there.
    - `text`: the caption of a separator, or the text of a text line or an unknown line. Other lines have `None`.
    - `name`: the name of a name-value line. Other lines have `None`.
    - `value`: the value of a name-value line. Other lines have `None`.
    - `is_important`: whether to stress it.
    - `alignment`: where its text stands.
    """

    type: LineType
    text: str | None = field(repr=False)
    name: str | None = field(repr=False)
    value: str | None = field(repr=False)
    is_important: bool
    alignment: Alignment


class Receipt(Native):
    """One copy of a receipt, from `Payment.receipt` or `Receipt.parse`. It never changes.

    It may be used from any thread. `repr` shows none of its lines.
    """

    _noun = "receipt"
    _instead_of_pickling = "Pickle what to_dict gives: Receipt.parse reads that as JSON."

    @classmethod
    def parse(cls, document: str | bytes, copy: Copy) -> Receipt:
        """Reads a receipt from JSON: the service's lines or transaction, or the object of `to_dict`.

        Raises `ReceiptError` if this is not a receipt.
        """
        raw = _values.utf8("document", document) if isinstance(document, str) else document
        if not isinstance(raw, bytes):
            raise TypeError(f"document must be a str or bytes, not {type(raw).__name__}")
        receipt = cls()
        call(library.secupos_receipt_parse, raw, len(raw), as_copy(copy), receipt._handle.out)
        return receipt

    @property
    def lines(self) -> list[Line]:
        """Its lines. There are none if the payment has no such copy."""
        with self._handle as receipt:
            return [_line(receipt, index) for index in range(library.secupos_receipt_line_count(receipt))]

    def field(self, name: str) -> str | None:
        """A field as it is printed, such as `"receipt_no"` (`"0003"`) or `"terminal_id"`. `None` if it is absent."""
        with self._handle as receipt:
            found: str | None = library.secupos_receipt_field(receipt, _values.text("name", name))
            return found

    @property
    def signature(self) -> Signature:
        """Whether the customer must sign it."""
        with self._handle as receipt:
            return Signature(library.secupos_receipt_signature(receipt))

    def text(self, columns: int = 42) -> str:
        """The receipt as text for paper of so many columns, from 16 to 96."""
        return self.render(RenderOptions(columns=columns)).decode("utf-8")

    def render(self, options: RenderOptions) -> bytes:
        """The receipt as text, printer bytes, HTML, PDF or JSON. Empty if the receipt has no lines (JSON never is).

        Card numbers on the customer's copy are masked in every format. Raises `InvalidArgumentError` if the options
        cannot be used.
        """
        with self._handle as receipt, options._native() as native:
            return read_bytes(library.secupos_receipt_render, receipt, native)

    def replaced(self, options: RenderOptions) -> int:
        """How many of its characters the code page lacks. Others stand in their place."""
        count = c_int32()
        with self._handle as receipt, options._native() as native:
            call(library.secupos_receipt_replaced, receipt, native, byref(count))
        return count.value

    def to_dict(self) -> dict[str, Any]:
        """Lines, fields and flags as one object. It is the same in every language."""
        with self._handle as receipt:
            document: dict[str, Any] = json.loads(read_bytes(library.secupos_receipt_to_json, receipt))
            return document

    def _summary(self) -> str:
        with self._handle as receipt:
            return f", {library.secupos_receipt_line_count(receipt)} lines"


def as_copy(copy: Copy) -> Copy:
    """Refuses what is not a `Copy`: the customer must not get the merchant's."""
    if not isinstance(copy, Copy):
        raise TypeError(f"copy must be a Copy, not {type(copy).__name__}")
    return copy


def _line(receipt: Any, index: int) -> Line:
    return Line(
        LineType(library.secupos_receipt_line_type(receipt, index)),
        library.secupos_receipt_line_text(receipt, index),
        library.secupos_receipt_line_name(receipt, index),
        library.secupos_receipt_line_value(receipt, index),
        bool(library.secupos_receipt_line_is_important(receipt, index)),
        Alignment(library.secupos_receipt_line_alignment(receipt, index)),
    )
