"""What became of a payment, who says so, why, and what to do next.

A number that this version does not know has a safe reading.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Optional


class Outcome(IntEnum):
    """What became of a payment. What is not recognised is `UNKNOWN`."""

    #: In doubt: money may have moved. Do not charge again before somebody has looked.
    UNKNOWN = 0
    #: Money moved.
    APPROVED = 1
    #: No money moved: refused, aborted or timed out.
    DECLINED = 2
    #: Provably never started: no money moved.
    NOT_STARTED = 3
    #: It was paid and has been reversed.
    REVERSED = 4
    #: Not decided yet: it is running.
    PENDING = 5

    @classmethod
    def _missing_(cls, value: object) -> Outcome:
        return cls.UNKNOWN


class Reversal(IntEnum):
    """What became of a payment's reversal. What is not recognised is `UNKNOWN`."""

    #: In doubt: it may be reversed. Do not refund it in another way yet.
    UNKNOWN = 0
    #: Nobody has tried.
    NONE = 1
    #: It is running.
    PENDING = 2
    #: It is reversed; so says the outcome.
    DONE = 3
    #: It is not reversed: refused, or not sent. The payment stands.
    REFUSED = 4

    @classmethod
    def _missing_(cls, value: object) -> Reversal:
        return cls.UNKNOWN


class ReportOutcome(IntEnum):
    """What became of a report. What is not recognised is `MAY_HAVE_RUN`."""

    #: Nobody knows: look at the terminal. It is never sent again by itself.
    MAY_HAVE_RUN = 0
    #: It was run.
    DONE = 1
    #: The service or the terminal refused.
    REFUSED = 2
    #: It was provably not sent.
    NOT_RUN = 3
    #: It is still running.
    PENDING = 4

    @classmethod
    def _missing_(cls, value: object) -> ReportOutcome:
        return cls.MAY_HAVE_RUN


class Basis(IntEnum):
    """Who says what became of a payment."""

    #: The service.
    SERVER = 0
    #: A person, with `Till.decide` or `Till.decide_reversal`, while it was in doubt. The service is still asked.
    OPERATOR = 1

    @classmethod
    def _missing_(cls, value: object) -> Basis:
        return cls.SERVER


class Decision(IntEnum):
    """What a person says became of a payment in doubt."""

    #: The customer has paid.
    PAID = 1
    #: The customer has not paid.
    NOT_PAID = 2


class ReversalDecision(IntEnum):
    """What a person says became of a reversal in doubt."""

    #: The money has gone back.
    REVERSED = 1
    #: It has not.
    NOT_REVERSED = 2


class Abort(IntEnum):
    """What asking for an abort has come to. What is not recognised is `AT_TERMINAL`."""

    #: It will never be started: its outcome is going to be `Outcome.NOT_STARTED`.
    ABANDONED = 1
    #: It may have reached the terminal: only STOP there can stop it. It goes on, and its outcome is still to come.
    AT_TERMINAL = 2
    #: It has its outcome already.
    TOO_LATE = 3

    @classmethod
    def _missing_(cls, value: object) -> Abort:
        return cls.AT_TERMINAL


