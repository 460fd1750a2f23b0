"""Calls of the native library: what it reports becomes an exception."""

from __future__ import annotations

from ctypes import POINTER, byref
from typing import Any, Callable

from ._abi import library
from ._declarations import LANGUAGE_ENGLISH, LANGUAGE_GERMAN, secupos_error
from .enums import Status
from .errors import SecuposError, exception_for, without_details


def call(function: Callable[..., int], *arguments: Any) -> None:
    """Calls a function whose last parameter is ``secupos_error **error``, and raises what it reports."""
    error = POINTER(secupos_error)()
    status = function(*arguments, byref(error))
    if status == 0:
        return
    if not error:
        # Memory is short, or secupos is broken.
        raise without_details(Status(status))
    try:
        raise read_error(error)
    finally:
        library.secupos_error_free(error)


def read_error(error: Any) -> SecuposError:
    """The exception for a native error, which stays the owner's."""
    status = Status(library.secupos_error_status(error))
    retry_after_ms = library.secupos_error_retry_after_ms(error)
    # The library's message begins with the status's name, which is a field of its own here.
    message = library.secupos_error_message(error).removeprefix(f"{status.name}: ")
    return exception_for(status)(
        status,
        message,
        library.secupos_error_cashier_text(error, LANGUAGE_GERMAN),
        library.secupos_error_cashier_text(error, LANGUAGE_ENGLISH),
        library.secupos_error_http_status(error) or None,
        library.secupos_error_server_code(error),
        library.secupos_error_server_text(error),
        library.secupos_error_support_id(error),
        retry_after_ms / 1000 if retry_after_ms else None,
    )
