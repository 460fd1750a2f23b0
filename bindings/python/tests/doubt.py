"""A till at the simulator, and how its payments come into doubt."""

import time
import unittest

import secupos
from secupos import Action, Outcome, Reason
from simulator import Simulator, open_again

REFERENCE = "2026-11-23/0042"
# Read once, and then the payment is unknown.
AT_ONCE = secupos.Timeouts(resolve=0)


def sale(reference=REFERENCE, amount=1, **more):
    return secupos.Sale(reference, amount=amount, currency="EUR", **more)


class WithSimulator(unittest.TestCase):
    timeouts = AT_ONCE

    def setUp(self):
        self.simulator = Simulator()
        self.addCleanup(self.simulator.close)
        self.config = self.simulator.config(timeouts=self.timeouts)
        self.till = secupos.Till(self.config)
        self.addCleanup(lambda: self.till.close())

    def restart(self):
        """The till's program ends and starts again."""
        self.till.close()
        self.till = open_again(self.config)

    def refused(self, status, call, *arguments):
        with self.assertRaises(secupos.SecuposError) as caught:
            call(*arguments)
        self.assertIs(caught.exception.status, status)
        return caught.exception

    def pay_in_doubt(self, when="during"):
        """The connection breaks: while the customer, who pays, is thinking, or before the start has reached anybody."""
        self.simulator.set(think_ms=500)
        self.simulator.break_next("start", when, "reset")
        payment = self.till.pay(sale())
        self.assertEqual((payment.outcome, payment.reason), (Outcome.UNKNOWN, Reason.CONNECTION_LOST))
        self.assertEqual(payment.next_actions, [Action.LOOK_AT_TERMINAL, Action.ASK_CASHIER, Action.RECOVER_LATER])
        return payment

    def wait_for_charges(self, count):
        deadline = time.monotonic() + 20
        while self.simulator.charges() < count:
            self.assertLess(time.monotonic(), deadline, "the customer has not paid")
            time.sleep(0.02)

    def wait_for_unfinished(self, count):
        deadline = time.monotonic() + 20
        while len(self.unfinished()) < count:
            self.assertLess(time.monotonic(), deadline, "the service was not asked")
            time.sleep(0.02)

    def unfinished(self):
        return [(payment.reference, payment.outcome) for payment in self.till.unfinished()]
