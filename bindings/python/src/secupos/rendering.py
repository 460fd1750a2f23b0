"""How a receipt is rendered: for which paper, printer or program."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from . import _values
from ._abi import library
from ._calls import call
from ._handle import made
from ._word import Word
from .enums import CodePage, Cut, Format


@dataclass(frozen=True)
class RenderOptions:
    """How to render a receipt. A format ignores the options that it has no use for. Rendering checks the options.

    - `format`: the format.
    - `columns`: the width of the paper in characters, 16 to 96. Paper of 58 mm has 32, paper of 80 mm has 42 or 48.
    - `code_page`: the characters of text and ESC/POS. `None` is UTF-8 for text and CP1252 for ESC/POS.
    - `slot`: the number that the printer's maker gave to the code page, 0 to 255. `None` is the usual one.
    - `cut`: how an ESC/POS job ends.
    - `feed`: how many empty lines an ESC/POS job ends with, 0 to 255.
    - `duplicate`: whether to mark a reprint, with the time. Do not mark the repetition of a first print that failed,
      because nobody signs a duplicate.
    - `language`: the language of the marks, `"de"` or `"en"`.
    - `prefix`: bytes that come before an ESC/POS job as they are, at most 65536.
    - `suffix`: bytes that come after an ESC/POS job as they are, at most 65536.
    """

    format: Format = Format.TEXT
    columns: int = 42
    code_page: CodePage | None = None
    slot: int | None = None
    cut: Cut = Cut.NONE
    feed: int = 4
    duplicate: bool = False
    language: str = "de"
    prefix: bytes = b""
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
            call(library.secupos_render_options_set_language, options, _values.language(self.language))
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
