"""A payment, as the till holds it: it changes once, from pending to its result."""

from __future__ import annotations

import json
import math
import time
from ctypes import byref, c_int32
from datetime import datetime, timedelta, timezone
from typing import Any, Callable, Dict, List, Optional

from . import _abi, _values
from ._abi import library
from ._handle import Native, read_bytes
from .errors import SecuposError, call, read_error
from .outcomes import Action, Outcome, Reason, Signature
from .receipt import Copy, Receipt, as_copy

# Python handles Ctrl-C between two calls of the library, never during one; nobody notices so short a delay.
_SLICE = 0.1

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


class Payment(Native):
    """A payment; from `Till.pay` or `Till.start_payment`. May be used from any thread.

    Until it has settled, what is not known yet is ``None`` or empty, and `outcome` is `Outcome.PENDING`.
    ``repr`` shows no receipt.
    """

    _noun = "payment"

    def wait(self, timeout: Optional[float] = None) -> Outcome:
        """Waits until the payment has settled, at most ``timeout`` seconds (0 only looks, ``None`` waits for ever).

        Returns the outcome; `Outcome.PENDING` if the time is over. Other threads run meanwhile, and Ctrl-C raises
        ``KeyboardInterrupt`` within a tenth of a second. Leaving the wait never stops the payment: it can be waited
        for again.
        """
        limit = math.inf if timeout is None else _values.seconds("timeout", timeout)
        deadline = time.monotonic() + limit
        while True:
            left = max(0.0, min(_SLICE, deadline - time.monotonic()))
            outcome = self._wait_ms(math.ceil(left * 1000))
            if outcome is not Outcome.PENDING or time.monotonic() >= deadline:
                return outcome

    def _wait_ms(self, ms: int) -> Outcome:
        outcome = c_int32()
        with self._handle as payment:
            call(library.secupos_payment_wait, payment, ms, byref(outcome))
        return Outcome(outcome.value)

    @property
    def outcome(self) -> Outcome:
        """What became of it so far. The till may hand out the goods on `Outcome.APPROVED` only."""
        return Outcome(self._get(library.secupos_payment_outcome))

    @property
    def reason(self) -> Optional[Reason]:
        """Why it was declined, was not started, or is in doubt."""
        number = self._get(library.secupos_payment_reason)
        return Reason(number) if number else None

    @property
    def next_actions(self) -> List[Action]:
        """What the till should do next, in this order."""
        with self._handle as payment:
            count = library.secupos_payment_next_action_count(payment)
            return [Action(library.secupos_payment_next_action(payment, index)) for index in range(count)]

    @property
    def reference(self) -> str:
        """The till's own number for the sale."""
        reference: str = self._get(library.secupos_payment_reference)
        return reference

    @property
    def attempt(self) -> int:
        """Which try this is, from 1."""
        attempt: int = self._get(library.secupos_payment_attempt)
        return attempt

    @property
    def transaction_id(self) -> Optional[str]:
        """The server's id for it."""
        transaction_id: Optional[str] = self._get(library.secupos_payment_transaction_id)
        return transaction_id

    @property
    def status_text(self) -> Optional[str]:
        """The server's own word for where it stands."""
        status_text: Optional[str] = self._get(library.secupos_payment_status_text)
        return status_text

    @property
    def amount(self) -> int:
        """What the till asked for, in minor units (cents)."""
        amount: int = self._get(library.secupos_payment_amount)
        return amount

    @property
    def amount_charged(self) -> Optional[int]:
        """What was charged, in minor units (cents): only of an approved payment, and not always what was asked for."""
        return self._get(library.secupos_payment_amount_charged) or None

    @property
    def currency(self) -> str:
        """ISO 4217: three capital letters."""
        currency: str = self._get(library.secupos_payment_currency)
        return currency

    @property
    def receipt_number(self) -> Optional[int]:
        """The terminal's number for it; on the slip it may have leading zeros (``receipt(…).field("receipt_no")``)."""
        return self._get(library.secupos_payment_receipt_number) or None

    @property
    def created_at(self) -> datetime:
        """When the till asked for it, in UTC."""
        return _EPOCH + timedelta(milliseconds=self._get(library.secupos_payment_created_at))

    @property
    def settled_at(self) -> Optional[datetime]:
        """When it was settled, in UTC."""
        ms = self._get(library.secupos_payment_settled_at)
        return _EPOCH + timedelta(milliseconds=ms) if ms else None

    @property
    def signature(self) -> Signature:
        """Whether the customer must sign the merchant's copy."""
        return Signature(self._get(library.secupos_payment_signature))

    @property
    def merchant_receipt_due(self) -> bool:
        """Whether the server asks for the merchant's copy to be printed now."""
        return bool(self._get(library.secupos_payment_merchant_receipt_due))

    def cashier_text(self, language: str = "de") -> str:
        """What became of it and what to do, for the person at the till, in ``"de"`` or ``"en"`` (others: German)."""
        with self._handle as payment:
            text: str = library.secupos_payment_cashier_text(payment, _abi.language(language))
            return text

    @property
    def error(self) -> Optional[SecuposError]:
        """What went wrong, where something did: the exception, not raised."""
        with self._handle as payment:
            error = library.secupos_payment_error(payment)
            return read_error(error) if error else None

    def receipt(self, copy: Copy) -> Receipt:
        """One copy of its receipt; without lines if there is none. Raises `CallerError` while the payment runs."""
        receipt = Receipt()
        with self._handle as payment:
            call(library.secupos_payment_receipt, payment, as_copy(copy), receipt._handle.out)
        return receipt

    def to_json(self) -> Dict[str, Any]:
        """All of it as one object, the same in every binding. It holds the receipts: keep it as you keep those."""
        with self._handle as payment:
            document: Dict[str, Any] = json.loads(read_bytes(library.secupos_payment_to_json, payment))
            return document

    def _get(self, getter: Callable[..., Any]) -> Any:
        with self._handle as payment:
            return getter(payment)

    def __repr__(self) -> str:
        if self._handle.is_closed:
            return "<secupos.Payment, closed>"
        return f"<secupos.Payment {self.reference!r}, attempt {self.attempt}: {self.outcome.name}>"


class PaymentInterrupted(KeyboardInterrupt):
    """Ctrl-C, or something else (``__cause__``), broke into `Till.pay` while the payment was running.

    The payment goes on: the customer may still pay. Keep `payment` and wait for its outcome; do not end the program
    before it is known.
    """

    #: The payment, which is still running.
    payment: Payment

    def __init__(self, payment: Payment) -> None:
        super().__init__("the wait was interrupted; the payment goes on, wait for its outcome")
        self.payment = payment
