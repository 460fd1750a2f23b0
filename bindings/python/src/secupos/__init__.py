"""Card payments on a secuconnect terminal: outcomes a till can trust, receipts it can print.

    import secupos

    config = secupos.Config(
        client_id="…", client_secret="…", state_file="till.state", environment=secupos.Environment.PRODUCTION
    )
    with secupos.Till(config) as till:
        for payment in till.recover_all(60):        # what the last run has left: `Till` shows what to do with it
            ...
        payment = till.pay(secupos.Sale("2026-11-23/0042", amount=1, currency="EUR"))
        if payment.outcome is secupos.Outcome.APPROVED:
            print(payment.receipt(secupos.Copy.MERCHANT).text(columns=42))
            till.acknowledge(payment)               # booked and printed: the till has taken it over

What to remember:

- Amounts are ``int``, in minor units (cents); never ``float``.
- `Till.pay` either raises a `SecuposError`, and then it has sent nothing; or it gives a `Payment`, whatever became of
  it, whose `Payment.outcome` says what that is; or it raises `PaymentInterrupted` (Ctrl-C), which has asked for an
  abort and holds the payment: the payment wins, so wait for its outcome.
- To call `Till.pay` again with the same sale is always safe: the same reference and attempt are never charged twice.
- What was paid is on disk before `Till.pay` returns. When the program starts, `Till.recover_all` tells what became of
  everything that the till has not taken over with `Till.acknowledge`. Book by reference and attempt.
- `Payment.next_actions` says what to do next, in order, so that a till needs no table of its own. Money is asked for
  once: `Action.REFUND`, `Action.COLLECT` and `Action.COLLECT_REST` are told by one call, and by none after it.
- All calls that wait release Python's GIL. `Till`, `Payment` and `Receipt` may be used from any thread, concurrently.
- `Till`, `Payment` and `Receipt` own memory of the native library: close them, use ``with``, or leave it to Python.
  Closing never waits and never stops a payment, and the order does not matter.
"""

from ._abi import library
from .archive import Damage, Export, Pruned
from .config import Config, Timeouts
from .enums import (
    Abort,
    Action,
    Alignment,
    Basis,
    CodePage,
    Copy,
    Cut,
    Decision,
    Environment,
    Format,
    LineType,
    Outcome,
    Reason,
    RegistrationState,
    ReportOutcome,
    Reversal,
    ReversalDecision,
    Signature,
    Status,
)
from .errors import (
    CallerError,
    InternalError,
    InvalidArgument,
    LoginError,
    NetworkError,
    ReceiptError,
    SaleReferenceError,
    SecuposError,
    ServerError,
    StateFileError,
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
    "Basis",
    "CallerError",
    "CodePage",
    "Config",
    "Copy",
    "Coupon",
    "Cut",
    "Damage",
    "Decision",
    "Environment",
    "Export",
    "Format",
    "Group",
    "InternalError",
    "InvalidArgument",
    "Item",
    "Line",
    "LineType",
    "LoginError",
    "NetworkError",
    "Outcome",
    "Payment",
    "PaymentInterrupted",
    "Pruned",
    "Reason",
    "Receipt",
    "ReceiptError",
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
    "StateFileError",
    "Status",
    "Till",
    "Timeouts",
]

__version__: str = library.secupos_version()
