"""A till: one terminal, one payment at a time."""

from __future__ import annotations

from typing import Optional

from ._abi import library
from ._handle import Native
from .config import Config
from .errors import call
from .payment import Payment, PaymentInterrupted
from .sale import Sale


class Till(Native):
    """A till. May be used from any thread. Opening it uses no network.

    Raises `InvalidArgument` if the config cannot be used; the message names what is wrong with it.
    """

    _noun = "till"

    def __init__(self, config: Config) -> None:
        super().__init__()
        if not isinstance(config, Config):
            raise TypeError(f"config must be a Config, not {type(config).__name__}")
        with config._native() as native:
            call(library.secupos_till_open, native, self._handle.out)

    def pay(self, sale: Sale) -> Payment:
        """Takes the payment and waits until it has an outcome. Other threads run meanwhile.

        Raises `SecuposError` if nothing was sent: `InvalidArgument` for a sale that cannot be used,
        `SaleReferenceError` for a reference that was used before or a till that is busy.
        Raises `PaymentInterrupted` on Ctrl-C, with the payment, which goes on. In every other case there is a
        payment, also without a network: look at `Payment.outcome`.
        """
        return self._take(sale, timeout=None)

    def start_payment(self, sale: Sale) -> Payment:
        """Begins to take the payment and returns at once; `Payment.wait` gives the outcome. Raises as `pay` does."""
        return self._take(sale, timeout=0)

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
                raise PaymentInterrupted(payment) from cause
            raise
        return payment
