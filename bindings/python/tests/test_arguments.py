"""What cannot be used is refused before anything is sent, and the error names it."""

import datetime
import decimal
import pickle
import unittest

import secupos
from secupos import Decision, ReversalDecision
from simulator import fresh_state_file

UNREACHABLE = {"base_url": "http://127.0.0.1:1", "client_id": "vendor", "client_secret": "hush"}


def config(**changes):
    return secupos.Config(**{"state_file": fresh_state_file(), "create_state_file": True, **UNREACHABLE, **changes})


class Sales(unittest.TestCase):
    def setUp(self):
        self.till = secupos.Till(config())
        self.addCleanup(self.till.close)

    def refused(self, **changes):
        sale = {"reference": "2026-11-23/0042", "amount": 1, "currency": "EUR", **changes}
        return self.fault(secupos.Sale(**sale))

    def refused_item(self, **changes):
        sale = secupos.Sale("2026-11-23/0042", amount=1, currency="EUR")
        sale.add_item(**{"description": "Brötchen", "quantity": 1, "unit_price": 1, "tax_percent": 7, **changes})
        return self.fault(sale)

    def fault(self, sale):
        with self.assertRaises((secupos.InvalidArgumentError, TypeError)) as caught:
            self.till.pay(sale)
        return caught.exception

    def test_values_that_cannot_be_used(self):
        for argument, values in {
            "reference": ["", "   ", "x" * 65, "ä" * 33, "a\nb", "a\x7fb", "a\0b", "a\ud800b"],
            "amount": [0, -1, 100_000_000, 2**63 - 1, 2**63, -(2**63) - 1, 2**64 + 1],
            "currency": ["", "EU", "EURO", "eur", "€", "EUR\0", "\udfff"],
            "attempt": [0, -1, 10_000, 2**31, 2**32 + 1],
            "transaction_ref": ["", "x" * 201, "a\tb", "a\0b", "\ud800"],
            "gratuity": [-1, 2, 2**63, 2**64 + 1],
        }.items():
            for value in values:
                with self.subTest(argument, value=value):
                    fault = self.refused(**{argument: value})
                    self.assertIsInstance(fault, secupos.InvalidArgumentError)
                    self.assertTrue(fault.message.startswith(f"{argument} "), fault.message)

    def test_a_reference_that_looks_like_another_is_refused_with_the_character_named(self):
        for reference, fault in {
            "Ma\u0308rz": "contains U+0308, a combining mark, as character 3",
            "r1 ": "contains U+0020, a blank at an end, as character 3",
            "r\u200b1": "contains U+200B, a format character, as character 2",
            "r\t1": "contains U+0009, a control character, as character 2",
            "\u212b1": "contains U+212B, not in composed form (NFC), as character 1",
        }.items():
            with self.subTest(reference):
                self.assertEqual(self.refused(reference=reference).message, f"reference {fault}")

    def test_items_that_cannot_be_used(self):
        for argument, values in {
            "description": ["", "x" * 201, "a\nb", "a\0b", "\ud800"],
            "quantity": [0, -1, 100_001, 2**31, 2**32 + 1],
            "unit_price": [-1, 100_000_000, 2**63, 2**64 + 1],
            "tax_percent": [-1, 101, 1900, 2**32 + 7],
            "article_number": ["", "x" * 65, "a\0b", "\ud800"],
            "ean": ["", "x" * 65, "a\0b", "\ud800"],
        }.items():
            for value in values:
                with self.subTest(argument, value=value):
                    fault = self.refused_item(**{argument: value})
                    self.assertIsInstance(fault, secupos.InvalidArgumentError)
                    self.assertTrue(fault.message.startswith(f"{argument} "), fault.message)

    def test_types_that_cannot_be_used(self):
        for argument, values in {
            "reference": [b"bytes", 42, None],
            "amount": [0.01, 1.0, True, "1", None, decimal.Decimal("0.01")],
            "currency": [b"EUR", None],
            "attempt": [1.0, True, "1", None],
            "transaction_ref": [b"bytes", 1],
        }.items():
            for value in values:
                with self.subTest(argument, value=value):
                    fault = self.refused(**{argument: value})
                    self.assertIsInstance(fault, TypeError)
                    self.assertTrue(str(fault).startswith(f"{argument} must be "), fault)
        for argument, value in [("quantity", 1.5), ("unit_price", 0.01), ("tax_percent", 7.0), ("ean", 4006381333931)]:
            with self.subTest(argument, value=value):
                fault = self.refused_item(**{argument: value})
                self.assertIsInstance(fault, TypeError)
                self.assertTrue(str(fault).startswith(f"{argument} must be "), fault)

    def test_items_must_add_up(self):
        fault = self.refused_item(unit_price=2)
        self.assertIsInstance(fault, secupos.InvalidArgumentError)
        self.assertEqual(fault.message, "amount does not add up: 1 x 0.02 = 0.02, the sale says 0.01")

    def test_what_is_weighed_is_one_article(self):
        for quantity in [0.5, decimal.Decimal("0.5")]:
            self.assertIn("quantity must be an int", str(self.refused_item(quantity=quantity)))

    def test_groups_that_cannot_be_used(self):
        for argument, group in {
            "group_id": secupos.Group("", "Bakery"),
            "group_description": secupos.Group("1", "a\nb"),
            "level": secupos.Group("1", "Bakery", 0),
            "sale": secupos.Group("1", "Bakery"),
        }.items():
            fault = self.refused_item(groups=[group] * 11)
            self.assertTrue(fault.message.startswith(f"{argument} "), fault.message)

    def test_only_a_person_confirms_a_possible_duplicate(self):
        for operator in ["", "   ", "x" * 201, "a\nb", "a\0b", "\ud800", 7, b"Kim"]:
            with self.subTest(operator):
                sale = secupos.Sale("2026-11-23/0042", amount=1, currency="EUR")
                sale.confirm_not_duplicate(operator)
                self.assertRegex(str(self.fault(sale)), r"^(INVALID_ARGUMENT: )?operator ")

    def test_only_a_sale_is_a_sale(self):
        with self.assertRaisesRegex(TypeError, "^sale must be a Sale"):
            self.till.pay({"reference": "r", "amount": 1})


