"""Card payments on a secuconnect terminal: outcomes a till can trust, receipts it can print.

    import secupos

    config = secupos.Config(
        client_id="…", client_secret="…", state_file="till.state", environment=secupos.Environment.PRODUCTION
    )
    with secupos.Till(config) as till:
        for payment in till.recover_all(60):        # left by the last run: `Till` shows what to do with it
            ...
        payment = till.pay(secupos.Sale("2026-11-23/0042", amount=1, currency="EUR"))
        if payment.outcome is secupos.Outcome.APPROVED:
            print(payment.receipt(secupos.Copy.MERCHANT).text(columns=42))
            till.acknowledge(payment)               # booked and printed: the till has taken it over

Remember:

- Amounts are `int`, in minor units (cents). A `float` is refused.
- If `Till.pay` raises a `SecuposError`, it has sent nothing. Otherwise it gives a `Payment`, and `Payment.outcome` says
  what became of it. Ctrl-C raises `PaymentInterrupted`: it asks for an abort and holds the payment. The payment wins,
  so wait for its outcome.
- A till may always call `Till.pay` again with the same sale. The same reference and attempt are never charged twice.
- A paid payment is on disk before `Till.pay` returns. When the program starts, `Till.recover_all` tells of every
  payment that the till has not taken over with `Till.acknowledge`. Book by reference and attempt.
- `Payment.next_actions` says what to do next, in order. A till needs no table of its own. Money is asked for once: only
  one call tells `Action.REFUND`, `Action.COLLECT` or `Action.COLLECT_REST`.
- The text of an enum's member is its word in JSON and in the log: `str(Outcome.APPROVED)` is `approved`.
- All calls that wait release Python's GIL. `Till`, `Payment`, `Report`, `Registration` and `Receipt` may be used from
  any thread, at the same time.
- These own memory of the native library. Close them, use `with`, or leave it to Python. Closing never waits and never
  stops a payment, and the order does not matter.
"""

from ._abi import library
from .archive import Damage, Export, Pruned
from .config import Config, Timeouts
from .enums import (
    Abort,
    Action,
    Alignment,
    CodePage,
    Copy,
    Cut,
    DecidedBy,
    Decision,
    Environment,
    Format,
    LineType,
    Outcome,
    Phase,
    Reason,
    RegistrationState,
    ReportOutcome,
    Reversal,
    ReversalDecision,
    Signature,
    Status,
)
from .errors import (
    AttemptOutOfOrderError,
    BusyError,
    CallerError,
    ConfirmationRequiredError,
    ForkedError,
    InternalError,
    InvalidArgumentError,
    InvalidStateError,
    LoginError,
    NetworkError,
    PaymentNotFoundError,
    PossibleDuplicateError,
    ReceiptError,
    ReferenceClosedError,
    ReferenceConflictError,
    SaleReferenceError,
    SecuposError,
    ServerError,
    StateFileAccessError,
    StateFileDamagedError,
    StateFileError,
    StateFileLockedError,
    StateFileMismatchError,
    StateFileMissingError,
    StateFileTooNewError,
)
from .payment import Payment, PaymentInterrupted
from .receipt import Line, Receipt
from .registration import Registration
from .rendering import RenderOptions
from .report import Report
from .sale import Coupon, Group, Item, Sale
from .till import Till

__all__ = [
    "Abort",
    "Action",
    "Alignment",
    "AttemptOutOfOrderError",
    "BusyError",
    "CallerError",
    "CodePage",
    "Config",
    "ConfirmationRequiredError",
    "Copy",
    "Coupon",
    "Cut",
    "Damage",
    "DecidedBy",
    "Decision",
    "Environment",
    "Export",
    "ForkedError",
    "Format",
    "Group",
    "InternalError",
    "InvalidArgumentError",
    "InvalidStateError",
    "Item",
    "Line",
    "LineType",
    "LoginError",
    "NetworkError",
    "Outcome",
    "Payment",
    "PaymentInterrupted",
    "PaymentNotFoundError",
    "Phase",
    "PossibleDuplicateError",
    "Pruned",
    "Reason",
    "Receipt",
    "ReceiptError",
    "ReferenceClosedError",
    "ReferenceConflictError",
    "Registration",
    "RegistrationState",
    "RenderOptions",
    "Report",
    "ReportOutcome",
    "Reversal",
    "ReversalDecision",
    "Sale",
    "SaleReferenceError",
    "SecuposError",
    "ServerError",
    "Signature",
    "StateFileAccessError",
    "StateFileDamagedError",
    "StateFileError",
    "StateFileLockedError",
    "StateFileMismatchError",
    "StateFileMissingError",
    "StateFileTooNewError",
    "Status",
    "Till",
    "Timeouts",
]

__version__: str = library.secupos_version()
