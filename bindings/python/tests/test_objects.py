"""How objects are shown, and which of them can be pickled."""

import copy
import json
import pickle
import unittest

import secupos
from simulator import Simulator

ENUMS = [value for value in vars(secupos).values() if isinstance(value, type) and issubclass(value, int)]


class Enums(unittest.TestCase):
    def test_the_text_of_each_is_its_word_in_json(self):
        self.assertEqual(str(secupos.Outcome.APPROVED), "approved")
        self.assertEqual(f"{secupos.Outcome.NOT_STARTED}, {secupos.Abort.TOO_LATE:>9}", "not_started,  too_late")
        self.assertGreater(len(ENUMS), 15)
        for enum in ENUMS:
            for member in enum:
                # JSON writes the errors' names in capitals.
                word = member.name if enum is secupos.Status else member.name.lower()
                self.assertEqual((str(member), f"{member}"), (word, word))

    def test_each_can_be_pickled_also_one_that_is_not_known(self):
        for enum in ENUMS:
            for member in enum:
                self.assertIs(pickle.loads(pickle.dumps(member)), member)
        for unknown in (secupos.Reason(77), secupos.Status(77)):
            again = pickle.loads(pickle.dumps(unknown))
            self.assertEqual((again, again.name), (unknown, unknown.name))
        self.assertEqual(str(secupos.Reason(77)), "reason_77")


class Values(unittest.TestCase):
    def test_each_can_be_pickled(self):
        sale = secupos.Sale("r1", amount=1, currency="EUR")
        sale.add_item("Brötchen", 1, 1, 7, groups=[secupos.Group("1", "Bakery")])
        sale.confirm_not_duplicate("Kim")
        config = secupos.Config("vendor", "hush", "till.state", environment=secupos.Environment.TESTING)
        options = secupos.RenderOptions(secupos.Format.ESCPOS, code_page=secupos.CodePage.CP858)
        line = secupos.Receipt.parse('[{"type":"space"}]', secupos.Copy.CUSTOMER).lines[0]
        for value in (sale, config, options, line):
            self.assertEqual(pickle.loads(pickle.dumps(value)), value)

    def test_no_secret_is_shown(self):
        config = secupos.Config(
            "vendor", "hush", "till.state", device_code="hush", proxy="http://hush@host", proxy_login=("hush", "hush")
        )
        self.assertIn("vendor", repr(config))
        self.assertNotIn("hush", repr(config))

    def test_a_line_of_a_receipt_does_not_show_its_text(self):
        document = '[{"type":"name-value","value":{"name":"Konto","value":"1060093836","decoration":[]}}]'
        (line,) = secupos.Receipt.parse(document, secupos.Copy.MERCHANT).lines
        self.assertEqual(line.value, "1060093836")
        self.assertIn("NAME_VALUE", repr(line))
        self.assertNotIn("1060093836", repr(line))
        self.assertNotIn("Konto", repr(line))


class Natives(unittest.TestCase):
    def setUp(self):
        self.simulator = Simulator()
        self.addCleanup(self.simulator.close)
        self.config = self.simulator.config()
        self.till = secupos.Till(self.config)
        self.addCleanup(self.till.close)
        self.payment = self.till.pay(secupos.Sale("r1", amount=1, currency="EUR"))
        self.receipt = self.payment.receipt(secupos.Copy.MERCHANT)
        self.report = self.till.run_diagnosis()
        self.report.wait()
        self.registration = self.till.register("/vendor/unknown/cashier/1")

    def test_each_shows_what_it_is(self):
        shown = {
            self.till: f"<secupos.Till {str(self.config.state_file)!r}>",
            self.payment: "<secupos.Payment 'r1', attempt 1: APPROVED>",
            self.receipt: f"<secupos.Receipt, {len(self.receipt.lines)} lines>",
            self.report: "<secupos.Report: DONE>",
            self.registration: "<secupos.Registration>",
        }
        for native, words in shown.items():
            self.assertEqual(repr(native), words)
            native.close()
            self.assertEqual(repr(native), f"<secupos.{type(native).__name__}, closed>")
        self.assertEqual(repr(self.simulator), f"<secupos.testing.Simulator at {self.simulator.base_url}>")

    def test_none_can_be_pickled_or_copied_and_each_says_what_to_do_instead(self):
        for native, instead in [
            (self.till, "open the till in the process"),
            (self.payment, "to_dict"),
            (self.receipt, "to_dict"),
            (self.report, "to_dict"),
            (self.registration, "user_code"),
        ]:
            for way in (pickle.dumps, copy.copy, copy.deepcopy):
                with self.subTest(native, way=way), self.assertRaisesRegex(TypeError, "cannot be pickled or") as caught:
                    way(native)
                self.assertIn(instead, str(caught.exception))
        interrupted = secupos.PaymentInterrupted(self.payment, secupos.Abort.TOO_LATE)
        with self.assertRaisesRegex(TypeError, "^a secupos.Payment cannot be pickled"):
            pickle.dumps(interrupted)
        self.assertEqual(pickle.loads(pickle.dumps(self.payment.to_dict()))["outcome"], "approved")
        again = secupos.Receipt.parse(json.dumps(self.receipt.to_dict()), secupos.Copy.MERCHANT)
        self.assertEqual(again.text(), self.receipt.text())


if __name__ == "__main__":
    unittest.main()
