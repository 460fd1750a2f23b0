"""A receipt: one copy, as lines, rendered for a printer or a program, and as fields."""

from __future__ import annotations

import json
from ctypes import byref, c_int32
from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Union

from . import _values
from ._abi import library
from ._handle import Native, read_bytes
from .enums import Alignment, Copy, LineType, Signature
from .errors import call
from .rendering import RenderOptions


@dataclass(frozen=True)
class Line:
    """One line of a receipt, for a till that draws it itself."""

    #: What it is; says which of the texts are there.
    type: LineType
    #: The caption of a separator, the text of a text line or of an unknown one; ``None`` otherwise.
    text: Optional[str]
    #: The name of a name-value line; ``None`` otherwise.
    name: Optional[str]
    #: The value of a name-value line; ``None`` otherwise.
    value: Optional[str]
    #: Whether it is to be stressed.
    is_important: bool
    #: Where it stands.
    alignment: Alignment


class Receipt(Native):
    """One copy of a receipt; from `Payment.receipt`, or from `Receipt.parse`. Never changes."""

    _noun = "receipt"

    @classmethod
    def parse(cls, document: Union[str, bytes], copy: Copy) -> Receipt:
        """Reads a receipt from JSON: the server's lines or transaction, or what ``to_json`` has told.

        Raises `ReceiptError` if it is none.
        """
        raw = _values.utf8("document", document) if isinstance(document, str) else document
        if not isinstance(raw, bytes):
            raise TypeError(f"document must be a str or bytes, not {type(raw).__name__}")
        receipt = cls()
        call(library.secupos_receipt_parse, raw, len(raw), as_copy(copy), receipt._handle.out)
        return receipt

    @property
    def lines(self) -> List[Line]:
        """Its lines; none if the payment has no such copy."""
        with self._handle as receipt:
            return [_line(receipt, index) for index in range(library.secupos_receipt_line_count(receipt))]

    def field(self, name: str) -> Optional[str]:
        """A field as it is printed, such as ``"receipt_no"`` (``"0003"``) or ``"terminal_id"``; ``None`` if absent."""
        with self._handle as receipt:
            found: Optional[str] = library.secupos_receipt_field(receipt, _values.text("name", name))
            return found

    @property
    def signature(self) -> Signature:
        """Whether the customer must sign it."""
        with self._handle as receipt:
            return Signature(library.secupos_receipt_signature(receipt))

    def text(self, columns: int = 42) -> str:
        """The receipt as lines of text for a printer with so many columns, from 16 to 96."""
        return self.render(RenderOptions(columns=columns)).decode("utf-8")

    def render(self, options: RenderOptions) -> bytes:
        """The receipt as text, printer bytes, HTML, PDF or JSON. Empty if the receipt has no lines (JSON never is).

        Card numbers on the customer's copy are masked in every format. Raises `InvalidArgument` if the options cannot
        be used.
        """
        with self._handle as receipt, options._native() as native:
            return read_bytes(library.secupos_receipt_render, receipt, native)

    def replaced(self, options: RenderOptions) -> int:
        """How many of its characters the code page does not have, so that others stand in their place."""
        count = c_int32()
        with self._handle as receipt, options._native() as native:
            call(library.secupos_receipt_replaced, receipt, native, byref(count))
        return count.value

    def to_json(self) -> Dict[str, Any]:
        """Lines, fields and flags as one object, the same in every binding."""
        with self._handle as receipt:
            document: Dict[str, Any] = json.loads(read_bytes(library.secupos_receipt_to_json, receipt))
            return document


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
