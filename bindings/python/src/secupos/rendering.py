"""How a receipt is rendered: for which paper, printer or program."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Iterator, Optional

from . import _abi, _values
from ._abi import library
from ._handle import made
from ._word import Word
from .enums import CodePage, Cut, Format
from .errors import call


@dataclass(frozen=True)
class RenderOptions:
    """How a receipt is rendered. What a format has no use for is ignored by it. Checked when it is used."""

    #: What comes out.
    format: Format = Format.TEXT
    #: How many characters the paper is wide, 16 to 96: 32 on 58 mm, 42 or 48 on 80 mm.
    columns: int = 42
    #: The characters of text and ESC/POS; ``None`` is UTF-8 for text and CP1252 for ESC/POS.
    code_page: Optional[CodePage] = None
    #: The number that the printer's maker gave to the code page, 0 to 255; ``None`` is the usual one.
    slot: Optional[int] = None
    #: How an ESC/POS job ends.
    cut: Cut = Cut.NONE
    #: How many empty lines an ESC/POS job ends with, 0 to 255.
    feed: int = 4
    #: Marks a reprint, with the time. Not for a first print that failed: a duplicate is not signed.
    duplicate: bool = False
    #: The language of the marks, ``"de"`` or ``"en"`` (others: German).
    language: str = "de"
    #: Bytes sent before an ESC/POS job as they are, at most 65536.
    prefix: bytes = b""
    #: Bytes sent after an ESC/POS job as they are, at most 65536.
    suffix: bytes = b""

    @contextmanager
    def _native(self) -> Iterator[Any]:
        with made("render_options", library.secupos_render_options_new) as options:
            call(library.secupos_render_options_set_format, options, _kind("format", self.format, Format))
            call(library.secupos_render_options_set_columns, options, _values.int32("columns", self.columns))
            if self.code_page is not None:
                page = _kind("code_page", self.code_page, CodePage)
                slot = -1 if self.slot is None else _values.int32("slot", self.slot)
                call(library.secupos_render_options_set_code_page, options, page, slot)
            elif self.slot is not None:
                raise TypeError("slot is given without a code_page")
            call(library.secupos_render_options_set_cut, options, _kind("cut", self.cut, Cut))
            call(library.secupos_render_options_set_feed, options, _values.int32("feed", self.feed))
            call(library.secupos_render_options_set_duplicate, options, int(bool(self.duplicate)))
            call(library.secupos_render_options_set_language, options, _abi.language(self.language))
            for name in ("prefix", "suffix"):
                raw = getattr(self, name)
                if not isinstance(raw, bytes):
                    raise TypeError(f"{name} must be bytes, not {type(raw).__name__}")
                call(getattr(library, f"secupos_render_options_set_{name}"), options, raw, len(raw))
            yield options


def _kind(argument: str, value: Word, kind: Any) -> int:
    if not isinstance(value, kind):
        raise TypeError(f"{argument} must be a {kind.__name__}, not {type(value).__name__}")
    return int(value)
