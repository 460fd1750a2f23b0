"""What becomes of a payment, against the simulated terminal."""

import datetime
import socket
import unittest

import secupos
from secupos import Action, Copy, DecidedBy, Outcome, Reason, Signature
from simulator import Simulator


def sale(reference="2026-11-23/0042", amount=1, **more):
    return secupos.Sale(reference, amount=amount, currency="EUR", **more)


class WithSimulator(unittest.TestCase):
    def setUp(self):
        self.simulator = Simulator()
        self.addCleanup(self.simulator.close)
        self.till = secupos.Till(self.simulator.config())
        self.addCleanup(self.till.close)


class Items(WithSimulator):
    def test_articles_coupons_groups_and_a_tip_arrive(self):
        # 05: declined, so that the service goes on showing the basket.
        lunch = secupos.Sale("2026-11-23/0043", amount=905, currency="EUR", gratuity=55, transaction_ref="Mittagstisch")
        lunch.add_item("Eintopf", quantity=2, unit_price=450, tax_percent=7, groups=[secupos.Group("1", "Speisen")])
        lunch.add_item("Trinkgeld", quantity=1, unit_price=55, tax_percent=0)
        lunch.add_coupon("Gutschein", quantity=1, unit_price=50, tax_percent=7)
        payment = self.till.pay(lunch)
        self.assertIs(payment.outcome, Outcome.FAILED)
        seen = self.simulator.transaction(payment.transaction_id)
        kinds = [(item["item_type"], item["priceOne"]) for item in seen["basket"]["products"]]
        self.assertEqual(kinds, [("article", 450), ("article", 55), ("coupon", 50)])
        self.assertEqual(seen["basket"]["products"][0]["group"], [{"id": "1", "desc": "Speisen", "level": 1}])
        self.assertEqual((seen["basket_info"]["gratuity"], seen["transactionRef"]), (55, "Mittagstisch"))


class Approved(WithSimulator):
    def setUp(self):
        super().setUp()
        self.before = datetime.datetime.now(datetime.timezone.utc)
        bread = sale()
        bread.add_item("Brötchen", quantity=1, unit_price=1, tax_percent=7, article_number="70000")
        self.payment = self.till.pay(bread)

    def test_what_is_known(self):
        payment = self.payment
        self.assertIs(payment.outcome, Outcome.APPROVED)
        self.assertIsNone(payment.reason)
        self.assertIsNone(payment.error)
        self.assertIs(payment.decided_by, DecidedBy.SERVER)
        self.assertEqual((payment.replayed, payment.conflict), (False, False))
        self.assertEqual((payment.reference, payment.attempt), ("2026-11-23/0042", 1))
        self.assertEqual((payment.amount, payment.amount_charged, payment.currency), (1, 1, "EUR"))
        self.assertEqual(payment.status_text, "ok")
        self.assertTrue(payment.transaction_id.startswith("STX_"))
        self.assertLess(abs(payment.created_at - self.before), datetime.timedelta(seconds=10))
        self.assertGreaterEqual(payment.completed_at, payment.created_at)
        self.assertIn("unterschreiben", payment.cashier_text())
        self.assertIn("sign", payment.cashier_text("en"))

    def test_what_to_do_next(self):
        self.assertIs(self.payment.signature, Signature.REQUIRED)
        self.assertEqual(
            self.payment.next_actions, [Action.PRINT_MERCHANT, Action.TAKE_SIGNATURE, Action.PRINT_CUSTOMER]
        )

    def test_both_receipts(self):
        merchant, customer = self.payment.receipt(Copy.MERCHANT), self.payment.receipt(Copy.CUSTOMER)
        self.assertNotEqual(merchant.text(), customer.text())
        for receipt in (merchant, customer):
            for columns in (16, 42, 96):
                self.assertLessEqual(max(map(len, receipt.text(columns).splitlines())), columns)
            self.assertGreater(len(receipt.lines), 5)
        self.assertIs(merchant.signature, Signature.REQUIRED)

    def test_the_receipt_number_as_number_and_as_printed(self):
        self.assertEqual(self.payment.receipt_number, 3)
        self.assertEqual(self.payment.receipt(Copy.MERCHANT).field("receipt_no"), "0003")
        self.assertIsNone(self.payment.receipt(Copy.MERCHANT).field("no_such_field"))

    def test_json_says_the_same(self):
        payment, document = self.payment, self.payment.to_dict()
        self.assertEqual(document["outcome"], "approved")
        self.assertEqual(document["next_actions"], [action.name.lower() for action in payment.next_actions])
        self.assertEqual((document["decided_by"], document["replayed"], document["conflict"]), ("server", False, False))
        self.assertEqual(document["grant"], "client_credentials")
        self.assertEqual(document["signature"]["decision"], "required")
        self.assertEqual(document["receipt_number"], payment.receipt_number)
        self.assertEqual(document["cashier_text"], {name: payment.cashier_text(name) for name in ("de", "en")})
        self.assertEqual(document["receipts"]["merchant"], payment.receipt(Copy.MERCHANT).to_dict())

    def test_repr_shows_no_receipt(self):
        self.assertEqual(repr(self.payment), "<secupos.Payment '2026-11-23/0042', attempt 1: APPROVED>")

    def test_the_cashier_reads_german_or_english(self):
        for wrong in ("fr", "EN", ""):
            with self.assertRaisesRegex(secupos.InvalidArgumentError, "^INVALID_ARGUMENT: language is "):
                self.payment.cashier_text(wrong)

    def test_the_terminal_took_the_money_once(self):
        self.assertEqual(self.simulator.charges(), 1)

    def test_a_reference_that_has_taken_money_takes_no_more(self):
        for again in (sale(attempt=2), sale(amount=2)):
            with self.assertRaises(secupos.ReferenceConflictError) as caught:
                self.till.pay(again)
            self.assertIs(caught.exception.status, secupos.Status.REFERENCE_CONFLICT)
        self.assertEqual(self.simulator.charges(), 1)

    def test_only_a_copy_is_a_copy(self):
        with self.assertRaisesRegex(TypeError, "^copy must be a Copy"):
            self.payment.receipt(2)


