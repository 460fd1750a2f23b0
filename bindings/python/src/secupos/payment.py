"""A payment, as the till holds it: it changes once, from pending to its result."""

from __future__ import annotations

import json
from ctypes import byref, c_int32
from datetime import datetime
from typing import Any, Callable

from . import _values, waiting
from ._abi import library
from ._calls import call, read_error
from ._handle import Handle, Lent, Native, read_bytes
from ._notice import Notice
from .enums import Abort, Action, Copy, DecidedBy, Outcome, Phase, Reason, Reversal, Signature
from .errors import SecuposError
from .receipt import Receipt, as_copy
from .rendering import RenderOptions


class Payment(Native):
    """A payment, from `Till.pay`, `Till.recover`, `Till.recover_all` and others. It may be used from any thread.

    It tells what became of the payment, and does not change after that. An unknown payment stays unknown, too. Later
    news come with the next object that `Till.recover` gives: from the service, by `Till.decide`, or by a reversal.

    While the payment runs, `outcome` is `Outcome.PENDING`, and all that is not known yet is `None` or empty. `repr`
    shows no receipt.
    """

    _noun = "payment"
    _instead_of_pickling = "Pickle its reference and attempt for Till.recover, or what to_dict gives."

    def __init__(self, handle: Handle | None = None) -> None:
        super().__init__(handle)
        self._notice = Notice(self._noun)

    def wait(self, timeout: float | None = None) -> Outcome:
        """Waits until the payment has its outcome, for at most `timeout` seconds. 0 only looks, and `None` waits for
        ever.

        Returns the outcome, or `Outcome.PENDING` if the time is over. Other threads run meanwhile, and Ctrl-C raises
        `KeyboardInterrupt` within a tenth of a second. Leaving the wait never stops the payment: the till can wait for
        it again.
        """
        # Held for all of it: a `close` from another thread does not end the wait.
        with self._handle as payment:
            return waiting.wait(lambda ms: _outcome_within(payment, ms), Outcome.PENDING, timeout)

    async def wait_async(self, timeout: float | None = None) -> Outcome:
        """`wait` for asyncio. Other tasks run meanwhile, and no thread waits. To cancel the task stops only the
        wait."""
        with self._handle as payment:
            return await waiting.wait_async(
                lambda ms: _outcome_within(payment, ms),
                Outcome.PENDING,
                timeout,
                lambda left: self._notice.wait(payment, left),
            )

    def abort(self) -> Abort:
        """Asks the library not to take the payment.

        Returns `Abort.ABANDONED` if it will never be started, and `Abort.TOO_LATE` if it has its outcome. Returns
        `Abort.AT_TERMINAL` if it may have reached the terminal: there only STOP helps.

        This waits for nothing. Any thread may call it, also while another one waits. It is a request, and the payment
        wins: wait for the outcome after every answer. If the customer has paid, the outcome is approved.
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
    def reason(self) -> Reason | None:
        """Why it has this outcome. For an approved payment: why its reversal was not done, or what is odd about it."""
        number = self._get(library.secupos_payment_reason)
        return Reason(number) if number else None

    @property
    def phase(self) -> Phase:
        """How far it has come, or its reversal, while that runs. `Phase.NONE` as soon as there is a result."""
        return Phase(self._get(library.secupos_payment_phase))

    @property
    def reversal(self) -> Reversal:
        """What became of its reversal so far. `error` says why it was refused or is in doubt."""
        return Reversal(self._get(library.secupos_payment_reversal))

    @property
    def decided_by(self) -> DecidedBy:
        """Who says so: the service, or a person with `Till.decide` or `Till.decide_reversal`."""
        return DecidedBy(self._get(library.secupos_payment_decided_by))

    @property
    def replayed(self) -> bool:
        """Whether it was begun earlier, by another call or before a restart."""
        return bool(self._get(library.secupos_payment_replayed))

    @property
    def conflict(self) -> bool:
        """Whether the service has contradicted a person's decision, or its own earlier word.

        `outcome` is the truth as far as it is known. The actions about the conflict come first in `next_actions`.
        """
        return bool(self._get(library.secupos_payment_conflict))

    @property
    def next_actions(self) -> list[Action]:
        """What the till should do next, in this order. A till that does these, and nothing else, does right.

        Money is asked for once. `Action.REFUND`, `Action.COLLECT` and `Action.COLLECT_REST` are stored as told before
        this gives them. After that, and after a crash, `Action.ASK_CASHIER` stands in their place, and `cashier_text`
        says when the money was asked for. A payment of a list (`Till.unfinished`, `Till.find_payments`) has
        `Action.RECOVER_LATER` in their place.
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
        """The number of the try, from 1."""
        attempt: int = self._get(library.secupos_payment_attempt)
        return attempt

    @property
    def transaction_id(self) -> str | None:
        """The service's id for it."""
        transaction_id: str | None = self._get(library.secupos_payment_transaction_id)
        return transaction_id

    @property
    def status_text(self) -> str | None:
        """The service's own word for where it stands."""
        status_text: str | None = self._get(library.secupos_payment_status_text)
        return status_text

    @property
    def amount(self) -> int:
        """The amount that the till asked for, in minor units (cents)."""
        amount: int = self._get(library.secupos_payment_amount)
        return amount

    @property
    def amount_charged(self) -> int | None:
        """The amount that was charged, in minor units (cents). Only an approved payment has one. It may differ from the
        amount that the till asked for."""
        return self._get(library.secupos_payment_amount_charged) or None

    @property
    def amount_due(self) -> int | None:
        """The amount that is missing, in minor units (cents), if only a part was charged. Collect it in another way, or
        as a sale under a new reference (`Action.COLLECT_REST`)."""
        return self._get(library.secupos_payment_amount_due) or None

    @property
    def currency(self) -> str:
        """Three capital letters, after ISO 4217."""
        currency: str = self._get(library.secupos_payment_currency)
        return currency

    @property
    def receipt_number(self) -> int | None:
        """The terminal's number for it. On the slip it may have leading zeros: `receipt(…).field("receipt_no")`."""
        return self._get(library.secupos_payment_receipt_number) or None

    @property
    def created_at(self) -> datetime:
        """When the till asked for it, in UTC."""
        created_at = _values.utc(self._get(library.secupos_payment_created_at))
        assert created_at is not None
        return created_at

    @property
    def completed_at(self) -> datetime | None:
        """When it got its outcome, in UTC."""
        return _values.utc(self._get(library.secupos_payment_completed_at))

    @property
    def signature(self) -> Signature:
        """Whether the customer must sign the merchant's copy."""
        return Signature(self._get(library.secupos_payment_signature))

    @property
    def merchant_receipt_due(self) -> bool:
        """Whether the service asks the till to print the merchant's copy now."""
        return bool(self._get(library.secupos_payment_merchant_receipt_due))

    @property
    def receipts_pruned(self) -> bool:
        """Whether `Till.prune_archive` has removed its receipts. They are empty then."""
        return bool(self._get(library.secupos_payment_receipts_pruned))

    def cashier_text(self, language: str = "de") -> str:
        """What became of it and what to do, for the person at the till, in `"de"` or `"en"`.

        The text of a `replayed` payment says that this is an earlier result, and when it was.
        """
        number = _values.language(language)
        with self._handle as payment:
            text: str = library.secupos_payment_cashier_text(payment, number)
            return text

    @property
    def error(self) -> SecuposError | None:
        """The exception that says what went wrong, or `None`. It is not raised."""
        with self._handle as payment:
            error = library.secupos_payment_error(payment)
            return read_error(error) if error else None

    def receipt(self, copy: Copy) -> Receipt:
        """One copy of its receipt. It has no lines if there is none.

        Raises `InvalidStateError` while the payment runs.
        """
        receipt = Receipt()
        with self._handle as payment:
            call(library.secupos_payment_receipt, payment, as_copy(copy), receipt._handle.out)
        return receipt

    def render_receipt(self, copy: Copy, options: RenderOptions) -> bytes:
        """One copy of its receipt, rendered. That of a reversed payment is marked. Empty if there is no receipt (JSON
        never is).

        Raises `InvalidStateError` while the payment runs, and `InvalidArgumentError` if the options cannot be used.
        """
        with self._handle as payment, options._native() as native:
            return read_bytes(library.secupos_payment_render_receipt, payment, as_copy(copy), native)

    def to_dict(self) -> dict[str, Any]:
        """All of it as one object. It is the same in every language. It holds the receipts: protect it as you protect
        those.

        Nothing else tells `asked_before_at`: when money was asked for before, in Unix milliseconds, or `None`.
        """
        with self._handle as payment:
            document: dict[str, Any] = json.loads(read_bytes(library.secupos_payment_to_json, payment))
            return document

    def _get(self, getter: Callable[..., Any]) -> Any:
        with self._handle as payment:
            return getter(payment)

    def _summary(self) -> str:
        return f" {self.reference!r}, attempt {self.attempt}: {self.outcome.name}"


class PaymentInterrupted(KeyboardInterrupt):
    """Ctrl-C broke into `Till.pay`, which has asked for an abort of the payment.

    The payment wins: the customer may still pay, except if `abort` is `Abort.ABANDONED`. Call `payment.wait()` for the
    true outcome. If the program ends before that, `Till.recover_all` tells of the payment when it starts again.

    - `payment`: the payment.
    - `abort`: what asking for the abort has come to.
    """

    payment: Payment
    abort: Abort

    def __init__(self, payment: Payment, abort: Abort) -> None:
        super().__init__(f"Ctrl-C left the wait, and the abort came to {abort.name}; wait for the payment's outcome")
        self.payment = payment
        self.abort = abort

    def __reduce__(self) -> tuple[type[PaymentInterrupted], tuple[Payment, Abort]]:
        # Of these, the payment says that it cannot be pickled.
        return type(self), (self.payment, self.abort)


def read_payments(function: Callable[..., int], *arguments: Any) -> list[Payment]:
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
