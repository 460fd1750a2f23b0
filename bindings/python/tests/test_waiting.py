"""Waiting for a payment: with a limit, beside other threads, and with Ctrl-C; aborting it."""

import asyncio
import signal
import subprocess
import sys
import threading
import time
import unittest
from unittest import mock

import secupos
from secupos import Abort, Outcome, Reason
from simulator import Simulator, environment, fresh_state_file, on_posix

SALE = secupos.Sale("2026-11-23/0042", amount=1, currency="EUR")

INTERRUPTED_TILL = """
import signal, sys, secupos
# Whoever runs the tests in the background may have had Ctrl-C ignored, which children inherit.
signal.signal(signal.SIGINT, signal.default_int_handler)
base_url, client_id, client_secret, state_file = sys.argv[1:]
till = secupos.Till(secupos.Config(client_id, client_secret, state_file, create_state_file=True, base_url=base_url))
try:
    till.pay(secupos.Sale("2026-11-23/0042", amount=1, currency="EUR"))
except KeyboardInterrupt as interrupted:
    print(type(interrupted).__name__, interrupted.abort.name, interrupted.payment.outcome.name, flush=True)
    print(interrupted.payment.wait().name)
"""


class Waiting(unittest.TestCase):
    def pending(self, think_ms):
        simulator = Simulator(think_ms)
        self.addCleanup(simulator.close)
        till = secupos.Till(simulator.config())
        self.addCleanup(till.close)
        return till, till.start_payment(SALE)

    def test_time_over_is_pending_and_the_payment_goes_on(self):
        _, payment = self.pending(think_ms=1500)
        before = time.monotonic()
        self.assertIs(payment.wait(timeout=0), Outcome.PENDING)
        self.assertLess(time.monotonic() - before, 0.5)
        self.assertIs(payment.wait(timeout=0.25), Outcome.PENDING)
        self.assertGreaterEqual(time.monotonic() - before, 0.25)
        self.assertIs(payment.wait(), Outcome.APPROVED)
        self.assertIs(payment.wait(timeout=0), Outcome.APPROVED)

    def test_while_it_runs_only_the_ticket_is_known(self):
        _, payment = self.pending(think_ms=1500)
        self.assertIs(payment.outcome, Outcome.PENDING)
        self.assertEqual((payment.reference, payment.attempt), ("2026-11-23/0042", 1))
        self.assertEqual((payment.amount, payment.currency), (1, "EUR"))
        self.assertIsNotNone(payment.created_at)
        self.assertEqual(payment.next_actions, [])
        for absent in ("reason", "transaction_id", "amount_charged", "receipt_number", "completed_at", "error"):
            self.assertIsNone(getattr(payment, absent), absent)
        self.assertIn("Die Zahlung ", payment.cashier_text())
        self.assertEqual(payment.to_dict()["outcome"], "pending")
        with self.assertRaises(secupos.InvalidStateError) as caught:
            payment.receipt(secupos.Copy.CUSTOMER)
        self.assertIs(caught.exception.status, secupos.Status.INVALID_STATE)

    def test_one_payment_at_a_time(self):
        till, payment = self.pending(think_ms=1500)
        with self.assertRaises(secupos.BusyError) as caught:
            till.pay(secupos.Sale("another", amount=1, currency="EUR"))
        self.assertIs(caught.exception.status, secupos.Status.BUSY)
        self.assertIs(payment.wait(), Outcome.APPROVED)

    def test_a_limit_must_be_seconds(self):
        _, payment = self.pending(think_ms=0)
        for limit in (-1, -0.1, float("nan")):
            with self.assertRaisesRegex(secupos.InvalidArgumentError, "timeout is "):
                payment.wait(timeout=limit)
        for limit in ("1", True):
            with self.assertRaisesRegex(TypeError, "^timeout must be "):
                payment.wait(timeout=limit)
        self.assertIs(payment.wait(timeout=float("inf")), Outcome.APPROVED)

    def test_other_threads_run_meanwhile(self):
        with Simulator(think_ms=1000) as simulator, secupos.Till(simulator.config()) as till:
            ticks, done = 0, threading.Event()

            def tick():
                nonlocal ticks
                while not done.wait(0.005):
                    ticks += 1

            ticker = threading.Thread(target=tick)
            ticker.start()
            try:
                payment = till.pay(SALE)
            finally:
                done.set()
                ticker.join()
        self.assertIs(payment.outcome, Outcome.APPROVED)
        # A wait that kept the GIL would leave one tick for each of its ten slices.
        self.assertGreater(ticks, 40)

    def test_many_threads_may_wait_for_one_payment(self):
        _, payment = self.pending(think_ms=300)
        outcomes = []
        waiters = [threading.Thread(target=lambda: outcomes.append(payment.wait())) for _ in range(8)]
        for waiter in waiters:
            waiter.start()
        for waiter in waiters:
            waiter.join()
        self.assertEqual(outcomes, [Outcome.APPROVED] * 8)