class Calls(unittest.TestCase):
    """What is asked of a till about payments that are there."""

    def setUp(self):
        self.till = secupos.Till(config())
        self.addCleanup(self.till.close)

    def refused(self, argument, call, *arguments, **more):
        with self.subTest(argument, arguments=arguments, more=more):
            with self.assertRaises((secupos.InvalidArgumentError, TypeError)) as caught:
                call(*arguments, **more)
            self.assertRegex(str(caught.exception), f"^(INVALID_ARGUMENT: )?{argument} ")

    def test_references(self):
        for reference in ["a\0b", "\ud800", None, 42, b"r"]:
            self.refused("reference", self.till.recover, reference)
            self.refused("reference", self.till.acknowledge, reference)
            self.refused("reference", self.till.decide, reference, Decision.PAID, "Kim", "a slip")
            self.refused("reference", self.till.decide_reversal, reference, ReversalDecision.REVERSED, "Kim", "a slip")
            self.refused("reference", self.till.reverse, reference)

    def test_attempts(self):
        for attempt in [0, -1, 2**31, 2**63, True, 1.0, "1"]:
            self.refused("attempt", self.till.recover, "r", attempt)
            self.refused("attempt", self.till.acknowledge, "r", attempt)
            self.refused("attempt", self.till.reverse, "r", attempt)
            self.refused("attempt", self.till.reverse, "r", attempt, confirmed_by="Kim")
            self.refused("attempt", self.till.decide, "r", Decision.PAID, "Kim", "a slip", attempt=attempt)
            reversed = ReversalDecision.REVERSED
            self.refused("attempt", self.till.decide_reversal, "r", reversed, "Kim", "a slip", attempt)

    def test_how_long_starting_up_may_take(self):
        for timeout in [-1, -0.001, 3601, float("nan"), float("inf"), True, "60", None]:
            self.refused("timeout(_ms)?", self.till.recover_all, timeout)

    def test_decisions(self):
        for decision in [True, 1, 2, "paid", None]:
            self.refused("decision", self.till.decide, "r", decision, "Kim", "a slip")
        for wrong in ["", "  ", "x" * 201, "a\nb", "a\0b", "\ud800", None, 7]:
            self.refused("operator", self.till.decide, "r", Decision.PAID, wrong, "a slip")
            self.refused("reason", self.till.decide, "r", Decision.PAID, "Kim", wrong)
        for wrong in [0, -1, 2**63, True, 1.0, "3"]:
            self.refused("slip_number", self.till.decide, "r", Decision.PAID, "Kim", "a slip", wrong)

    def test_decisions_on_reversals(self):
        decide = self.till.decide_reversal
        for decision in [True, 1, Decision.PAID, "reversed", None]:
            self.refused("decision", decide, "r", decision, "Kim", "a slip")
        for wrong in ["", "  ", "x" * 201, "a\nb", "a\0b", "\ud800", None, 7]:
            self.refused("operator", decide, "r", ReversalDecision.REVERSED, wrong, "a slip")
            self.refused("reason", decide, "r", ReversalDecision.REVERSED, "Kim", wrong)

    def test_who_moves_a_till_and_why(self):
        for wrong in ["", "  ", "x" * 201, "a\nb", "a\0b", "\ud800", None, 7]:
            self.refused("operator", secupos.Till.rebind, config(), wrong, "a new host")
            self.refused("reason", secupos.Till.rebind, config(), "Kim", wrong)
        self.refused("config", secupos.Till.rebind, None, "Kim", "a new host")

    def test_operators_who_accept_a_loss(self):
        for operator in ["", "  ", "x" * 201, "a\nb", "a\0b", "\ud800", None, 7]:
            self.refused("operator", self.till.accept_journal_loss, operator)

    def test_times_and_receipt_numbers(self):
        noon = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.timezone.utc)
        for wrong in [noon.replace(tzinfo=None), noon.date(), 0, None]:
            self.refused("since", self.till.find_payments, wrong, noon)
            self.refused("before", self.till.find_payments, noon, wrong)
        for wrong in [0, -1, 2**63, True, 1.0, "3"]:
            self.refused("receipt_number", self.till.find_payments, noon, noon, wrong)

    def test_what_is_not_known(self):
        for call in [
            lambda: self.till.recover("never"),
            lambda: self.till.acknowledge("never"),
            lambda: self.till.decide("never", Decision.PAID, "Kim", "a slip"),
            lambda: self.till.decide_reversal("never", ReversalDecision.REVERSED, "Kim", "a slip"),
            lambda: self.till.reverse("never"),
        ]:
            with self.assertRaises(secupos.PaymentNotFoundError) as caught:
                call()
            self.assertIs(caught.exception.status, secupos.Status.NOT_FOUND)
            self.assertIn('"never"', caught.exception.message)
        self.assertEqual(self.till.unfinished(), [])


