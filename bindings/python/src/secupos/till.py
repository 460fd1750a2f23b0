"""A till: one terminal, one payment at a time, none forgotten."""

from __future__ import annotations

import json
from ctypes import byref, c_int32
from datetime import date, datetime, timezone
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from ._abi import library
from ._calls import call
from ._declarations import REPORT_FORCE
from ._handle import Native, read_bytes
from ._values import milliseconds, optional_int32, optional_number, text, unix_ms
from .archive import Damage, Export, Pruned
from .config import Config
from .enums import Decision, RegistrationState, ReversalDecision
from .errors import SecuposError
from .payment import Payment, PaymentInterrupted, read_payments
from .registration import Registration
from .report import Report
from .sale import Sale


class Till(Native):
    """A till. Open one when the program starts, and keep it. It may be used from any thread.

    A program that starts begins with the payments that the last one has left::

        for payment in till.recover_all(60):
            ...                                         # do what payment.next_actions says, book it
            if payment.reversal is secupos.Reversal.UNKNOWN:
                continue                                # its reversal is in doubt
            if payment.outcome in (secupos.Outcome.APPROVED, secupos.Outcome.REVERSED) or payment.conflict:
                till.acknowledge(payment)

    A payment that is still in doubt stays listed. Ask again later, or ask a person (`decide`, `decide_reversal`).

    Opening a till waits for no network. It reads what is in doubt in the background. It raises:

    - `InvalidArgumentError`: the config cannot be used. The message names what is wrong with it.
    - `StateFileMissingError`: there is no state file. `Config.create_state_file` makes one, once, at set-up.
    - `StateFileLockedError`: another till has the state file open.
    - `StateFileMismatchError`: the state file belongs to another till. See `rebind`.
    - `StateFileTooNewError`: a newer secupos has written it.
    - `StateFileAccessError`: it cannot be read or written.
    """

    _noun = "till"
    _instead_of_pickling = "Pickle its Config, and open the till in the process that uses it."

    def __init__(self, config: Config) -> None:
        super().__init__()
        if not isinstance(config, Config):
            raise TypeError(f"config must be a Config, not {type(config).__name__}")
        self._state_file = config.state_file
        with config._native() as native:
            call(library.secupos_till_open, native, self._handle.out)

    @staticmethod
    def rebind(config: Config, operator: str, reason: str) -> None:
        """Binds the state file to the host, device and client of this config, because a person says that it is the same
        till.

        Use it after the vendor has renamed a host, or after the device code or the client has changed. `operator` is
        who says so, and `reason` is why. Both are kept. Payments that were begun before cannot be reversed by their
        number any more. The till must not be open. Uses no network.

        Raises:

        - `InvalidStateError`: a payment is in doubt and undecided, or may still reach the terminal.
        - `StateFileMissingError`, `StateFileDamagedError`.
        - `StateFileLockedError`: the till is open.
        - `StateFileMismatchError`: the file comes from the other environment.
        - `InvalidArgumentError`.
        """
        if not isinstance(config, Config):
            raise TypeError(f"config must be a Config, not {type(config).__name__}")
        with config._native() as native:
            call(library.secupos_till_rebind, native, text("operator", operator), text("reason", reason))

    def pay(self, sale: Sale) -> Payment:
        """Takes the payment and waits until it has an outcome. Other threads run meanwhile.

        A till may call it again with the same `Sale.reference` and `Sale.attempt`, after an error, a crash or a power
        cut: the same sale is never charged twice. If the payment is running, it joins it. If it is in doubt, it goes on
        with it. If it has an outcome, it tells that again (`Payment.replayed`). It never makes another attempt by
        itself. After `Outcome.FAILED` and `Outcome.NOT_STARTED` the till may ask for the next `Sale.attempt`.

        Every `SecuposError` means that this call has sent nothing. No money moves because of it.

        - `InvalidArgumentError`: the sale cannot be used. The message names what is wrong with it.
        - `ReferenceConflictError`: the reference and attempt were used for another amount, or another attempt has taken
          money.
        - `ReferenceClosedError`: the payment with this reference was acknowledged.
        - `AttemptOutOfOrderError`: the attempt is not the next one.
        - `PossibleDuplicateError`: see `Sale.confirm_not_duplicate`.
        - `BusyError`: something else is running at the terminal, or `recover_all`.
        - `StateFileAccessError`: the library begins no payment that it cannot remember.
        - `StateFileDamagedError`: see `accept_journal_loss`.

        In every other case there is a payment, also without a network. Look at `Payment.outcome`, and do what
        `Payment.next_actions` says.

        Ctrl-C asks for an abort and raises `PaymentInterrupted`, which holds the payment. The payment wins, so wait for
        its outcome. Another exception that breaks in, such as one of a signal handler, asks for an abort, too, and is
        raised as it is. Call `recover` for what became of the payment.
        """
        return self._take(sale, timeout=None)

    def start_payment(self, sale: Sale) -> Payment:
        """Begins to take the payment and returns at once. `Payment.wait` gives the outcome. Otherwise it is like
        `pay`."""
        return self._take(sale, timeout=0)

    async def pay_async(self, sale: Sale) -> Payment:
        """`pay` for asyncio. Other tasks run meanwhile, and no thread waits.

        To cancel the task asks for an abort, and the payment wins. The next `pay` with the same sale tells what became
        of it, and so does `recover`.
        """
        payment = self.start_payment(sale)
        try:
            await payment.wait_async()
        except SecuposError as fault:
            raise _may_have_been_sent(payment) from fault
        except BaseException:
            payment.abort()
            raise
        return payment

    def recover(self, reference: str, attempt: int | None = None) -> Payment:
        """Finds out what became of the payment with this reference, and starts nothing. It returns at once, and
        `Payment.wait` gives the outcome, with the same receipts as ever.

        `attempt` may be left out where only one attempt needs something. Then it tells of that one, or else of the one
        that took money, or else of the last one. A payment that is still in doubt after the resolve timeout is
        `Outcome.UNKNOWN`: ask again later, or ask a person (`decide`). Receipts that were not there yet are asked for
        again. Money is asked for once: see `Payment.next_actions`.

        Raises:

        - `PaymentNotFoundError`: the payment was never begun, and `pay` may be called.
        - `BusyError`: something else is running, and the service would have to be asked.
        - `InvalidStateError`: no attempt is named, and two need something.
        - `InvalidArgumentError`.
        """
        payment = Payment()
        which = text("reference", reference), optional_int32("attempt", attempt)
        with self._handle as till:
            call(library.secupos_till_recover, till, *which, payment._handle.out)
        return payment

    def recover_all(self, timeout: float) -> list[Payment]:
        """Finds out what became of everything that is unfinished, and starts nothing. It waits until that is done, or
        until `timeout` seconds are over: at most an hour. 0 uses no network and tells only what is known.

        Gives one payment for each attempt, the oldest first. A payment that is still in doubt is `Outcome.UNKNOWN`. Do
        what its `Payment.next_actions` say, then `acknowledge` it. Each program calls this when it starts, and when an
        action says `Action.CHECK_UNFINISHED`. It needs no loop of its own. Money is asked for once: see
        `Payment.next_actions`.

        Other threads run meanwhile, and their `pay` raises `BusyError`. Ctrl-C waits until it returns. With asyncio,
        call `await asyncio.to_thread(till.recover_all, 60)`.

        Raises `BusyError` while something else runs at the terminal, `StateFileError`, and `InvalidArgumentError`.
        """
        limit = milliseconds("timeout", timeout)
        with self._handle as till:
            return read_payments(library.secupos_till_recover_all, till, limit)

    def reverse(self, reference: str, attempt: int | None = None, confirmed_by: str | None = None) -> Payment:
        """Begins to reverse an approved payment at the terminal, and returns at once. After `Payment.wait`,
        `Payment.reversal` tells what became of it.

        Only girocard and direct debit payments can be reversed, until the end of the terminal's day. A person must
        confirm the reversal of a payment that is older than 24 hours, or whose money was to be given back in another
        way (`Action.REFUND`). `confirmed_by` is that person. The person has compared the receipt number with the
        customer's slip, and knows that the money has not been given back. `attempt` may be left out where only one
        attempt needs something.

        `Reversal.REFUSED` means that the service itself has refused at once, the first time, and still calls the
        payment paid 12 seconds later. It takes that long. Everything else that is not done is `Reversal.UNKNOWN`, until
        the service says cancelled or a person decides (`decide_reversal`).

        A till may call it again. It joins a reversal that is running, and tells again of one that is done. If the
        reversal is in doubt, it sends a second request only when the first one cannot reach the terminal any more and
        the service says that the payment stands. `recover` only asks.

        Raises:

        - `PaymentNotFoundError`, `BusyError`, `ConfirmationRequiredError`, `InvalidArgumentError`.
        - `InvalidStateError`: the payment is not approved; the terminal has counted its receipts anew since, or is
          another one; its day was closed, or may have been; the till was bound anew (`rebind`); or no attempt is named,
          and two need something.

        Then nothing was sent.
        """
        payment = Payment()
        which = text("reference", reference), optional_int32("attempt", attempt)
        with self._handle as till:
            if confirmed_by is None:
                call(library.secupos_till_reverse, till, *which, payment._handle.out)
            else:
                operator = text("confirmed_by", confirmed_by)
                call(library.secupos_till_reverse_confirmed, till, *which, operator, payment._handle.out)
        return payment

    def run_end_of_day(self, force: bool = False) -> Report:
        """Begins the end of the terminal's day, and returns at once. `Report.wait` tells what became of it.

        It clears girocard and direct debit payments. After that they can no longer be reversed. It is not run while a
        payment or its reversal is in doubt, except with `force`.

        Raises `BusyError` while something else runs at the terminal, and `StateFileError`.
        """
        report = Report()
        with self._handle as till:
            call(library.secupos_till_run_end_of_day, till, REPORT_FORCE if force else 0, report._handle.out)
        return report

    def run_diagnosis(self, force: bool = False) -> Report:
        """Begins a diagnosis of the terminal, and returns at once. The terminal calls its host and updates its
        settings. The till must offer this to the cashier.

        It is not run while a payment or its reversal may still reach the terminal, except with `force`. It raises the
        same as `run_end_of_day`.
        """
        report = Report()
        with self._handle as till:
            call(library.secupos_till_run_diagnosis, till, REPORT_FORCE if force else 0, report._handle.out)
        return report

    def to_dict(self) -> dict[str, Any]:
        """How the till stands. Uses no network.

        - `end_of_day_due`: how many `payments` wait for the end of the terminal's day, and since when (`since`, in Unix
          milliseconds, or `None`).
        - `last_end_of_day`: when that was run last.
        - `logins_taken`: how often somebody else has logged in as this device since the till was opened.
        - `rollback_unnoticed`: whether nobody would notice a state file of an older day, because the service does not
          list its payments.
        """
        with self._handle as till:
            document: dict[str, Any] = json.loads(read_bytes(library.secupos_till_to_json, till))
            return document

    def register(self, device_name: str) -> Registration:
        """Registers the till as a device of the service. This is done once, when a till is set up.

        It returns at once. Show `Registration.user_code` to the person who confirms it, and wait. From then on the till
        is that device, also after a restart: the state file keeps its code. To close the till ends the registration.

        `device_name` is the device's name as agreed on with the vendor, such as `/vendor/unknown/cashier/1`.

        Raises:

        - `InvalidArgumentError`.
        - `InvalidStateError`: the config has a `device_code`.
        - `BusyError`: a payment or another registration is running.
        """
        registration = Registration()
        with self._handle as till:
            call(library.secupos_till_register, till, text("device_name", device_name), registration._handle.out)
        return registration

    @property
    def registration_state(self) -> RegistrationState:
        """Whether the till is a device of the service, or how its registration stands. Uses no network."""
        state = c_int32()
        with self._handle as till:
            call(library.secupos_till_registration_state, till, byref(state))
        return RegistrationState(state.value)

    def unfinished(self) -> list[Payment]:
        """The payments that the till has to do something about, the oldest first. Uses no network and never waits.

        These are payments in doubt, approved and reversed payments that it has not acknowledged, and conflicts. The
        list only shows: a payment in it says `Action.RECOVER_LATER` instead of asking for money. `recover_all` asks.
        """
        with self._handle as till:
            return read_payments(library.secupos_till_unfinished, till)

    def acknowledge(self, payment: Payment | str, attempt: int | None = None) -> None:
        """Says that the till has taken over what this payment has told: it is booked, and its receipts are printed.
        After that `unfinished` leaves it out, and `pay` refuses its reference.

        Approved and reversed payments need this, and conflicts. It may be repeated. Uses no network. A conflict or a
        copy of the receipt that came later stays listed.

        With a reference, and `attempt` where two attempts need something, it takes over what this program was told
        last. A payment of a list (`unfinished`, `find_payments`) has told of no conflict: recover it first.

        Raises:

        - `PaymentNotFoundError`.
        - `InvalidStateError`: it is running; it or its reversal is in doubt and so has no result; or no attempt is
          named, and two need something.
        - `InvalidArgumentError`.
        """
        if isinstance(payment, Payment):
            if attempt is not None:
                raise TypeError("attempt goes with a reference: a payment knows its own")
            with payment._handle as native, self._handle as till:
                call(library.secupos_payment_acknowledge, native, till)
        else:
            which = text("reference", payment), optional_int32("attempt", attempt)
            with self._handle as till:
                call(library.secupos_till_acknowledge, till, *which)

    def decide(
        self,
        reference: str,
        decision: Decision,
        operator: str,
        reason: str,
        slip_number: int | None = None,
        attempt: int | None = None,
    ) -> Payment:
        """Stores what a person says became of a payment in doubt. Uses no network.

        `operator` has looked at the terminal, `reason` is what the person found there, and `slip_number` is the receipt
        number on the slip if there is one. `attempt` may be left out where only one attempt needs something.

        From then on the payment is approved or not started, with `DecidedBy.OPERATOR`. Nothing is overwritten, and no
        money moves by it. The service is still asked, for 7 days. If it contradicts, `Payment.conflict` is set, and
        `unfinished` lists the payment. After `Decision.NOT_PAID` a payment over the same amount under another reference
        needs `Sale.confirm_not_duplicate` for 15 minutes. A payment that has been at the terminal for a minute may be
        decided while it is running.

        Raises:

        - `InvalidStateError`: it is running; it is not in doubt, or not any more (recover it); or no attempt is named,
          and two need something.
        - `PaymentNotFoundError`, `InvalidArgumentError`.
        """
        if not isinstance(decision, Decision):
            raise TypeError(f"decision must be a Decision, not {type(decision).__name__}")
        payment = Payment()
        with self._handle as till:
            call(
                library.secupos_till_decide,
                till,
                text("reference", reference),
                optional_int32("attempt", attempt),
                decision,
                text("operator", operator),
                text("reason", reason),
                optional_number("slip_number", slip_number),
                payment._handle.out,
            )
        return payment

    def decide_reversal(
        self,
        reference: str,
        decision: ReversalDecision,
        operator: str,
        reason: str,
        attempt: int | None = None,
    ) -> Payment:
        """Stores what a person says became of a reversal in doubt. Uses no network.

        `operator` has looked at the terminal, and `reason` is what the person found there. `attempt` may be left out
        where only one attempt needs something.

        From then on the payment is reversed, or approved with `Reversal.REFUSED`, with `DecidedBy.OPERATOR`. The
        service is still asked, for 7 days. If it says cancelled after a "not reversed", `Payment.conflict` is set, and
        `unfinished` lists the payment. If it goes on saying paid after a "reversed", that is no contradiction.

        Raises:

        - `InvalidStateError`: no reversal of it is in doubt; it is running; or no attempt is named, and two need
          something.
        - `PaymentNotFoundError`, `InvalidArgumentError`.
        """
        if not isinstance(decision, ReversalDecision):
            raise TypeError(f"decision must be a ReversalDecision, not {type(decision).__name__}")
        payment = Payment()
        with self._handle as till:
            call(
                library.secupos_till_decide_reversal,
                till,
                text("reference", reference),
                optional_int32("attempt", attempt),
                decision,
                text("operator", operator),
                text("reason", reason),
                payment._handle.out,
            )
        return payment

    def find_payments(self, since: datetime, before: datetime, receipt_number: int | None = None) -> list[Payment]:
        """The payments with a `Payment.created_at` from `since` on and before `before`, the oldest first. Uses no
        network.

        Both times need a time zone. With `receipt_number` it gives only the payments that have it.
        """
        limits = unix_ms("since", since), unix_ms("before", before), optional_number("receipt_number", receipt_number)
        with self._handle as till:
            return read_payments(library.secupos_till_find_payments, till, *limits)

    def accept_journal_loss(self, operator: str) -> None:
        """Says that `operator` has seen that the state file was damaged, lost or replaced by an older one, and that
        payments in it may be forgotten.

        Until then `pay` raises `StateFileDamagedError`. Compare the terminal's list of payments with the till's first.
        It does nothing where nothing was lost.
        """
        with self._handle as till:
            call(library.secupos_till_accept_journal_loss, till, text("operator", operator))

    def verify_archive(self) -> list[Damage]:
        """Goes through the whole state file, and names everything that is not as it was written. It gives nothing if
        the file is whole. It takes about a second for 100 MB. Uses no network.

        Raises `BusyError` while a payment is running.
        """
        with self._handle as till:
            return [Damage(**found) for found in json.loads(read_bytes(library.secupos_till_verify_archive, till))]

    def export_day(self, day: date, folder: str | PathLike[str]) -> Export:
        """Exports all payments that were begun on a day, by German legal time, into a folder that exists. Uses no
        network.

        One file has them as JSON lines, with the service's answers as received. The other file has the receipts as
        printed. Both hold account numbers. No file is ever written over, and the same day exported again changes
        nothing.

        Raises `InvalidArgumentError` if the folder cannot be written to.
        """
        if not isinstance(day, date) or isinstance(day, datetime):
            raise TypeError(f"day must be a date, not {type(day).__name__}")
        arguments = text("day", day.isoformat()), text("folder", fspath(folder))
        with self._handle as till:
            told = json.loads(read_bytes(library.secupos_till_export_day, till, *arguments))
        payments_file, receipts_file = Path(told.pop("payments_file")), Path(told.pop("receipts_file"))
        return Export(payments_file=payments_file, receipts_file=receipts_file, **told)

    def prune_archive(self, operator: str, retention_days: int | None = None) -> Pruned:
        """Removes the service's answers, and with them the receipts, of payments that were begun more than
        `retention_days` days ago. Uses no network.

        This cannot be taken back: export before. Everything else that is known of a payment stays. `None` is 4018 days,
        the longest time that German law asks for. `operator` is kept as the person who wanted it.

        Raises `BusyError` while a payment is running, `StateFileDamagedError` if the file is not whole, and
        `InvalidArgumentError`.
        """
        arguments = optional_int32("retention_days", retention_days), text("operator", operator)
        with self._handle as till:
            told = json.loads(read_bytes(library.secupos_till_prune_archive, till, *arguments))
        before = told.pop("before")
        return Pruned(before=datetime.fromtimestamp(before / 1000, timezone.utc) if before else None, **told)

    def _take(self, sale: Sale, timeout: float | None) -> Payment:
        if not isinstance(sale, Sale):
            raise TypeError(f"sale must be a Sale, not {type(sale).__name__}")
        payment = Payment()
        # Whatever breaks in once the library has the payment: it must not be lost.
        try:
            with self._handle as till, sale._native() as native:
                call(library.secupos_till_start_payment, till, native, payment._handle.out)
            payment.wait(timeout)
        except KeyboardInterrupt as interrupt:
            if payment._handle.is_filled:
                raise PaymentInterrupted(payment, payment.abort()) from interrupt
            raise
        except SecuposError as fault:
            if payment._handle.is_filled:
                raise _may_have_been_sent(payment) from fault
            raise
        except BaseException:
            if payment._handle.is_filled:
                payment.abort()
            raise
        return payment

    def _summary(self) -> str:
        with self._handle:
            return f" {fspath(self._state_file)!r}"


def _may_have_been_sent(payment: Payment) -> RuntimeError:
    """The wait for a payment failed, which only a fault in secupos can do. A `SecuposError` would say that nothing was
    sent."""
    return RuntimeError(f"the wait for {payment!r} failed; Till.recover tells what became of it")
