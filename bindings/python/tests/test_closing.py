"""Closing: in any order, twice, during a call, by ``with``, by the garbage collector; and use afterwards."""

import datetime
import gc
import itertools
import threading
import time
import unittest
import weakref

import secupos
from secupos import Copy, Outcome
from simulator import Simulator

NOW = datetime.datetime.now(datetime.timezone.utc)


class Closing(unittest.TestCase):
    def setUp(self):
        self.simulator = Simulator(think_ms=300)
        self.addCleanup(self.simulator.close)
        self.sales = itertools.count(1)

    def sale(self):
        return secupos.Sale(f"2026-11-23/{next(self.sales)}", amount=1, currency="EUR")

    def test_any_order(self):
        for order in itertools.permutations(["till", "payment", "receipt"]):
            with self.subTest(order):
                till = secupos.Till(self.simulator.config())
                payment = till.pay(self.sale())
                receipt = payment.receipt(Copy.MERCHANT)
                alive = {"till": till, "payment": payment, "receipt": receipt}
                for name in order:
                    alive.pop(name).close()
                    if "payment" in alive:
                        self.assertIs(payment.outcome, Outcome.APPROVED)
                    if "receipt" in alive:
                        self.assertIn("Händlerbeleg", receipt.text())

    def test_closing_the_till_does_not_stop_its_payment(self):
        with secupos.Till(self.simulator.config()) as till:
            payment = till.start_payment(self.sale())
        self.assertIs(payment.wait(), Outcome.APPROVED)

    def test_twice_is_as_good_as_once(self):
        till = secupos.Till(self.simulator.config())
        till.close()
        till.close()

    def test_use_after_close_is_a_clear_error(self):
        till = secupos.Till(self.simulator.config())
        payment = till.pay(self.sale())
        receipt = payment.receipt(Copy.CUSTOMER)
        for closed in (receipt, payment, till):
            closed.close()
        for noun, use in [
            ("till", lambda: till.pay(self.sale())),
            ("till", lambda: till.start_payment(self.sale())),
            ("till", lambda: till.recover("r")),
            ("till", lambda: till.unfinished()),
            ("till", lambda: till.recover_all(0)),
            ("till", lambda: till.acknowledge("r")),
            ("payment", lambda: till.acknowledge(payment)),
            ("till", lambda: till.decide("r", secupos.Decision.PAID, "Kim", "a slip")),
            ("till", lambda: till.find_payments(NOW, NOW)),
            ("till", lambda: till.accept_journal_loss("Kim")),
            ("payment", lambda: payment.outcome),
            ("payment", lambda: payment.next_actions),
            ("payment", lambda: payment.amount_due),
            ("payment", lambda: payment.error),
            ("payment", lambda: payment.wait()),
            ("payment", lambda: payment.abort()),
            ("payment", lambda: payment.replayed),
            ("payment", lambda: payment.receipt(Copy.CUSTOMER)),
            ("payment", lambda: payment.to_dict()),
            ("receipt", lambda: receipt.text()),
            ("receipt", lambda: receipt.lines),
            ("receipt", lambda: receipt.field("receipt_no")),
        ]:
            with self.assertRaises(secupos.InvalidStateError) as caught:
                use()
            self.assertIs(caught.exception.status, secupos.Status.INVALID_STATE)
            self.assertEqual(caught.exception.message, f"the {noun} is closed")
        self.assertEqual(repr(payment), "<secupos.Payment, closed>")

    def test_closing_while_another_thread_waits(self):
        till = secupos.Till(self.simulator.config())
        payment = till.start_payment(self.sale())
        said = []

        waiter = threading.Thread(target=lambda: said.append(payment.wait()))
        waiter.start()
        time.sleep(0.05)
        payment.close()
        waiter.join()
        till.close()
        self.assertEqual(said, [Outcome.APPROVED])

    def test_closing_while_many_threads_read(self):
        till = secupos.Till(self.simulator.config())
        payment = till.pay(self.sale())
        wrong = []

        def read():
            try:
                while True:
                    if payment.outcome is not Outcome.APPROVED or payment.status_text != "ok":
                        wrong.append(payment)
            except secupos.InvalidStateError:
                pass

        readers = [threading.Thread(target=read) for _ in range(8)]
        for reader in readers:
            reader.start()
        time.sleep(0.1)
        payment.close()
        for reader in readers:
            reader.join()
        till.close()
        self.assertEqual(wrong, [])

    def test_the_payments_of_a_list_outlive_the_list_the_till_and_each_other(self):
        with secupos.Till(self.simulator.config()) as till:
            references = [till.pay(self.sale()).reference for _ in range(3)]
            found = till.unfinished()
        owner = found[0]._handle._owner
        gc.collect()
        self.assertEqual([payment.reference for payment in found], references)
        found.pop(1).close()
        with found.pop(0) as first:
            self.assertIn("Händlerbeleg", first.receipt(Copy.MERCHANT).text())
        self.assertTrue(owner.is_filled)
        self.assertEqual(found[0].wait(), Outcome.APPROVED)
        found.clear()
        gc.collect()
        self.assertFalse(owner.is_filled)

    def test_what_is_forgotten_is_freed(self):
        with secupos.Till(self.simulator.config()) as till:
            payment = till.pay(self.sale())
        handle, gone = payment._handle, weakref.ref(payment)
        del payment
        gc.collect()
        self.assertIsNone(gone())
        self.assertTrue(handle.is_closed)
        self.assertFalse(handle.is_filled)


if __name__ == "__main__":
    unittest.main()
