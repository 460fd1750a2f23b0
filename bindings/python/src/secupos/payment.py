"""A payment, as the till holds it: it changes once, from pending to its result."""

from __future__ import annotations

import asyncio
import json
import time
from ctypes import byref, c_int32
from datetime import datetime
from typing import Any, Callable, Dict, List, Optional

from . import _abi, _values
from ._abi import library
from ._handle import Handle, Lent, Native, read_bytes
from .enums import Abort, Action, Basis, Copy, Outcome, Reason, Reversal, Signature
from .errors import SecuposError, call, read_error
from .receipt import Receipt, as_copy
from .rendering import RenderOptions
from .waiting import SLICE, deadline_after, wait


class Payment(Native):
    """A payment; from `Till.pay`, `Till.recover`, `Till.recover_all` and the like. May be used from any thread.

    It tells what became of it, and does not change after that. An unknown one stays unknown, too. What becomes known
    later (from the service, by `Till.decide`, by a reversal) is told by the next one that `Till.recover` gives.

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
        # Held for all of it: a `close` from another thread does not end the wait.
        with self._handle as payment:
            return wait(lambda ms: _outcome_within(payment, ms), Outcome.PENDING, timeout)

    async def wait_async(self, timeout: Optional[float] = None) -> Outcome:
        """`wait` for asyncio: other tasks run meanwhile, and no thread waits. To cancel the task stops only the
        wait."""
        deadline = deadline_after(timeout)
        with self._handle as payment:
            while True:
                outcome = _outcome_within(payment, 0)
                left = deadline - time.monotonic()
                if outcome is not Outcome.PENDING or left <= 0:
                    return outcome
                await asyncio.sleep(min(SLICE, left))

    def abort(self) -> Abort:
        """Asks that it be not taken: `Abort.ABANDONED` if it will never be started, `Abort.AT_TERMINAL` if it may have
        reached the terminal (there, only STOP helps), `Abort.TOO_LATE` if it has its outcome.

        Waits for nothing and may be called from any thread, also while another one waits. It is a request, and the
        payment wins: whatever this says, wait for the outcome; one that was approved is told as approved.
        """
        said = c_int32()
        with self._handle as payment:
            call(library.secupos_payment_abort, payment, byref(said))
        return Abort(said.value)

    @property
    def outcome(self) -> Outcome:
        """What became of it so far. The till may hand out the goods on `Outcome.APPROVED` only."""
        return Outcome(self._get(library.secupos_payment_outcome))

    @property
    def reason(self) -> Optional[Reason]:
        """Why it has this outcome; of an approved one, why its reversal was not done, or what is odd about it."""
        number = self._get(library.secupos_payment_reason)
        return Reason(number) if number else None

    @property
    def reversal(self) -> Reversal:
        """What became of its reversal so far; `error` tells why it was refused or is in doubt."""
        return Reversal(self._get(library.secupos_payment_reversal))

    @property
    def basis(self) -> Basis:
        """Who says so: the service, or a person with `Till.decide` or `Till.decide_reversal`."""
        return Basis(self._get(library.secupos_payment_basis))

    @property
    def replayed(self) -> bool:
        """Whether it was begun earlier, by another call or before a restart, and this tells what became of it."""
        return bool(self._get(library.secupos_payment_replayed))

    @property
    def conflict(self) -> bool:
        """Whether the service has contradicted what was believed before (a person's decision, or its own earlier
        word). `outcome` is the truth as far as it is known; what is to be done about it comes first in
        `next_actions`."""
        return bool(self._get(library.secupos_payment_conflict))

    @property
    def next_actions(self) -> List[Action]:
        """What the till should do next, in this order. A till that does these, and nothing else, does right.

        Money is asked for once: `Action.REFUND`, `Action.COLLECT` and `Action.COLLECT_REST` are stored as told before
        this tells them. Told again, after a crash too, they are `Action.ASK_CASHIER`, and `cashier_text` says when they
        were asked for. A payment of a list (`Till.unfinished`, `Till.find_payments`) tells none of them: it says
        `Action.RECOVER_LATER`.
        """
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
    def amount_due(self) -> Optional[int]:
        """What is missing of what was asked for, in minor units (cents), where only a part was charged. Collect it in
        another way, or as a sale under a new reference (`Action.COLLECT_REST`)."""
        return self._get(library.secupos_payment_amount_due) or None

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
        created_at = _values.utc(self._get(library.secupos_payment_created_at))
        assert created_at is not None
        return created_at

    @property
    def settled_at(self) -> Optional[datetime]:
        """When it was settled, in UTC. Of an unknown one: when that was said."""
        return _values.utc(self._get(library.secupos_payment_settled_at))

    @property
    def signature(self) -> Signature:
        """Whether the customer must sign the merchant's copy."""
        return Signature(self._get(library.secupos_payment_signature))

    @property
    def merchant_receipt_due(self) -> bool:
        """Whether the server asks for the merchant's copy to be printed now."""
        return bool(self._get(library.secupos_payment_merchant_receipt_due))

    @property
    def receipts_pruned(self) -> bool:
        """Whether `Till.prune_archive` has removed its receipts: then they are empty, although there were some."""
        return bool(self._get(library.secupos_payment_receipts_pruned))

    def cashier_text(self, language: str = "de") -> str:
        """What became of it and what to do, for the person at the till, in ``"de"`` or ``"en"`` (others: German). That
        of a `replayed` one says that it is an earlier result, with its time."""
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

    def render_receipt(self, copy: Copy, options: RenderOptions) -> bytes:
        """One copy of its receipt in one call; that of a reversed payment is marked as such. Empty if there is none,
        but in JSON. Raises `CallerError` while the payment runs, and `InvalidArgument`."""
        with self._handle as payment, options._native() as native:
            return read_bytes(library.secupos_payment_render_receipt, payment, as_copy(copy), native)

    def to_json(self) -> Dict[str, Any]:
        """All of it as one object, the same in every binding. It holds the receipts: keep it as you keep those.

        Only here: ``asked_before_at``, when money was asked for before (Unix milliseconds, or ``None``).
        """
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
    """Ctrl-C, or something else (``__cause__``), broke into `Till.pay`, which has asked for an abort of the payment.

    The payment wins: unless `abort` is `Abort.ABANDONED`, the customer may still pay. Call ``payment.wait()`` for the
    true outcome. A program that ends before it is known is told of the payment by `Till.recover_all` when it starts
    again.
    """

    #: The payment.
    payment: Payment
    #: What asking for the abort has come to.
    abort: Abort

    def __init__(self, payment: Payment, abort: Abort) -> None:
        super().__init__(f"the wait was interrupted, the abort came to {abort.name}; wait for the payment's outcome")
        self.payment = payment
        self.abort = abort


def read_payments(function: Callable[..., int], *arguments: Any) -> List[Payment]:
    """What a function gives as ``secupos_payment_list``. The list goes when the last of its payments is closed."""
    owner = Handle("payment_list")
    try:
        call(function, *arguments, owner.out)
        with owner as found:
            indices = range(library.secupos_payment_list_count(found))
            lent = [library.secupos_payment_list_payment(found, index) for index in indices]
            return [Payment(Lent("payment", owner, pointer)) for pointer in lent]
    finally:
        owner.close()


def _outcome_within(payment: Any, ms: int) -> Outcome:
    outcome = c_int32()
    call(library.secupos_payment_wait, payment, ms, byref(outcome))
    return Outcome(outcome.value)