class Aborted(unittest.TestCase):
    def setUp(self):
        self.simulator = Simulator(think_ms=1500)
        self.addCleanup(self.simulator.close)
        self.till = secupos.Till(self.simulator.config())
        self.addCleanup(self.till.close)

    def test_before_it_is_started_it_is_abandoned(self):
        self.simulator.break_next("create", "before", {"delay": 500})
        payment = self.till.start_payment(SALE)
        # From here on it takes a while.
        while not any(request["path"].endswith("/Transactions") for request in self.simulator.control("requests")):
            time.sleep(0.01)
        self.assertIs(payment.abort(), Abort.ABANDONED)
        self.assertIs(payment.abort(), Abort.ABANDONED)
        self.assertIs(payment.wait(), Outcome.NOT_STARTED)
        self.assertIs(payment.reason, Reason.ABANDONED)
        self.assertEqual(self.simulator.charges(), 0)
        again = secupos.Sale(SALE.reference, amount=1, currency="EUR", attempt=2)
        self.assertIs(self.till.pay(again).outcome, Outcome.APPROVED)

    def test_at_the_terminal_it_goes_on_and_wins(self):
        payment = self.till.start_payment(SALE)
        self.simulator.wait_for_start()
        said = []
        aborting = threading.Thread(target=lambda: said.append(payment.abort()))
        aborting.start()
        outcome = payment.wait()
        aborting.join()
        self.assertEqual((said, outcome), ([Abort.AT_TERMINAL], Outcome.APPROVED))

    def test_a_settled_one_stays_as_it_is(self):
        payment = self.till.pay(SALE)
        self.assertIs(payment.abort(), Abort.TOO_LATE)
        self.assertIs(payment.outcome, Outcome.APPROVED)


class Interrupted(unittest.TestCase):
    @on_posix
    def test_ctrl_c_leaves_the_wait_but_not_the_payment(self):
        with Simulator(think_ms=3000) as simulator:
            arguments = [simulator.base_url, simulator.client_id, simulator.client_secret, fresh_state_file()]
            till = subprocess.Popen(
                [sys.executable, "-c", INTERRUPTED_TILL, *arguments],
                stdout=subprocess.PIPE,
                encoding="utf-8",
                env=environment(),
            )
            try:
                simulator.wait_for_start()
                before = time.monotonic()
                till.send_signal(signal.SIGINT)
                self.assertEqual(till.stdout.readline(), "PaymentInterrupted AT_TERMINAL PENDING\n")
                self.assertLess(time.monotonic() - before, 1.5)
                said, _ = till.communicate(timeout=30)
                self.assertEqual((said, till.returncode), ("APPROVED\n", 0))
            finally:
                till.kill()
                till.wait()
                till.stdout.close()
            self.assertEqual(simulator.charges(), 1)

    @on_posix
    def test_whatever_else_breaks_in_is_raised_as_it_is_and_the_payment_is_not_lost(self):
        class Alarm(Exception):
            pass

        def ring(*_):
            raise Alarm

        self.addCleanup(signal.signal, signal.SIGALRM, signal.signal(signal.SIGALRM, ring))
        with Simulator(think_ms=1500) as simulator, secupos.Till(simulator.config()) as till:
            simulator.break_next("create", "before", {"delay": 1000})
            signal.setitimer(signal.ITIMER_REAL, 0.5)
            with self.assertRaises(Alarm):
                till.pay(SALE)
            payment = till.recover(SALE.reference)
            self.assertIs(payment.wait(), Outcome.NOT_STARTED)
            self.assertIs(payment.reason, Reason.ABANDONED)
            self.assertEqual(simulator.charges(), 0)

    def test_a_fault_in_the_wait_does_not_say_that_nothing_was_sent(self):
        with Simulator(think_ms=100) as simulator, secupos.Till(simulator.config()) as till:
            for pay in (till.pay, lambda sale: asyncio.run(till.pay_async(sale))):
                fault = secupos.errors.without_details(secupos.Status.INTERNAL)
                broken = mock.patch("secupos.payment._outcome_within", side_effect=fault)
                with broken, self.assertRaisesRegex(RuntimeError, "Till.recover") as caught:
                    pay(SALE)
                self.assertIs(caught.exception.__cause__, fault)
                self.assertIs(till.recover(SALE.reference).wait(), Outcome.APPROVED)
            self.assertEqual(simulator.charges(), 1)

    @on_posix
    def test_at_no_instant_an_interrupt_loses_a_payment_that_was_sent(self):
        self.addCleanup(signal.signal, signal.SIGALRM, signal.signal(signal.SIGALRM, signal.default_int_handler))
        answers, charged = set(), 0
        # The customer takes so long that no payment is done before its alarm is heard, after a slice of waiting.
        with Simulator(think_ms=400) as simulator, secupos.Till(simulator.config()) as till:
            for instant in range(24):
                sale = secupos.Sale(f"2026-11-23/{instant}", amount=1, currency="EUR")
                try:
                    signal.setitimer(signal.ITIMER_REAL, 40e-6 * 1.3**instant)
                    till.pay(sale)
                except secupos.PaymentInterrupted as interrupted:
                    answers.add(interrupted.abort)
                    abandoned = interrupted.abort is Abort.ABANDONED
                    outcome = interrupted.payment.wait()
                    self.assertIs(outcome, Outcome.NOT_STARTED if abandoned else Outcome.APPROVED)
                    charged += outcome is Outcome.APPROVED
                except KeyboardInterrupt:
                    pass
            self.assertEqual(answers, {Abort.ABANDONED, Abort.AT_TERMINAL})
            self.assertEqual(simulator.charges(), charged)


if __name__ == "__main__":
    unittest.main()
