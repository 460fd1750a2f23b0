"""What the terminal does besides taking payments: a reversal, the end of its day, its diagnosis."""

import unittest

import secupos
from secupos import Outcome, ReportOutcome, Reversal
from simulator import Simulator


class Terminal(unittest.TestCase):
    def setUp(self):
        self.simulator = Simulator()
        self.addCleanup(self.simulator.close)
        self.till = secupos.Till(self.simulator.config())
        self.addCleanup(self.till.close)

    def pay(self, reference, amount):
        return self.till.pay(secupos.Sale(reference, amount=amount, currency="EUR"))

    def test_a_payment_is_reversed(self):
        self.assertIs(self.pay("r1", 2).reversal, Reversal.NONE)
        payment = self.till.reverse("r1")
        self.assertIs(payment.wait(), Outcome.REVERSED)
        self.assertIs(payment.reversal, Reversal.DONE)
        self.assertEqual(payment.to_json()["reversal"], "done")
        self.assertIs(self.till.reverse("r1", confirmed_by="Erika").reversal, Reversal.DONE)

    def test_a_refusal_has_the_services_words(self):
        self.pay("r1", 4)
        payment = self.till.reverse("r1")
        self.assertIs(payment.wait(), Outcome.APPROVED)
        self.assertIs(payment.reversal, Reversal.REFUSED)
        self.assertEqual(payment.error.server_text, "Storno nicht möglich")
        with self.assertRaises(secupos.SaleReferenceError):
            self.till.reverse("r2")

    def test_the_day_is_closed(self):
        self.pay("r1", 2)
        self.assertEqual(self.till.to_json()["end_of_day_due"]["payments"], 1)
        with self.till.run_end_of_day() as report:
            self.assertIs(report.wait(), ReportOutcome.DONE)
            self.assertIs(report.outcome, ReportOutcome.DONE)
            self.assertIsNone(report.error)
            self.assertIn("Kassenschnitt", report.render(secupos.RenderOptions()).decode())
            self.assertEqual(report.to_json()["report"], "end_of_day")
        self.assertEqual(self.till.to_json()["end_of_day_due"]["payments"], 0)
        with self.assertRaises(secupos.CallerError):
            self.till.reverse("r1")

    def test_a_diagnosis(self):
        report = self.till.run_diagnosis()
        self.assertIs(report.wait(timeout=30), ReportOutcome.DONE)


if __name__ == "__main__":
    unittest.main()
