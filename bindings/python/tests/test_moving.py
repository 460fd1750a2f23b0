"""A till that moves: its state file is bound to another host or device; and one whose head is kept elsewhere."""

import functools
import pathlib
import tempfile
import time
import unittest

import secupos
from doubt import REFERENCE, WithSimulator, sale
from secupos import Outcome, Status
from simulator import Simulator, once_free, open_again


class Rebound(WithSimulator):
    def setUp(self):
        super().setUp()
        self.new = Simulator()
        self.addCleanup(self.new.close)
        self.moved = self.new.config(state_file=self.config.state_file)

    def test_a_person_says_that_it_is_the_same_till(self):
        self.till.pay(sale(amount=2))
        fault = self.refused(Status.STATE_FILE_LOCKED, secupos.Till.rebind, self.moved, "Kim", "the host was renamed")
        self.assertIsInstance(fault, secupos.StateFileLockedError)
        self.till.close()
        self.refused(Status.STATE_FILE_MISMATCH, open_again, self.moved)
        secupos.Till.rebind(self.moved, "Kim", "the host was renamed")
        self.till = open_again(self.moved)
        (payment,) = self.till.recover_all(0)
        self.assertEqual((payment.reference, payment.outcome), (REFERENCE, Outcome.APPROVED))
        fault = self.refused(Status.INVALID_STATE, self.till.reverse, REFERENCE)
        self.assertIn("bound anew", fault.message)
        self.till.acknowledge(payment)
        self.assertIs(self.till.pay(sale("the next")).outcome, Outcome.APPROVED)
        self.till.close()
        self.refused(Status.STATE_FILE_MISMATCH, open_again, self.config)

    def test_not_while_something_is_in_doubt(self):
        self.pay_in_doubt(when="before")
        self.till.close()
        rebind = functools.partial(secupos.Till.rebind, self.moved, "Kim", "the host was renamed")
        fault = self.refused(Status.INVALID_STATE, once_free, rebind)
        self.assertIn(REFERENCE, fault.message)


class Head(unittest.TestCase):
    def setUp(self):
        self.simulator = Simulator()
        self.addCleanup(self.simulator.close)
        folder = tempfile.TemporaryDirectory(prefix="secupos-tests-")
        self.addCleanup(folder.cleanup)
        self.head_file = pathlib.Path(folder.name, "till.head")
        self.config = self.simulator.config(head_file=self.head_file)

    def test_it_is_kept_elsewhere_and_missed_where_it_is_gone(self):
        with secupos.Till(self.config) as till:
            self.assertIs(till.pay(sale()).outcome, Outcome.APPROVED)
        open_again(self.config).close()
        self.assertTrue(self.head_file.exists())
        state_file = self.config.state_file
        self.assertFalse(state_file.with_name(f"{state_file.name}.head").exists())
        while state_file.with_name(f"{state_file.name}-wal").exists():
            time.sleep(0.01)
        self.head_file.unlink()
        with open_again(self.config) as till:
            with self.assertRaises(secupos.StateFileDamagedError) as caught:
                till.pay(sale("another"))
            self.assertIs(caught.exception.status, Status.STATE_FILE_DAMAGED)
            self.assertEqual([left.reference for left in till.unfinished()], [REFERENCE])
            till.accept_journal_loss("Kim")
            self.assertIs(till.pay(sale("another")).outcome, Outcome.APPROVED)


if __name__ == "__main__":
    unittest.main()
