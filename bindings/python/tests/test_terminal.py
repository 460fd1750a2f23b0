"""What the terminal does besides taking payments: a reversal, the end of its day, its diagnosis."""

import unittest

import secupos
from doubt import REFERENCE, WithSimulator
from secupos import Action, DecidedBy, Outcome, ReportOutcome, Reversal, ReversalDecision, Status


class Terminal(WithSimulator):
    def pay(self, reference, amount):
        return self.till.pay(secupos.Sale(reference, amount=amount, currency="EUR"))

    def test_a_payment_is_reversed(self):
        self.assertIs(self.pay("r1", 2).reversal, Reversal.NONE)
        payment = self.till.reverse("r1")
        self.assertIs(payment.wait(), Outcome.REVERSED)
        self.assertIs(payment.reversal, Reversal.DONE)
        self.assertEqual(payment.to_dict()["reversal"], "done")
        self.assertEqual(payment.cashier_text("en"), "Reversed.")
        again = self.till.reverse("r1", confirmed_by="Erika")
        self.assertIs(again.reversal, Reversal.DONE)
        self.assertRegex(again.cashier_text("en"), r"^Reversed\. \(Result of .*\)$")

    def test_what_is_not_known_is_not_reversed(self):
        with self.assertRaises(secupos.PaymentNotFoundError):
            self.till.reverse("r1")

    def reverse_in_doubt(self):
        self.pay("r1", 2)
        self.simulator.break_next("cancel", "before", "reset")
        payment = self.till.reverse("r1")
        self.assertIs(payment.wait(), Outcome.APPROVED)
        self.assertIs(payment.reversal, Reversal.UNKNOWN)
        self.assertEqual(payment.next_actions, [Action.LOOK_AT_TERMINAL, Action.ASK_CASHIER, Action.RECOVER_LATER])
        self.refused(Status.INVALID_STATE, self.till.acknowledge, payment)

    def test_a_person_decides_that_a_reversal_was_done(self):
        self.reverse_in_doubt()
        payment = self.till.decide_reversal("r1", ReversalDecision.REVERSED, "Kim", "there is a slip")
        self.assertEqual((payment.outcome, payment.reversal), (Outcome.REVERSED, Reversal.DONE))
        self.assertIs(payment.decided_by, DecidedBy.OPERATOR)
        self.till.acknowledge(payment)
        self.assertEqual(self.unfinished(), [])

    def test_a_person_decides_that_a_reversal_was_not_done(self):
        self.reverse_in_doubt()
        decision = ReversalDecision.NOT_REVERSED
        payment = self.till.decide_reversal("r1", decision, "Kim", "the terminal shows nothing", attempt=1)
        self.assertEqual((payment.outcome, payment.reversal), (Outcome.APPROVED, Reversal.REFUSED))
        self.assertIs(payment.decided_by, DecidedBy.OPERATOR)
        self.refused(Status.INVALID_STATE, self.till.decide_reversal, "r1", decision, "Kim", "once more")

    def test_the_day_is_closed(self):
        self.pay("r1", 2)
        self.assertEqual(self.till.to_dict()["end_of_day_due"]["payments"], 1)
        with self.till.run_end_of_day() as report:
            self.assertIs(report.wait(), ReportOutcome.DONE)
            self.assertIs(report.outcome, ReportOutcome.DONE)
            self.assertIsNone(report.error)
            self.assertIs(report.phase, secupos.Phase.NONE)
            self.assertEqual((report.cashier_text(), report.cashier_text("en")), ("Erledigt.", "Done."))
            self.assertEqual(report.created_at, report.to_dict()["created_at"])
            self.assertIn("Kassenschnitt", report.render(secupos.RenderOptions()).decode())
            self.assertEqual(report.to_dict()["report"], "end_of_day")
        self.assertEqual(self.till.to_dict()["end_of_day_due"]["payments"], 0)
        with self.assertRaises(secupos.InvalidStateError):
            self.till.reverse("r1")

    def test_the_end_of_day_waits_for_the_customer(self):
        self.simulator.set(think_ms=1000)
        payment = self.till.start_payment(secupos.Sale("r1", amount=2, currency="EUR"))
        with self.assertRaises(secupos.BusyError) as caught:
            self.till.run_end_of_day()
        self.assertIn(payment.phase, (secupos.Phase.LOGGING_IN, secupos.Phase.WAITING_FOR_TERMINAL))
        self.assertNotIsInstance(caught.exception, secupos.SaleReferenceError)
        self.assertIs(payment.wait(), Outcome.APPROVED)
        self.assertIs(payment.phase, secupos.Phase.NONE)

    def test_a_diagnosis(self):
        report = self.till.run_diagnosis()
        self.assertIs(report.wait(timeout=30), ReportOutcome.DONE)

    def test_while_a_payment_may_still_reach_the_terminal_a_report_is_forced_or_not_run(self):
        self.pay_in_doubt(when="before")
        for run in (self.till.run_diagnosis, self.till.run_end_of_day):
            with run() as report:
                self.assertIs(report.wait(), ReportOutcome.NOT_RUN)
                self.assertIs(report.error.status, Status.BUSY)
                self.assertIn(REFERENCE, report.error.message)
            with run(force=True) as report:
                self.assertIs(report.wait(), ReportOutcome.DONE)

    def test_how_the_till_stands(self):
        stands = self.till.to_dict()
        self.assertEqual((stands["logins_taken"], stands["rollback_unnoticed"]), (0, False))


class Refused(WithSimulator):
    timeouts = secupos.Timeouts()

    def test_a_first_refusal_at_once_has_the_services_words_and_asks_for_a_refund_once(self):
        self.till.pay(secupos.Sale("r1", amount=4, currency="EUR"))
        refused = self.till.reverse("r1")
        self.assertIs(refused.wait(), Outcome.APPROVED)
        self.assertEqual((refused.reversal, refused.next_actions), (Reversal.REFUSED, [Action.REFUND]))
        self.assertEqual(refused.error.server_text, "Storno nicht möglich")
        self.restart()
        (again,) = self.till.recover_all(10)
        self.assertEqual((again.reversal, again.next_actions), (Reversal.REFUSED, [Action.ASK_CASHIER]))
        # Somebody may have given the money back by now.
        self.refused(Status.CONFIRMATION_REQUIRED, self.till.reverse, "r1")


if __name__ == "__main__":
    unittest.main()
