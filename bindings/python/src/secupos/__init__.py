"""Card payments on a secuconnect terminal: outcomes a till can trust, receipts it can print.

    import secupos

    config = secupos.Config(client_id="…", client_secret="…", environment=secupos.Environment.PRODUCTION)
    with secupos.Till(config) as till:
        payment = till.pay(secupos.Sale("2026-11-23/0042", amount=1, currency="EUR"))
        if payment.outcome is secupos.Outcome.APPROVED:
            print(payment.receipt(secupos.Copy.MERCHANT).text(columns=42))

What to remember:

- Amounts are ``int``, in minor units (cents); never ``float``.
- ``Till.pay`` either raises a `SecuposError`, and then nothing was sent; or it gives a `Payment`, whatever became of
  it, whose `Payment.outcome` says what that is; or it raises `PaymentInterrupted` (Ctrl-C), and then the payment is
  still running and the exception holds it.
- `Payment.next_actions` says what to do next, in order, so that a till needs no table of its own.
- All calls that wait release Python's GIL. `Till`, `Payment` and `Receipt` may be used from any thread, concurrently.
- `Till`, `Payment` and `Receipt` own memory of the native library: close them, use ``with``, or leave it to Python.
  Closing never waits and never stops a payment, and the order does not matter.
"""

from ._abi import library
from .config import Config, Environment, Timeouts
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
    Status,
)
from .outcomes import Action, Outcome, Reason, Signature
from .payment import Payment, PaymentInterrupted
from .receipt import Alignment, Copy, Line, LineType, Receipt
from .sale import Item, Sale
from .till import Till

__all__ = [
    "Action",
    "Alignment",
    "CallerError",
    "Config",
    "Copy",
    "Environment",
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
    "Reason",
    "Receipt",
    "ReceiptError",
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
