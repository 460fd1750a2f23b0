"""A till: one terminal, one payment at a time, none forgotten."""

from __future__ import annotations

import json
from ctypes import byref, c_int32
from datetime import date, datetime, timezone
from os import PathLike, fspath
from pathlib import Path
from typing import Any, Dict, List, Optional, Union

from ._abi import library
from ._declarations import REPORT_FORCE
from ._handle import Native, read_bytes
from ._values import milliseconds, optional_int32, optional_number, text, unix_ms
from .archive import Damage, Export, Pruned
from .config import Config
from .enums import Decision, RegistrationState, ReversalDecision
from .errors import call
from .payment import Payment, PaymentInterrupted, read_payments
from .registration import Registration
from .report import Report
from .sale import Sale


class Till(Native):
    """A till. May be used from any thread. Open one when the program starts, and keep it.

    A program that starts begins with what the last one has left::

        for payment in till.recover_all(60):
            ...                                         # do what payment.next_actions says, book it
            if payment.reversal is secupos.Reversal.UNKNOWN:
                continue                                # its reversal is in doubt
            if payment.outcome in (secupos.Outcome.APPROVED, secupos.Outcome.REVERSED) or payment.conflict:
                till.acknowledge(payment)

    What is in doubt after that stays listed: ask again later, or ask a person (`decide`, `decide_reversal`).

    Opening waits for no network; what is in doubt is read in the background. Raises `InvalidArgument` if the config
    cannot be used; the message names what is wrong with it. Raises `StateFileError` by its `SecuposError.status`:
    ``MISSING`` (a till is set up with ``create_state_file``, once), ``LOCKED`` (another till has it open, here or in
    another program; one that was closed keeps it until its payment has settled, and a moment longer), ``MISMATCH`` (it
    belongs to another till: `rebind`), ``TOO_NEW`` (a newer secupos has written it), ``JOURNAL_FAILED`` (it cannot be
    read or written).
    """

    _noun = "till"

    def __init__(self, config: Config) -> None:
        super().__init__()
        if not isinstance(config, Config):
            raise TypeError(f"config must be a Config, not {type(config).__name__}")
        with config._native() as native:
            call(library.secupos_till_open, native, self._handle.out)

    @staticmethod
    def rebind(config: Config, operator: str, reason: str) -> None:
        """Binds the state file to the host, device and client of this config, because a person says that it is the same
        till: after the vendor has renamed a host, or the device code or the client has changed. ``operator`` is who
        says so, ``reason`` why; both are kept. What was begun before cannot be reversed by its number any more. The
        till must not be open. Uses no network.

        Raises `CallerError` (``INVALID_STATE``) while a payment is in doubt and undecided, or may still reach the
        terminal; `StateFileError`: ``MISSING``, ``LOCKED`` (it is open), ``MISMATCH`` (between the environments),
        ``DAMAGED``; `InvalidArgument`.
        """
        if not isinstance(config, Config):
            raise TypeError(f"config must be a Config, not {type(config).__name__}")
        with config._native() as native:
            call(library.secupos_till_rebind, native, text("operator", operator), text("reason", reason))

    def pay(self, sale: Sale) -> Payment:
        """Takes the payment and waits until it has an outcome. Other threads run meanwhile.

        Idempotent in the sale's `Sale.reference` and `Sale.attempt`: to call it again with the same sale, after an
        error, a crash or a power cut, is always safe. It joins the payment if it is running, goes on with it if it is
        in doubt, and tells it again if it has an outcome (`Payment.replayed`). It never makes another attempt by
        itself: after `Outcome.DECLINED` and `Outcome.NOT_STARTED` the till asks for one with `Sale.attempt` one higher.

        A `SecuposError` means that this call has sent nothing: no money moves because of it.

        - `InvalidArgument`: the sale cannot be used; the message names what is wrong with it.
        - `SaleReferenceError`, by its status: ``CONFLICT`` (the reference and attempt were used for another amount, or
          another attempt has taken money), ``CLOSED`` (`acknowledge` was called), ``ATTEMPT_OUT_OF_ORDER`` (it is not
          the next one), ``POSSIBLE_DUPLICATE`` (see `Sale.confirm_not_duplicate`), ``BUSY`` (something else is running
          at the terminal, or `recover_all`).
        - `StateFileError`: ``JOURNAL_FAILED`` (what cannot be remembered is not begun), ``DAMAGED`` (see
          `accept_journal_loss`).

        In every other case there is a payment, also without a network: look at `Payment.outcome`, and do what
        `Payment.next_actions` says.

        Ctrl-C, or another exception that breaks in, asks for an abort and raises `PaymentInterrupted`, which holds the
        payment: the payment wins, so wait for its outcome.
        """
        return self._take(sale, timeout=None)

    def start_payment(self, sale: Sale) -> Payment:
        """Begins to take the payment and returns at once; `Payment.wait` gives the outcome. Otherwise like `pay`."""
        return self._take(sale, timeout=0)

    async def pay_async(self, sale: Sale) -> Payment:
        """`pay` for asyncio: other tasks run meanwhile, and no thread waits.

        To cancel the task asks for an abort, as Ctrl-C does to `pay`, and the payment wins: what becomes of it is
        told by the next `pay` with the same sale, or by `recover`.
        """
        payment = self.start_payment(sale)
        try:
            await payment.wait_async()
        except BaseException:
            payment.abort()
            raise
        return payment

    def recover(self, reference: str, attempt: Optional[int] = None) -> Payment:
        """Finds out what became of an attempt to take the payment with this reference, and starts nothing. Returns at
        once; `Payment.wait` gives the outcome, with the same receipts as ever.

        ``attempt`` may be left out where only one attempt needs something: then it tells that one, or else the one that
        took money, or the last. What is still in doubt after the resolve timeout is `Outcome.UNKNOWN`: ask again later,
        or ask a person (`decide`). Receipts that were not there yet are asked for again. Money is asked for once: see
        `Payment.next_actions`.

        Raises `SaleReferenceError`: ``NOT_FOUND`` (never begun: `pay` may be called), ``BUSY`` (something else is
        running, and this would have to be asked about); `CallerError` (``INVALID_STATE``) if no attempt is named and
        two need something; `InvalidArgument`.
        """
        payment = Payment()
        which = text("reference", reference), optional_int32("attempt", attempt)
        with self._handle as till:
            call(library.secupos_till_recover, till, *which, payment._handle.out)
        return payment

    def recover_all(self, timeout: float) -> List[Payment]:
        """Finds out what became of everything that is unfinished, in turns, and starts nothing. It blocks until that is
        done or ``timeout`` seconds are over (0: no network, only what is known; at most an hour).

        Gives one payment for each attempt, the oldest first; what is still in doubt is `Outcome.UNKNOWN`. Do what its
        `Payment.next_actions` say, then `acknowledge` it. Each program calls this when it starts, in place of a loop of
        its own, and when an action says `Action.CHECK_UNFINISHED`. Meanwhile `pay` raises ``BUSY``. Money is asked for
        once: see `Payment.next_actions`.

        Other threads run meanwhile, but Ctrl-C waits until it returns; with asyncio, ``await
        asyncio.to_thread(till.recover_all, 60)``. Raises `SaleReferenceError` (``BUSY``) while something else runs at
        the terminal, `StateFileError`, `InvalidArgument`.
        """
        limit = milliseconds("timeout", timeout)
        with self._handle as till:
            return read_payments(library.secupos_till_recover_all, till, limit)

    def reverse(
        self, reference: str, attempt: Optional[int] = None, confirmed_by: Optional[str] = None
    ) -> Payment:
        """Begins to reverse an approved payment at the terminal and returns at once: after `Payment.wait`,
        `Payment.reversal` tells what became of it. Only girocard and direct debit payments can be reversed, until the
        end of the terminal's day. One that is older than 24 hours, or whose money was to be given back in another way
        (`Action.REFUND`), must be confirmed: ``confirmed_by`` has compared the receipt number with the customer's slip,
        and knows that the money has not been given back. ``attempt`` may be left out where only one attempt needs
        something.

        `Reversal.REFUSED` is only what the service itself refuses at once, the first time, and what it still calls paid
        12 seconds later: so long this takes. Anything else that is not done is `Reversal.UNKNOWN` until the service
        says cancelled, or a person decides (`decide_reversal`). To call it again is safe: it joins one that is running,
        and tells again of one that is done. Of one in doubt a second request is sent only when the first one cannot
        reach the terminal any more and the service says that the payment stands; `recover` only asks.

        Raises `SaleReferenceError`: ``NOT_FOUND``, ``BUSY``, ``CONFIRMATION_REQUIRED``; `CallerError`
        (``INVALID_STATE``) if it is not approved, if the terminal has counted its receipts anew since or is another
        one, if its day was closed or may have been, if the till was bound anew (`rebind`), or if no attempt is named
        and two need something. Then nothing was sent.
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
        """Begins the end of the terminal's day and returns at once; `Report.wait` tells what became of it. girocard and
        direct debit payments are cleared by it, and can no longer be reversed. While a payment or its reversal is in
        doubt it is not run, unless with ``force``.

        Raises `SaleReferenceError` (``BUSY``) while something else runs at the terminal, `StateFileError`.
        """
        report = Report()
        with self._handle as till:
            call(library.secupos_till_run_end_of_day, till, REPORT_FORCE if force else 0, report._handle.out)
        return report

    def run_diagnosis(self, force: bool = False) -> Report:
        """Begins a diagnosis of the terminal, which calls its host and updates its settings, and returns at once. The
        till must offer this to the cashier. While a payment or its reversal may still reach the terminal it is not run,
        unless with ``force``. Raises as `run_end_of_day` does."""
        report = Report()
        with self._handle as till:
            call(library.secupos_till_run_diagnosis, till, REPORT_FORCE if force else 0, report._handle.out)
        return report

    def to_json(self) -> Dict[str, Any]:
        """How the till stands. Uses no network. ``end_of_day_due`` tells how many ``payments`` wait for the end of the
        terminal's day, and ``since`` when (Unix milliseconds, or ``None``); ``last_end_of_day`` when that was run;
        ``logins_taken`` how often somebody else has logged in as this device since the till was opened;
        ``rollback_unnoticed`` whether a state file of an older day would not be noticed, because the service does not
        list its payments."""
        with self._handle as till:
            document: Dict[str, Any] = json.loads(read_bytes(library.secupos_till_to_json, till))
            return document

    def register(self, device_uuid: str) -> Registration:
        """Registers the till as a device of the service, once, when it is set up. Returns at once: show
        `Registration.user_code` to the person who confirms it, and wait. From then on the till is that device, also
        after a restart: its code is kept in the state file. Closing the till ends a registration that is going on.

        ``device_uuid`` is the device's name as agreed on with the vendor, such as ``/vendor/unknown/cashier/1``.

        Raises `InvalidArgument`; `CallerError` (``INVALID_STATE``) if the config has a ``device_code``;
        `SaleReferenceError` (``BUSY``) while a payment or another registration is running.
        """
        registration = Registration()
        with self._handle as till:
            call(library.secupos_till_register, till, text("device_uuid", device_uuid), registration._handle.out)
        return registration

    @property
    def registration_state(self) -> RegistrationState:
        """Whether the till is a device of the service, or how its registration stands. Uses no network."""
        state = c_int32()
        with self._handle as till:
            call(library.secupos_till_registration_state, till, byref(state))
        return RegistrationState(state.value)

    def unfinished(self) -> List[Payment]:
        """What the till has to do something about: payments in doubt, those approved or reversed that it has not
        acknowledged, and conflicts. Oldest first. Uses no network and never waits.

        It shows, and tells nothing: what asks for money is `Action.RECOVER_LATER` here. `recover_all` tells it.
        """
        with self._handle as till:
            return read_payments(library.secupos_till_unfinished, till)

    def acknowledge(self, payment: Union[Payment, str], attempt: Optional[int] = None) -> None:
        """Says that the till has taken over what this payment told, and no more: it is booked, its receipts are
        printed. `unfinished` leaves it out, and its reference is closed: `pay` refuses it. A conflict, or a copy of the
        receipt, that came later stays listed. Needed for what was approved or reversed, and for a conflict. May be
        repeated. Uses no network.

        By reference, and ``attempt`` where two attempts need something, it takes over what this program was told last.
        A payment of a list (`unfinished`, `find_payments`) has told of no conflict: recover it first.

        Raises `SaleReferenceError` (``NOT_FOUND``) if there is no such payment; `CallerError` (``INVALID_STATE``) if it
        is running, or it or its reversal is in doubt and thus has no result, or if no attempt is named and two need
        something; `InvalidArgument`.
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
        slip_number: Optional[int] = None,
        attempt: Optional[int] = None,
    ) -> Payment:
        """Stores what a person says became of a payment in doubt: ``operator`` has looked at the terminal, ``reason``
        is what was found there, ``slip_number`` the receipt number on the slip if there is one. ``attempt`` may be left
        out where only one attempt needs something. Uses no network.

        The payment is approved or not started from now on, with `Basis.OPERATOR`. Nothing is overwritten, and no money
        moves by it. The service is still asked, for 7 days; if it contradicts, `Payment.conflict` is set, and
        `unfinished` lists the payment. After `Decision.NOT_PAID` a payment over the same amount under another reference
        needs `Sale.confirm_not_duplicate` for 15 minutes. What has been at the terminal for a minute may be decided
        while it is running.

        Raises `CallerError` (``INVALID_STATE``) if it is running or not in doubt (any more: recover it), or if no
        attempt is named and two need something; `SaleReferenceError` (``NOT_FOUND``) if there is no such payment;
        `InvalidArgument`.
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
        attempt: Optional[int] = None,
    ) -> Payment:
        """Stores what a person says became of a reversal in doubt: ``operator`` has looked at the terminal, ``reason``
        is what was found there. ``attempt`` may be left out where only one attempt needs something. Uses no network.

        The payment is reversed, or approved with `Reversal.REFUSED`, from now on, with `Basis.OPERATOR`. The service is
        still asked, for 7 days. That it goes on saying "paid" contradicts nobody's "reversed"; should it say cancelled
        after a "not reversed", `Payment.conflict` is set, and `unfinished` lists the payment.

        Raises `CallerError` (``INVALID_STATE``) if no reversal of it is in doubt, or it is running, or if no attempt is
        named and two need something; `SaleReferenceError` (``NOT_FOUND``) if there is no such payment;
        `InvalidArgument`.
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

    def find_payments(self, since: datetime, before: datetime, receipt_number: Optional[int] = None) -> List[Payment]:
        """The payments whose `Payment.created_at` is not earlier than ``since`` and earlier than ``before``, both with
        a time zone; only those with this receipt number if one is given. Oldest first. Uses no network."""
        limits = unix_ms("since", since), unix_ms("before", before), optional_number("receipt_number", receipt_number)
        with self._handle as till:
            return read_payments(library.secupos_till_find_payments, till, *limits)

    def accept_journal_loss(self, operator: str) -> None:
        """Says that ``operator`` has seen that the state file was damaged, lost or replaced by an older one, and that
        payments in it may be forgotten. Until then `pay` raises `StateFileError` (``DAMAGED``). Compare the terminal's
        list of payments with the till's first. Does nothing where nothing was lost."""
        with self._handle as till:
            call(library.secupos_till_accept_journal_loss, till, text("operator", operator))

    def verify_archive(self) -> List[Damage]:
        """Goes through the whole state file, and names all that is not as it was written; nothing if it is whole. Takes
        about a second for 100 MB. Uses no network. Raises `SaleReferenceError` (``BUSY``) while a payment is
        running."""
        with self._handle as till:
            return [Damage(**found) for found in json.loads(read_bytes(library.secupos_till_verify_archive, till))]

    def export_day(self, day: date, folder: Union[str, PathLike[str]]) -> Export:
        """Exports all payments that were begun on a day, by German legal time, into a folder that exists: as JSON lines
        with the service's answers as received, and as text with the receipts as printed. None is ever written over; the
        same day exported again changes nothing. The files hold account numbers. Uses no network.

        Raises `InvalidArgument` if the folder cannot be written to.
        """
        if not isinstance(day, date) or isinstance(day, datetime):
            raise TypeError(f"day must be a date, not {type(day).__name__}")
        arguments = text("day", day.isoformat()), text("folder", fspath(folder))
        with self._handle as till:
            told = json.loads(read_bytes(library.secupos_till_export_day, till, *arguments))
        payments_file, receipts_file = Path(told.pop("payments_file")), Path(told.pop("receipts_file"))
        return Export(payments_file=payments_file, receipts_file=receipts_file, **told)

    def prune_archive(self, operator: str, retention_days: Optional[int] = None) -> Pruned:
        """Removes the service's answers, and with them the receipts, of payments that were begun more than so many days
        ago; ``None`` is 4018, the longest that German law asks for. This cannot be taken back: export before. All else
        that is known of a payment stays. ``operator`` is kept as who wanted it. Uses no network.

        Raises `SaleReferenceError` (``BUSY``) while a payment is running, `StateFileError` (``DAMAGED``) if the file is
        not whole, `InvalidArgument`.
        """
        arguments = optional_int32("retention_days", retention_days), text("operator", operator)
        with self._handle as till:
            told = json.loads(read_bytes(library.secupos_till_prune_archive, till, *arguments))
        before = told.pop("before")
        return Pruned(before=datetime.fromtimestamp(before / 1000, timezone.utc) if before else None, **told)

    def _take(self, sale: Sale, timeout: Optional[float]) -> Payment:
        if not isinstance(sale, Sale):
            raise TypeError(f"sale must be a Sale, not {type(sale).__name__}")
        payment = Payment()
        try:
            with self._handle as till, sale._native() as native:
                call(library.secupos_till_start_payment, till, native, payment._handle.out)
            payment.wait(timeout)
        except BaseException as cause:
            # Whatever it is, from here on the payment must not be lost.
            if payment._handle.is_filled:
                raise PaymentInterrupted(payment, payment.abort()) from cause
            raise
        return payment
