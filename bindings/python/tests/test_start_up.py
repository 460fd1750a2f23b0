"""What a till does when it starts, in one call: everything unfinished is told, money is asked for once, and what was
told is taken over."""

import time
import unittest

import secupos
from doubt import REFERENCE, WithSimulator, sale
from secupos import Action, Copy, DecidedBy, Decision, Outcome, Reason, Status


class RecoverAll(WithSimulator):
    def test_nothing_is_left(self):
        self.assertEqual(self.till.recover_all(10), [])

    def test_what_was_paid_is_told_with_its_receipts_and_taken_over(self):
        self.pay_in_doubt()
        self.wait_for_charges(1)
        self.restart()
        (payment,) = self.till.recover_all(20)
        self.assertEqual((payment.reference, payment.outcome), (REFERENCE, Outcome.APPROVED))
        self.assertEqual((payment.replayed, payment.decided_by), (True, DecidedBy.SERVER))
        self.assertIn("Händlerbeleg", payment.receipt(Copy.MERCHANT).text())
        self.till.acknowledge(payment)
        self.assertEqual((self.unfinished(), self.till.recover_all(20)), ([], []))
        self.assertEqual(self.simulator.charges(), 1)

    def test_what_is_still_in_doubt_stays_unknown_and_each_has_its_share_of_the_time(self):
        self.pay_in_doubt(when="before")
        self.till.decide(REFERENCE, Decision.PAID, "Kim", "there is a slip")
        self.simulator.break_next("start", "before", "reset")
        self.assertIs(self.till.pay(sale("another", amount=2)).outcome, Outcome.UNKNOWN)
        self.restart()
        begun = time.monotonic()
        decided, in_doubt = self.till.recover_all(1)
        self.assertLess(time.monotonic() - begun, 10)
        self.assertEqual((decided.outcome, decided.decided_by), (Outcome.APPROVED, DecidedBy.OPERATOR))
        self.assertEqual((in_doubt.reference, in_doubt.outcome), ("another", Outcome.UNKNOWN))
        actions = [Action.LOOK_AT_TERMINAL, Action.ASK_CASHIER, Action.RECOVER_LATER]
        self.assertEqual(in_doubt.next_actions[:3], actions)
        self.refused(Status.INVALID_STATE, self.till.acknowledge, in_doubt)
        self.till.acknowledge(decided)
        self.assertEqual(self.unfinished(), [("another", Outcome.UNKNOWN)])

    def test_a_conflict_is_told_and_taken_over(self):
        self.pay_in_doubt()
        self.till.decide(REFERENCE, Decision.NOT_PAID, "Kim", "the terminal shows nothing")
        self.wait_for_charges(1)
        self.assertIs(self.till.recover(REFERENCE).wait(), Outcome.APPROVED)
        self.restart()
        (payment,) = self.till.recover_all(20)
        self.assertEqual((payment.outcome, payment.conflict), (Outcome.APPROVED, True))
        self.assertIs(payment.next_actions[0], Action.ASK_CASHIER)
        self.till.acknowledge(payment)
        self.assertEqual(self.unfinished(), [])

    def test_without_time_it_tells_what_is_known_and_uses_no_network(self):
        self.till.pay(sale())
        self.restart()
        before = len(self.simulator.control("requests"))
        (payment,) = self.till.recover_all(0)
        self.assertIs(payment.outcome, Outcome.APPROVED)
        self.assertEqual(len(self.simulator.control("requests")), before)

    def test_it_and_a_payment_do_not_run_at_once(self):
        self.simulator.set(think_ms=500)
        running = self.till.start_payment(sale())
        fault = self.refused(Status.BUSY, self.till.recover_all, 10)
        self.assertIsInstance(fault, secupos.BusyError)
        self.assertIs(running.wait(), Outcome.APPROVED)


class Once(WithSimulator):
    """Attempt 1 is in doubt and decided not paid; attempt 2 is paid; and then the customer has paid attempt 1, too."""

    def pay_twice(self):
        self.simulator.next("girocard", think=3)
        self.simulator.break_next("start", "during", "reset")
        self.assertIs(self.till.pay(sale()).outcome, Outcome.UNKNOWN)
        self.till.decide(REFERENCE, Decision.NOT_PAID, "Kim", "the terminal shows nothing")
        self.assertIs(self.till.pay(sale(attempt=2)).outcome, Outcome.APPROVED)
        self.wait_for_charges(2)
        self.restart()
        # In the background it has asked about what was decided.
        self.wait_for_unfinished(2)

    def test_a_refund_is_told_once_and_later_the_cashier_is_asked(self):
        self.pay_twice()
        surplus, paid = self.till.recover_all(20)
        self.assertEqual((surplus.attempt, surplus.outcome, surplus.conflict), (1, Outcome.APPROVED, True))
        self.assertIs(surplus.next_actions[0], Action.REFUND)
        self.assertIsNone(surplus.to_dict()["asked_before_at"])
        self.assertEqual((paid.attempt, Action.REFUND in paid.next_actions), (2, False))

        self.restart()
        again, _ = self.till.recover_all(20)
        later = self.till.recover(REFERENCE, attempt=1)
        later.wait()
        for told in (again, later):
            self.assertIs(told.next_actions[0], Action.ASK_CASHIER)
            self.assertNotIn(Action.REFUND, told.next_actions)
            self.assertGreaterEqual(told.to_dict()["asked_before_at"], surplus.to_dict()["created_at"])
            self.assertIn("asked for before", told.cashier_text("en"))

    def test_a_list_tells_nothing(self):
        self.pay_twice()
        shown, _ = self.till.unfinished()
        self.assertTrue(shown.conflict)
        self.assertNotIn(Action.REFUND, shown.next_actions)

    def test_two_attempts_that_need_something_must_be_told_apart(self):
        self.pay_twice()
        surplus, _ = self.till.recover_all(20)
        for call in (self.till.recover, self.till.acknowledge, self.till.reverse):
            fault = self.refused(Status.INVALID_STATE, call, REFERENCE)
            self.assertIn("attempts 1 and 2", fault.message)
        self.refused(Status.NOT_FOUND, self.till.recover, REFERENCE, 3)
        self.assertEqual(self.till.recover(REFERENCE, attempt=2).attempt, 2)
        self.till.acknowledge(REFERENCE, 2)
        self.assertEqual([left.attempt for left in self.till.unfinished()], [1])
        self.till.acknowledge(surplus)
        self.assertEqual(self.unfinished(), [])