class NotApproved(WithSimulator):
    def test_declined(self):
        self.simulator.decline_next()
        payment = self.till.pay(sale())
        self.assertIs(payment.outcome, Outcome.FAILED)
        self.assertIs(payment.reason, Reason.FAILED)
        self.assertIsNone(payment.amount_charged)
        self.assertIs(payment.next_actions[-1], Action.TRY_AGAIN)
        self.assertIn("Nicht bezahlt", payment.cashier_text())
        self.assertEqual(payment.receipt(Copy.MERCHANT).signature is Signature.REQUIRED, False)

    def test_after_a_decline_the_next_attempt_may_succeed(self):
        self.simulator.decline_next()
        self.till.pay(sale())
        with self.assertRaises(secupos.AttemptOutOfOrderError) as caught:
            self.till.pay(sale(attempt=3))
        self.assertIs(caught.exception.status, secupos.Status.ATTEMPT_OUT_OF_ORDER)
        again = self.till.pay(sale(attempt=2))
        self.assertEqual((again.outcome, again.attempt), (Outcome.APPROVED, 2))

    def test_wrong_credentials_start_nothing(self):
        with secupos.Till(self.simulator.config(client_secret="wrong")) as till:
            payment = till.pay(sale())
        self.assertEqual((payment.outcome, payment.reason), (Outcome.NOT_STARTED, Reason.LOGIN_FAILED))
        self.assertIsInstance(payment.error, secupos.LoginError)
        self.assertIs(payment.error.status, secupos.Status.INVALID_CREDENTIALS)
        self.assertIsNotNone(payment.error.http_status)
        self.assertNotIn("wrong", repr(payment.error))

    def test_a_server_that_is_not_there(self):
        with socket.socket() as taken:
            # Bound but not listening: whoever connects is refused.
            taken.bind(("127.0.0.1", 0))
            nowhere = f"http://127.0.0.1:{taken.getsockname()[1]}"
            with secupos.Till(self.simulator.config(base_url=nowhere)) as till:
                payment = till.pay(sale())
        self.assertEqual((payment.outcome, payment.reason), (Outcome.NOT_STARTED, Reason.NO_CONNECTION))
        self.assertIsInstance(payment.error, secupos.NetworkError)
        self.assertIs(payment.error.status, secupos.Status.UNREACHABLE)
        self.assertIsNone(payment.error.http_status)
        self.assertEqual(payment.receipt(Copy.CUSTOMER).text(), "")
        self.assertEqual(payment.to_dict()["error"]["name"], "UNREACHABLE")


class Device(WithSimulator):
    def test_a_device_code_logs_in_as_that_device(self):
        with secupos.Till(self.simulator.config(device_code=self.simulator.device_code)) as till:
            payment = till.pay(sale())
        self.assertIs(payment.outcome, Outcome.APPROVED)
        self.assertEqual(payment.to_dict()["grant"], "device")


if __name__ == "__main__":
    unittest.main()
