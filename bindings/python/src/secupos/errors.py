"""What can go wrong, as exceptions.

A `SecuposError` of `Till.pay` or `Till.start_payment` means that this call has sent nothing. No money moves because of
it, and the till may call again with the same sale. An exception never tells what became of a payment: `Payment.outcome`
does, and `Payment.error` says why.
"""

from __future__ import annotations

from ._declarations import CASHIER_TEXTS
from .enums import Status


class SecuposError(Exception):
    """Base of everything that secupos raises, except `TypeError` for an argument of the wrong type.

    It never holds a secret or a receipt: it may be logged and shown.

    - `status`: what went wrong, as a number.
    - `message`: what went wrong, in English, for the programmer and the log. It begins with the name of the argument if
      it is about one.
    - `http_status`: the HTTP status of the service's answer; `None` if there was no answer.
    - `server_code`: the service's own code for the error, such as `"2003"`, or `None`.
    - `server_text`: the service's own text for the user, usually German, or `None`.
    - `support_id`: the number that the service's help desk asks for, or `None`.
    - `retry_after`: how many seconds the service asks to wait before the next try, or `None`.
    """

    status: Status
    message: str
    http_status: int | None
    server_code: str | None
    server_text: str | None
    support_id: str | None
    retry_after: float | None

    def __init__(
        self,
        status: Status,
        message: str,
        german: str,
        english: str,
        http_status: int | None = None,
        server_code: str | None = None,
        server_text: str | None = None,
        support_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(
            status, message, german, english, http_status, server_code, server_text, support_id, retry_after
        )
        self.status = status
        self.message = message
        self._texts = {"de": german, "en": english}
        self.http_status = http_status
        self.server_code = server_code
        self.server_text = server_text
        self.support_id = support_id
        self.retry_after = retry_after

    def cashier_text(self, language: str = "de") -> str:
        """What happened and what to do now, for the person at the till, in `"de"` or `"en"`."""
        return self._texts[known_language(language)]

    def __str__(self) -> str:
        return f"{self.status.name}: {self.message}"

    def __repr__(self) -> str:
        return f"secupos.{type(self).__name__}({str(self)!r})"


class CallerError(SecuposError):
    """A call that makes no sense: a fault in the till program or in its settings."""


class InvalidArgumentError(CallerError, ValueError):
    """An argument has a value that cannot be used. The message begins with its name."""


class InvalidStateError(CallerError):
    """The payment, the report or the till is not where the call needs it, or the object was closed."""


class ForkedError(CallerError):
    """The till belongs to the process that opened it, and this is a fork of that process."""


class StateFileError(SecuposError):
    """The till's state file cannot be used. The kind of this exception says why."""


class StateFileMissingError(StateFileError):
    """There is no state file. `Config.create_state_file` makes one when a till is set up."""


class StateFileLockedError(StateFileError):
    """Another till has the state file open, in this program or in another one. A till that was closed keeps its file
    until its payment has its outcome, and a moment longer."""


class StateFileDamagedError(StateFileError):
    """The state file was damaged, lost or replaced by an older one. A person compares the last slips with the bookings,
    then `Till.accept_journal_loss`."""


class StateFileMismatchError(StateFileError):
    """The state file belongs to another till. If it is the same till after a move, `Till.rebind`."""


class StateFileTooNewError(StateFileError):
    """A newer secupos has written the state file."""


class StateFileAccessError(StateFileError):
    """The state file cannot be read or written. The library begins no payment that it cannot remember."""


class SaleReferenceError(SecuposError):
    """The sale's reference or attempt cannot be used like this. The kind of this exception says why."""


class ReferenceConflictError(SaleReferenceError):
    """The reference and attempt were used for another amount, or another attempt at this sale has taken money."""


class ReferenceClosedError(SaleReferenceError):
    """The payment with this reference was acknowledged. A new sale needs a new reference."""


class AttemptOutOfOrderError(SaleReferenceError):
    """The attempt is not the next one of this sale."""


class PaymentNotFoundError(SaleReferenceError):
    """No payment has this reference and attempt: it was never begun, and `Till.pay` may be called."""


class PossibleDuplicateError(SecuposError):
    """The same amount is in doubt under another reference, and the customer might pay twice. The message names that
    reference. A person looks at the terminal, then `Sale.confirm_not_duplicate`."""


class BusyError(SecuposError):
    """Something else is running at this till's terminal. Wait until it has ended."""


class ConfirmationRequiredError(SecuposError):
    """A person must confirm this reversal. See the argument `confirmed_by` of `Till.reverse`."""


class LoginError(SecuposError):
    """The till is not registered, or the service does not accept its credentials."""


class NetworkError(SecuposError):
    """The service could not be reached, or did not answer in time."""


class ServerError(SecuposError):
    """The service refused the request, failed, or gave an answer that makes no sense."""


class ReceiptError(SecuposError):
    """This cannot be read as a receipt."""


class InternalError(SecuposError):
    """A fault in secupos itself."""


_KINDS: dict[Status, type[SecuposError]] = {
    Status.INVALID_ARGUMENT: InvalidArgumentError,
    Status.INVALID_STATE: InvalidStateError,
    Status.STATE_FILE_MISSING: StateFileMissingError,
    Status.STATE_FILE_LOCKED: StateFileLockedError,
    Status.STATE_FILE_DAMAGED: StateFileDamagedError,
    Status.STATE_FILE_MISMATCH: StateFileMismatchError,
    Status.STATE_FILE_TOO_NEW: StateFileTooNewError,
    Status.JOURNAL_FAILED: StateFileAccessError,
    Status.REFERENCE_CONFLICT: ReferenceConflictError,
    Status.REFERENCE_CLOSED: ReferenceClosedError,
    Status.ATTEMPT_OUT_OF_ORDER: AttemptOutOfOrderError,
    Status.NOT_FOUND: PaymentNotFoundError,
    Status.POSSIBLE_DUPLICATE: PossibleDuplicateError,
    Status.BUSY: BusyError,
    Status.CONFIRMATION_REQUIRED: ConfirmationRequiredError,
    Status.FORKED: ForkedError,
}

# The statuses without a kind of their own, and those of a newer library, by decade. The third has no kind in common.
_DECADES: dict[int, type[SecuposError]] = {
    1: CallerError,
    2: StateFileError,
    4: LoginError,
    5: NetworkError,
    6: ServerError,
    7: ReceiptError,
    9: InternalError,
}


def exception_for(status: Status) -> type[SecuposError]:
    """Which exception a status is."""
    return _KINDS.get(status) or _DECADES.get(status // 10, SecuposError)


def invalid_argument(message: str) -> InvalidArgumentError:
    """An argument that the library shall not even see. The message begins with its name."""
    return InvalidArgumentError(Status.INVALID_ARGUMENT, message, *CASHIER_TEXTS[Status.INVALID_ARGUMENT])


def closed(noun: str) -> InvalidStateError:
    """The use of an object after its `close`."""
    return InvalidStateError(Status.INVALID_STATE, f"the {noun} is closed", *CASHIER_TEXTS[Status.INVALID_STATE])


def without_details(status: Status) -> SecuposError:
    """A failure for which the library could not even make an error."""
    return exception_for(status)(status, "no details", *CASHIER_TEXTS[Status.INTERNAL])


def known_language(language: str) -> str:
    """A language that the texts for the cashier are in. Any other is refused."""
    if not isinstance(language, str):
        raise TypeError(f"language must be a str, not {type(language).__name__}")
    if language not in ("de", "en"):
        raise invalid_argument(f'language is {language!r}; it must be "de" or "en"')
    return language
