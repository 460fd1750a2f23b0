"""No payment lost, none charged twice: what a till finds after a crash, what a person decides, what is told again."""

import datetime
import time
import unittest

import secupos
from doubt import REFERENCE, WithSimulator, sale
from secupos import Action, Copy, DecidedBy, Decision, Outcome, Reason, Status
from simulator import after_a_while, on_posix, open_again


class Again(WithSimulator):
    def test_the_same_sale_is_told_again_with_the_same_receipts(self):
        first = self.till.pay(sale())
        again = self.till.pay(sale())
        self.restart()
        for later in (again, self.till.pay(sale()), self.till.start_payment(sale()), self.till.recover(REFERENCE)):
            self.assertIs(later.wait(), Outcome.APPROVED)
            self.assertTrue(later.replayed)
            self.assertEqual(later.completed_at, first.completed_at)
            self.assertEqual(later.transaction_id, first.transaction_id)
            for copy in Copy:
                self.assertEqual(later.receipt(copy).text(), first.receipt(copy).text())
            told, told_first = later.to_dict(), first.to_dict()
            for language, text in told.pop("cashier_text").items():
                earlier = {"de": "(Ergebnis vom ", "en": "(Result of "}[language]
                self.assertTrue(text.startswith(f"{told_first['cashier_text'][language]} {earlier}"), text)
            del told_first["cashier_text"]
            self.assertEqual(told, {**told_first, "replayed": True})
        self.assertFalse(first.replayed)
        self.assertEqual(self.simulator.charges(), 1)

    def test_the_same_sale_joins_the_payment_that_is_running(self):
        self.simulator.set(think_ms=500)
        first, second = self.till.start_payment(sale()), self.till.start_payment(sale())
        self.assertEqual((first.wait(), second.wait()), (Outcome.APPROVED, Outcome.APPROVED))
        self.assertEqual(first.transaction_id, second.transaction_id)
        self.assertEqual(self.simulator.charges(), 1)

    def test_a_declined_payment_is_told_again_and_never_tried_again_by_itself(self):
        self.simulator.decline_next()
        self.assertIs(self.till.pay(sale()).outcome, Outcome.FAILED)
        again = self.till.pay(sale())
        self.assertEqual((again.outcome, again.replayed), (Outcome.FAILED, True))
        self.assertEqual(self.unfinished(), [])
        self.assertEqual(self.simulator.charges(), 0)


class Restarted(WithSimulator):
    def test_what_was_in_doubt_when_the_till_ended_is_found_out(self):
        self.pay_in_doubt()
        self.wait_for_charges(1)
        self.restart()
        self.assertEqual([reference for reference, _ in self.unfinished()], [REFERENCE])
        payment = self.till.recover(REFERENCE)
        self.assertIs(payment.wait(), Outcome.APPROVED)
        self.assertTrue(payment.replayed)
        self.assertIs(payment.decided_by, DecidedBy.SERVER)
        self.assertIn("Händlerbeleg", payment.receipt(Copy.MERCHANT).text())
        self.assertIn("Kundenbeleg", payment.receipt(Copy.CUSTOMER).text())
        self.assertEqual(self.unfinished(), [(REFERENCE, Outcome.APPROVED)])
        self.assertEqual(self.simulator.charges(), 1)

    def test_a_till_that_is_closed_while_the_customer_pays_keeps_its_state_file_until_that_is_stored(self):
        self.simulator.set(think_ms=700)
        self.till.start_payment(sale()).close()
        self.simulator.wait_for_start()
        self.till.close()
        self.refused(Status.STATE_FILE_LOCKED, secupos.Till, self.config)
        self.till = open_again(self.config)
        self.assertEqual(self.unfinished(), [(REFERENCE, Outcome.APPROVED)])

    def test_pay_goes_on_with_what_is_in_doubt(self):
        self.pay_in_doubt()
        self.wait_for_charges(1)
        self.restart()
        payment = self.till.pay(sale())
        self.assertEqual((payment.outcome, payment.replayed), (Outcome.APPROVED, True))
        self.assertEqual(self.simulator.charges(), 1)

    def test_what_is_acknowledged_is_closed(self):
        self.till.pay(sale())
        self.restart()
        self.till.acknowledge(REFERENCE)
        self.till.acknowledge(REFERENCE)
        self.assertEqual(self.unfinished(), [])
        self.assertIs(self.till.recover(REFERENCE).wait(), Outcome.APPROVED)
        for again in (sale(), sale(attempt=2)):
            fault = self.refused(Status.REFERENCE_CLOSED, self.till.pay, again)
            self.assertIsInstance(fault, secupos.ReferenceClosedError)

    def test_what_has_no_result_cannot_be_acknowledged(self):
        self.pay_in_doubt()
        self.refused(Status.INVALID_STATE, self.till.acknowledge, REFERENCE)

    def test_one_state_file_is_one_till(self):
        fault = self.refused(Status.STATE_FILE_LOCKED, secupos.Till, self.config)
        self.assertIsInstance(fault, secupos.StateFileLockedError)
        missing = self.simulator.config(create_state_file=False)
        self.refused(Status.STATE_FILE_MISSING, secupos.Till, missing)
        self.till.close()
        other = self.simulator.config(state_file=self.config.state_file, device_code=self.simulator.device_code)
        self.refused(Status.STATE_FILE_MISMATCH, open_again, other)

    def test_a_lost_state_file_must_be_accepted_by_a_person(self):
        self.till.pay(sale())
        self.till.close()
        open_again(self.config).close()
        state_file = self.config.state_file
        while state_file.with_name(state_file.name + "-wal").exists():
            time.sleep(0.01)
        state_file.unlink()
        self.till = open_again(self.config)
        fault = self.refused(Status.STATE_FILE_DAMAGED, self.till.pay, sale("another"))
        self.assertIsInstance(fault, secupos.StateFileDamagedError)
        self.till.accept_journal_loss("Kim")
        self.till.accept_journal_loss("Kim")
        self.assertIs(self.till.pay(sale("another")).outcome, Outcome.APPROVED)