class Configs(unittest.TestCase):
    def refused(self, **changes):
        with self.assertRaises((secupos.InvalidArgumentError, TypeError)) as caught:
            secupos.Till(config(**changes))
        return caught.exception

    def test_values_that_cannot_be_used(self):
        for argument, values in {
            "base_url": ["", "connect.secucard.com", "http://connect.secucard.com", "http://192.168.0.1", "ftp://a",
                         "https://user:pw@host", "https://host/?a=b", "http://127.0.0.1\0", "http://\ud800"],
            "client_id": ["", "a\nb", "a\0b", "\ud800"],
            "client_secret": ["", "hush\n", "hush\0", "hush\ud800"],
            "device_code": ["", "hush\n", "hush\0", "hush\ud800"],
            "state_file": ["", "a\0b", "a\ud800b"],
            "head_file": ["", "a\0b", "a\ud800b"],
            "state_group": ["", "a\0b", "a\ud800b", "no such group"],
        }.items():  # fmt: skip
            for value in values:
                with self.subTest(argument, value=value):
                    fault = self.refused(**{argument: value})
                    self.assertIsInstance(fault, secupos.InvalidArgumentError)
                    self.assertTrue(fault.message.startswith(f"{argument} "), fault.message)
                    self.assertNotIn("hush", f"{fault!r} {fault.__cause__!r}")

    def test_types_that_cannot_be_used(self):
        for argument, value in [
            ("base_url", 1),
            ("client_id", None),
            ("client_secret", b"hush"),
            ("device_code", 1),
            ("environment", 2),
            ("ca_files", "one.pem"),
            ("state_file", None),
            ("state_file", b"till.state"),
            ("create_state_file", 1),
            ("head_file", b"till.head"),
            ("state_group", 100),
        ]:
            with self.subTest(argument):
                fault = self.refused(**{argument: value})
                self.assertIsInstance(fault, TypeError)
                self.assertTrue(str(fault).startswith(f"{argument} must be "), fault)

    def test_timeouts_are_seconds_and_named(self):
        for name, value in [
            ("connect", 0.05),
            ("request", 3601),
            ("payment", -1),
            ("payment", 600.1),
            ("resolve", float("nan")),
            ("resolve", float("inf")),
            ("payment", 1e300),
            ("resolve", -0.001),
            ("terminal", 3601),
        ]:
            with self.subTest(name, value=value):
                fault = self.refused(timeouts=secupos.Timeouts(**{name: value}))
                self.assertIsInstance(fault, secupos.InvalidArgumentError)
                self.assertIn(f"timeouts.{name}", fault.message)
        self.assertIsInstance(self.refused(timeouts=secupos.Timeouts(connect="5")), TypeError)
        timeouts = secupos.Timeouts(connect=0.1, request=1, payment=600, resolve=0, terminal=3600)
        secupos.Till(config(timeouts=timeouts)).close()

    def test_the_server_is_told_once(self):
        fault = self.refused(environment=secupos.Environment.TESTING)
        self.assertEqual(fault.message, "environment and base_url exclude each other")
        self.assertTrue(self.refused(base_url=None).message.startswith("config has no base URL"))
        secupos.Till(config(base_url=None, environment=secupos.Environment.TESTING)).close()

    def test_a_ca_file_must_be_there(self):
        self.assertTrue(self.refused(ca_files=["/no/such/file.pem"]).message.startswith("ca_file "))

    def test_repr_shows_no_secret(self):
        shown = repr(config(device_code="quiet"))
        self.assertIn("vendor", shown)
        self.assertNotIn("hush", shown)
        self.assertNotIn("quiet", shown)


