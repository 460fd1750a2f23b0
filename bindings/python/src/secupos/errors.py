"""What can go wrong, as exceptions.

A `SecuposError` of `Till.pay` or `Till.start_payment` means that this call has sent no start: no money moves because of
it, and to call again with the same sale is safe. What became of a payment is never told by an exception, but by
`Payment.outcome`; `Payment.error` then says why.
"""

from __future__ import annotations

from ctypes import POINTER, byref
from typing import Any, Callable, Dict, Optional, Type

from ._abi import library
from ._declarations import CASHIER_TEXTS, LANGUAGE_ENGLISH, LANGUAGE_GERMAN, secupos_error
from .enums import Status


class SecuposError(Exception):
    """Base of everything that secupos raises, except ``TypeError`` for an argument of the wrong type.

    Never holds a secret or a receipt: it may be logged and shown.
    """

    #: What went wrong, as a number.
    status: Status
    #: What went wrong, for the programmer and the log, in English; names the argument where it is about one.
    message: str
    #: The HTTP status of the server's answer, if there was one.
    http_status: Optional[int]
    #: The server's own code for the error, such as ``"2003"``.
    server_code: Optional[str]
    #: The server's own text for the user, usually German.
    server_text: Optional[str]
    #: What the server's help desk asks for.
    support_id: Optional[str]
    #: How many seconds the server asks to wait before the next try.
    retry_after: Optional[float]

    def __init__(
        self,
        status: Status,
        message: str,
        german: str,
        english: str,
        http_status: Optional[int] = None,
        server_code: Optional[str] = None,
        server_text: Optional[str] = None,
        support_id: Optional[str] = None,
        retry_after: Optional[float] = None,
    ) -> None:
        super().__init__(
            status, message, german, english, http_status, server_code, server_text, support_id, retry_after
        )
        self.status = status
        self.message = message
        self._german = german
        self._english = english
        self.http_status = http_status
        self.server_code = server_code
        self.server_text = server_text
        self.support_id = support_id
        self.retry_after = retry_after

    def cashier_text(self, language: str = "de") -> str:
        """What happened and what to do now, for the person at the till, in ``"de"`` or ``"en"`` (others: German)."""
        return self._english if language == "en" else self._german

    def __str__(self) -> str:
        return f"{self.status.name}: {self.message}"


class CallerError(SecuposError):
    """A call that makes no sense: a fault in the till program or in its settings."""


class InvalidArgument(CallerError, ValueError):
    """An argument has a value that cannot be used; the message begins with its name."""


class StateFileError(SecuposError):
    """The till's state file is missing, in use, damaged, another till's, or cannot be written."""


class SaleReferenceError(SecuposError):
    """The sale's reference was used before, is closed or not known; its attempt is not the next one; the same amount is
    in doubt; or the till is busy with another sale. Its status says which."""


class LoginError(SecuposError):
    """The till is not registered, or the server does not accept its credentials."""


class NetworkError(SecuposError):
    """The server could not be reached, or did not answer in time."""


class ServerError(SecuposError):
    """The server refused the request, failed, or gave an answer that makes no sense."""


class ReceiptError(SecuposError):
    """What should be a receipt is none."""


class InternalError(SecuposError):
    """A fault in secupos itself, or a till that was carried over a fork."""


_BY_DECADE: Dict[int, Type[SecuposError]] = {
    1: CallerError,
    2: StateFileError,
    3: SaleReferenceError,
    4: LoginError,
    5: NetworkError,
    6: ServerError,
    7: ReceiptError,
    9: InternalError,
}


def _exception_for(status: Status) -> Type[SecuposError]:
    if status is Status.INVALID_ARGUMENT:
        return InvalidArgument
    return _BY_DECADE.get(status // 10, SecuposError)


def read_error(error: Any) -> SecuposError:
    """The exception for a native error, which stays the owner's."""
    status = Status(library.secupos_error_status(error))
    retry_after_ms = library.secupos_error_retry_after_ms(error)
    # The library's message begins with the status's name, which is a field of its own here.
    message = library.secupos_error_message(error).removeprefix(f"{status.name}: ")
    return _exception_for(status)(
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


def call(function: Callable[..., int], *arguments: Any) -> None:
    """Calls a function whose last parameter is ``secupos_error **error``, and raises what it reports."""
    error = POINTER(secupos_error)()
    status = function(*arguments, byref(error))
    if status == 0:
        return
    if not error:
        # Not even the error could be made: memory is short, or secupos is broken.
        raise _exception_for(Status(status))(Status(status), "no details", *CASHIER_TEXTS[Status.INTERNAL])
    try:
        raise read_error(error)
    finally:
        library.secupos_error_free(error)


def invalid_argument(message: str) -> InvalidArgument:
    """An argument that the library shall not even see; the message begins with its name."""
    return InvalidArgument(Status.INVALID_ARGUMENT, message, *CASHIER_TEXTS[Status.INVALID_ARGUMENT])


def closed(noun: str) -> CallerError:
    """The use of an object after its ``close``."""
    return CallerError(Status.INVALID_STATE, f"the {noun} is closed", *CASHIER_TEXTS[Status.INVALID_STATE])