class Decided(WithSimulator):
    def test_a_person_decides_and_the_service_contradicts(self):
        self.pay_in_doubt()
        decided = self.till.decide(REFERENCE, Decision.NOT_PAID, "Kim", "no slip, the terminal shows nothing")
        self.assertEqual((decided.outcome, decided.decided_by), (Outcome.NOT_STARTED, DecidedBy.OPERATOR))
        self.assertIs(decided.next_actions[-1], Action.TRY_AGAIN)
        self.assertEqual((decided.conflict, self.unfinished()), (False, []))
        self.assertEqual(decided.to_dict()["decided_by"], "operator")
        self.wait_for_charges(1)
        contradicted = self.till.recover(REFERENCE)
        self.assertIs(contradicted.wait(), Outcome.APPROVED)
        self.assertEqual((contradicted.conflict, contradicted.decided_by), (True, DecidedBy.SERVER))
        # It was paid once: whether the customer has paid in another way meanwhile, the cashier knows.
        self.assertIs(contradicted.next_actions[0], Action.ASK_CASHIER)
        self.assertEqual(self.unfinished(), [(REFERENCE, Outcome.APPROVED)])
        self.assertTrue(self.till.unfinished()[0].conflict)
        self.till.acknowledge(contradicted)
        self.assertEqual(self.unfinished(), [])

    def test_a_person_decides_that_it_was_paid(self):
        self.pay_in_doubt()
        decided = self.till.decide(REFERENCE, Decision.PAID, "Kim", "there is a slip", slip_number=3)
        self.assertEqual((decided.outcome, decided.decided_by), (Outcome.APPROVED, DecidedBy.OPERATOR))
        self.wait_for_charges(1)
        proven = self.till.recover(REFERENCE)
        self.assertIs(proven.wait(), Outcome.APPROVED)
        self.assertEqual((proven.decided_by, proven.conflict), (DecidedBy.SERVER, False))

    def test_only_what_is_in_doubt_can_be_decided(self):
        self.till.pay(sale())
        self.refused(Status.INVALID_STATE, self.till.decide, REFERENCE, Decision.NOT_PAID, "Kim", "no slip")


class NextCustomer(WithSimulator):
    def test_the_same_amount_must_be_confirmed_while_the_first_is_in_doubt(self):
        self.pay_in_doubt(when="before")
        another = sale("another")
        fault = self.refused(Status.POSSIBLE_DUPLICATE, self.till.pay, another)
        self.assertIsInstance(fault, secupos.PossibleDuplicateError)
        self.assertIn(REFERENCE, fault.message)
        another.confirm_not_duplicate("Kim")
        waiting = self.till.pay(another)
        self.assertEqual((waiting.outcome, waiting.reason), (Outcome.NOT_STARTED, Reason.TERMINAL_BUSY))
        self.till.decide(REFERENCE, Decision.NOT_PAID, "Kim", "the terminal shows nothing")
        another.attempt = 2
        self.assertIs(self.till.pay(another).outcome, Outcome.APPROVED)
        self.assertEqual(self.simulator.charges(), 1)

    def test_another_amount_needs_no_confirmation(self):
        self.pay_in_doubt(when="before")
        waiting = self.till.pay(sale("another", amount=2))
        self.assertEqual((waiting.outcome, waiting.reason), (Outcome.NOT_STARTED, Reason.TERMINAL_BUSY))
        self.assertEqual(self.simulator.charges(), 0)


class Fenced(WithSimulator):
    @on_posix
    def test_after_the_grace_what_never_reached_the_terminal_is_not_started(self):
        self.pay_in_doubt(when="before")
        self.assertIs(self.till.recover(REFERENCE).wait(), Outcome.UNKNOWN)
        self.till.close()
        told = after_a_while(
            400,
            """
            payment = till.recover("2026-11-23/0042")
            payment.wait()
            print(payment.outcome.name, payment.reason.name)
            print(till.pay(secupos.Sale("2026-11-23/0042", amount=1, currency="EUR", attempt=2)).outcome.name)
            """,
            self.config,
        )
        self.assertEqual(told, "NOT_STARTED NEVER_STARTED\nAPPROVED\n")
        self.assertEqual(self.simulator.charges(), 1)


class Found(WithSimulator):
    def test_payments_are_found_by_time_and_receipt_number(self):
        berlin = datetime.timezone(datetime.timedelta(hours=1))
        before = datetime.datetime.now(berlin).replace(microsecond=0)
        first, second = self.till.pay(sale("first")), self.till.pay(sale("second", amount=2))
        after = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(milliseconds=1)

        def found(*limits):
            return [payment.reference for payment in self.till.find_payments(*limits)]

        self.assertEqual(found(before, after), ["first", "second"])
        self.assertEqual(found(before, second.created_at), ["first"])
        self.assertEqual(found(second.created_at, after), ["second"])
        self.assertEqual(found(before, after, first.receipt_number), ["first"])
        self.assertEqual(found(before, after, 999), [])
        self.assertEqual(found(after, before), [])
        (payment,) = self.till.find_payments(before, after, second.receipt_number)
        self.assertEqual((payment.amount, payment.outcome, payment.replayed), (2, Outcome.APPROVED, True))


if __name__ == "__main__":
    unittest.main()