class Errors(unittest.TestCase):
    def fault(self, amount):
        with secupos.Till(config()) as till, self.assertRaises(secupos.InvalidArgumentError) as caught:
            till.pay(secupos.Sale("r", amount=amount, currency="EUR"))
        return caught.exception

    def test_one_fault_is_the_same_whether_python_or_the_library_noticed_it(self):
        noticed_by_library, noticed_by_python = self.fault(0), self.fault(2**63)
        for fault in (noticed_by_library, noticed_by_python):
            self.assertIs(fault.status, secupos.Status.INVALID_ARGUMENT)
            self.assertIsInstance(fault, secupos.CallerError)
            self.assertIsInstance(fault, ValueError)
            self.assertEqual(str(fault), f"INVALID_ARGUMENT: {fault.message}")
            self.assertIsNone(fault.http_status or fault.server_code or fault.server_text or fault.support_id)
            self.assertIsNone(fault.retry_after)
        for language in ("de", "en"):
            text = noticed_by_library.cashier_text(language)
            self.assertEqual(noticed_by_python.cashier_text(language), text)
        self.assertIn("Bitte", noticed_by_library.cashier_text())
        self.assertIn("Please", noticed_by_library.cashier_text("en"))

    def test_a_language_is_german_or_english(self):
        fault = self.fault(0)
        with self.assertRaises(secupos.InvalidArgumentError) as caught:
            fault.cashier_text("fr")
        self.assertEqual(caught.exception.message, """language is 'fr'; it must be "de" or "en\"""")
        for wrong in ("", "DE", "de-DE", "english"):
            with self.assertRaisesRegex(secupos.InvalidArgumentError, "INVALID_ARGUMENT: language is "):
                fault.cashier_text(wrong)
        for wrong in (None, 1, b"de"):
            with self.assertRaisesRegex(TypeError, "^language must be a str"):
                fault.cashier_text(wrong)

    def test_errors_survive_pickling(self):
        fault = self.fault(0)
        copy = pickle.loads(pickle.dumps(fault))
        self.assertEqual((type(copy), str(copy), copy.cashier_text()), (type(fault), str(fault), fault.cashier_text()))


if __name__ == "__main__":
    unittest.main()