class Reason(IntEnum):
    """Why a payment has the outcome it has; of an approved one, why its reversal was not done, or what is odd."""

    #: Declined: refused, aborted or timed out; the server does not say which.
    FAILED = 1
    #: Declined: aborted.
    ABORTED = 2
    #: Declined: the customer did not act in time.
    TIMED_OUT = 3
    #: Declined: cancelled before it was paid.
    CANCELLED = 4
    #: Not started: no connection.
    NO_CONNECTION = 10
    #: Not started: the till could not log in.
    LOGIN_FAILED = 11
    #: Not started: the server did not take the sale.
    CREATE_REFUSED = 12
    #: Not started: whether the server took the sale is not known, but it was never started.
    CREATE_UNSURE = 13
    #: Not started: the server refused to start and says that it never did.
    START_REFUSED = 14
    #: Not started: the till has abandoned it before it was started.
    ABANDONED = 15
    #: Not started: an earlier payment of this till is in doubt, and the customer might pay that one. Settle it first:
    #: `Till.recover` or `Till.decide`.
    TERMINAL_BUSY = 16
    #: Not started: the service says so, after its grace deadline, and has been told never to start it.
    NEVER_STARTED = 17
    #: Not started: the state file could not be written. Approved: its result could not be stored; print the receipts
    #: now.
    JOURNAL_FAILED = 18
    #: Not started: an earlier attempt of the same sale has been paid after all.
    ALREADY_PAID = 19
    #: In doubt: the connection broke.
    CONNECTION_LOST = 20
    #: In doubt: the server's answer makes no sense.
    ANSWER_UNREADABLE = 21
    #: In doubt: the server still says nothing final.
    STILL_OPEN = 22
    #: In doubt: the server has a fault.
    SERVER_FAILED = 23
    #: In doubt: the till ended while it was running.
    INTERRUPTED = 24
    #: Not started: somebody else logs in as this device, so that the service refuses a token that it has just given.
    #: Call the support.
    LOGIN_TAKEN = 25
    #: Not started: the service knows newer payments than the state file, which was brought back from an older day.
    #: Compare the slips with what is booked, then `Till.accept_journal_loss`.
    STATE_FILE_OLD = 26
    #: In doubt or not started: a fault in secupos.
    INTERNAL = 29
    #: Approved: its reversal has hit another payment. Call the support.
    WRONG_PAYMENT_REVERSED = 30
    #: Approved: another amount was charged than was asked for, or nobody can read which; see `Payment.amount_charged`
    #: and `Payment.amount_due`.
    AMOUNT_DIFFERS = 31

    @classmethod
    def _missing_(cls, value: object) -> Optional[Reason]:
        # A reason only explains: one that a newer library knows is shown as its number.
        if not isinstance(value, int):
            return None
        unnamed = int.__new__(cls, value)
        unnamed._name_ = f"REASON_{value}"
        unnamed._value_ = value
        return unnamed


class Action(IntEnum):
    """What the till should do next. What is not recognised is `CALL_SUPPORT`.

    `REFUND`, `COLLECT` and `COLLECT_REST` are said once, by `Till.pay`, `Till.recover` or `Till.recover_all`. Later
    that is `ASK_CASHIER`: somebody may have done it already.
    """

    #: Print the merchant's copy and keep it.
    PRINT_MERCHANT = 1
    #: Have the customer sign the merchant's copy; where the signature is unknown, see whether it asks for it.
    TAKE_SIGNATURE = 2
    #: Print the customer's copy.
    PRINT_CUSTOMER = 3
    #: Offer another attempt.
    TRY_AGAIN = 4
    #: Ask again later what became of it, with `Till.recover`.
    RECOVER_LATER = 5
    #: Look at the terminal.
    LOOK_AT_TERMINAL = 6
    #: Ask the cashier: is there a slip, what does the terminal show?
    ASK_CASHIER = 7
    #: Give the money back.
    REFUND = 8
    #: Collect the money.
    COLLECT = 9
    #: Call the support.
    CALL_SUPPORT = 10
    #: Collect what is missing (`Payment.amount_due`), in another way or as a sale under a new reference.
    COLLECT_REST = 11
    #: Something else at this till needs a person and has not been told: call `Till.recover_all`.
    CHECK_UNFINISHED = 12

    @classmethod
    def _missing_(cls, value: object) -> Action:
        return cls.CALL_SUPPORT


class Signature(IntEnum):
    """Whether the customer must sign the merchant's copy. What is not recognised is `UNKNOWN`."""

    #: The receipt does not say: look at it.
    UNKNOWN = 0
    #: The customer must sign.
    REQUIRED = 1
    #: The customer need not sign.
    NOT_REQUIRED = 2

    @classmethod
    def _missing_(cls, value: object) -> Signature:
        return cls.UNKNOWN
