"""The native library with its declarations: every function of ``include/secupos.h``, loaded and typed.

Each kind of handle is an opaque structure of its own, so that ctypes refuses one in another's place. Texts that the
library lends are copied into ``str`` (or ``None``) by the call itself. ``CDLL`` releases the GIL during each call.
"""

from __future__ import annotations

import atexit
from ctypes import CDLL, c_char_p
from typing import Any

from . import _library
from ._declarations import ABI_VERSION, FUNCTIONS


def _copied(text: bytes | None, _function: Any, _arguments: Any) -> str | None:
    return None if text is None else text.decode("utf-8")


def _declared() -> CDLL:
    found, place = _library.load()
    try:
        # First of all: of a library with another ABI nothing else may be called.
        _declare(found, "secupos_abi_version")
        version = found.secupos_abi_version()
        if version != ABI_VERSION:
            raise ImportError(f"{place} has the ABI version {version}, but this secupos package needs {ABI_VERSION}")
        for name in FUNCTIONS:
            _declare(found, name)
    except AttributeError as fault:
        raise ImportError(f"{place} is not the native library that this secupos package needs: {fault}") from fault
    return found


def _declare(found: CDLL, name: str) -> None:
    function = getattr(found, name)
    function.restype, function.argtypes = FUNCTIONS[name]
    if function.restype is c_char_p:
        function.errcheck = _copied


library = _declared()

# An interpreter that is leaving must not be called into.
atexit.register(library.secupos_end_callbacks)