class Acknowledge(WithSimulator):
    def test_a_receipt_that_comes_later_keeps_it_listed(self):
        self.simulator.set(receipts_lag_ms=2000)
        bare = self.till.pay(sale())
        self.assertEqual(bare.next_actions, [Action.LOOK_AT_TERMINAL, Action.RECOVER_LATER])
        self.till.acknowledge(bare)
        self.assertEqual(self.unfinished(), [])
        time.sleep(2)
        whole = self.till.recover(REFERENCE)
        self.assertIs(whole.wait(), Outcome.APPROVED)
        self.assertIn("Händlerbeleg", whole.receipt(Copy.MERCHANT).text())
        self.assertEqual(self.unfinished(), [(REFERENCE, Outcome.APPROVED)])
        self.till.acknowledge(bare)
        self.assertEqual(self.unfinished(), [(REFERENCE, Outcome.APPROVED)])
        self.till.acknowledge(whole)
        self.assertEqual(self.unfinished(), [])

    def test_a_conflict_that_comes_later_keeps_it_listed(self):
        self.pay_in_doubt()
        decided = self.till.decide(REFERENCE, Decision.NOT_PAID, "Kim", "the terminal shows nothing")
        self.wait_for_charges(1)
        told = self.till.recover(REFERENCE)
        self.assertIs(told.wait(), Outcome.APPROVED)
        (shown,) = self.till.unfinished()
        for untold in (decided, shown):
            self.till.acknowledge(untold)
            self.assertEqual(self.unfinished(), [(REFERENCE, Outcome.APPROVED)])
        self.till.acknowledge(told)
        self.assertEqual(self.unfinished(), [])

    def test_a_payment_knows_its_own_attempt(self):
        payment = self.till.pay(sale())
        with self.assertRaisesRegex(TypeError, "^attempt goes with a reference"):
            self.till.acknowledge(payment, 1)
        self.till.acknowledge(payment)

    def test_what_is_running_has_no_result(self):
        self.simulator.set(think_ms=500)
        running = self.till.start_payment(sale())
        self.refused(Status.INVALID_STATE, self.till.acknowledge, running)
        self.assertIs(running.wait(), Outcome.APPROVED)


class CheckUnfinished(WithSimulator):
    def test_a_payment_says_that_something_else_needs_a_person(self):
        self.pay_in_doubt()
        self.till.decide(REFERENCE, Decision.NOT_PAID, "Kim", "the terminal shows nothing")
        self.wait_for_charges(1)
        self.restart()
        self.wait_for_unfinished(1)
        payment = self.till.pay(sale("another", amount=2))
        self.assertIs(payment.outcome, Outcome.APPROVED)
        self.assertIs(payment.next_actions[-1], Action.CHECK_UNFINISHED)
        for told in self.till.recover_all(20):
            self.till.acknowledge(told)
        payment = self.till.pay(sale("a third", amount=3))
        self.assertEqual((payment.reason, payment.next_actions[-1]), (None, Action.PRINT_CUSTOMER))


class Part(WithSimulator):
    def test_a_part_is_not_the_whole_and_the_rest_is_asked_for_once(self):
        self.simulator.control("next", {"charged": 500})
        payment = self.till.pay(sale(amount=1250))
        self.assertEqual((payment.outcome, payment.reason), (Outcome.APPROVED, Reason.AMOUNT_DIFFERS))
        self.assertEqual((payment.amount, payment.amount_charged, payment.amount_due), (1250, 500, 750))
        self.assertEqual(payment.to_dict()["amount_due"], 750)
        self.assertIs(payment.next_actions[-1], Action.COLLECT_REST)
        self.restart()
        (again,) = self.till.recover_all(20)
        self.assertEqual((again.amount_due, again.next_actions[-1]), (750, Action.ASK_CASHIER))
        rest = self.till.pay(sale("the rest", amount=again.amount_due))
        self.assertEqual((rest.outcome, rest.amount_due), (Outcome.APPROVED, None))

    def test_a_tip_leaves_nothing_due(self):
        self.simulator.control("next", {"charged": 1400})
        payment = self.till.pay(sale(amount=1250))
        self.assertEqual((payment.outcome, payment.reason), (Outcome.APPROVED, Reason.AMOUNT_DIFFERS))
        self.assertEqual((payment.amount_charged, payment.amount_due), (1400, None))
        self.assertIs(payment.next_actions[-1], Action.PRINT_CUSTOMER)


if __name__ == "__main__":
    unittest.main()
