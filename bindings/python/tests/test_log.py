"""The log: lines of the logger ``secupos`` without a secret, and nothing that a handler does harms a payment."""

import logging
import subprocess
import sys
import textwrap
import threading
import unittest

import secupos
from secupos import Outcome
from simulator import Simulator, environment

#: With the secrets, all that the simulator's receipts have and nobody else should see.
ACCOUNTS = ("1060093836", "DE02120300000000202051", "4111111111111111")


class Handler(logging.Handler):
    """Keeps what it is given, and does something with it."""

    def __init__(self, then=lambda line: None):
        super().__init__()
        self.records = []
        self.then = then

    def emit(self, record):
        self.records.append(record)
        self.then(record.getMessage())

    def lines(self):
        return [record.getMessage() for record in self.records]


class Log(unittest.TestCase):
    def setUp(self):
        self.simulator = Simulator()
        self.addCleanup(self.simulator.close)
        self.logger = logging.getLogger("secupos")
        self.logger.setLevel(logging.DEBUG)
        self.logger.propagate = False
        self.addCleanup(self.logger.setLevel, logging.NOTSET)

    def handled(self, then=lambda line: None):
        handler = Handler(then)
        self.logger.addHandler(handler)
        self.addCleanup(self.logger.removeHandler, handler)
        return handler

    def wait_for(self, handler, words):
        self.assertTrue(any(words in line for line in self.until(handler, words)))

    def until(self, handler, words):
        """The lines, once one of them has these words in it."""
        turn = threading.Event()
        for _ in range(1000):
            if any(words in line for line in handler.lines()):
                break
            turn.wait(0.01)
        return handler.lines()

    def test_each_request_and_each_payment_has_a_line(self):
        handler = self.handled()
        with secupos.Till(self.simulator.config(log_level=logging.DEBUG)) as till:
            payment = till.pay(secupos.Sale("r1", amount=1, currency="EUR"))
        lines = self.until(handler, " ends: ")
        self.assertRegex(lines[0], r"^till opened: secupos .*, as client_credentials$")
        self.assertIn(f"/Transactions/{payment.transaction_id}/start/cashless: HTTP 200 after ", "\n".join(lines))
        self.assertEqual(lines[-1], "payment 1 attempt 1 ends: approved")
        levels = {record.levelname for record in handler.records}
        self.assertEqual(levels, {"INFO", "DEBUG"})

    def test_only_what_matters_enough_is_logged(self):
        handler = self.handled()
        with secupos.Till(self.simulator.config(log_level=logging.INFO + 1)) as till:
            till.pay(secupos.Sale("r1", amount=1, currency="EUR"))
            self.simulator.break_next("create", "before", {"answer": {"status": 503, "body": ""}})
            till.pay(secupos.Sale("r2", amount=1, currency="EUR"))
        lines = self.until(handler, "HTTP 503")
        self.assertEqual(len(lines), 1)

    def test_a_level_is_one_of_logging(self):
        for wrong in ["DEBUG", True, 1.0]:
            with self.assertRaisesRegex(TypeError, "^log_level must be"):
                secupos.Till(self.simulator.config(log_level=wrong))

    def test_a_handler_that_raises_pays_or_closes_the_till_breaks_no_payment(self):
        inner = []

        def misbehave(line):
            if "payment 1 attempt 1 ends" in line:
                inner.append(till.pay(secupos.Sale("inside", amount=2, currency="EUR")).outcome)
                till.close()
            raise RuntimeError("on purpose")

        hook, sys.unraisablehook = sys.unraisablehook, lambda _: None
        self.addCleanup(setattr, sys, "unraisablehook", hook)
        handler = self.handled(misbehave)
        till = secupos.Till(self.simulator.config(log_level=logging.DEBUG))
        payment = till.pay(secupos.Sale("r1", amount=1, currency="EUR"))
        self.assertIs(payment.outcome, Outcome.APPROVED)
        self.wait_for(handler, "payment 2 attempt 1 ends: approved")
        self.assertEqual(inner, [Outcome.APPROVED])
        self.assertEqual(self.simulator.charges(), 2)

    def test_nothing_that_is_said_holds_a_secret_or_an_account_number(self):
        handler = self.handled()
        config = self.simulator.config(log_level=logging.DEBUG, device_code=self.simulator.device_code)
        said = [repr(config)]
        with secupos.Till(config) as till:
            for amount in range(100, 109):
                sale = secupos.Sale(f"r{amount}", amount=amount, currency="EUR")
                payment = till.pay(sale)
                said += [repr(till), repr(sale), repr(payment), str(payment), payment.cashier_text()]
                said += [repr(payment.receipt(secupos.Copy.MERCHANT)), repr(payment.error)]
            for endpoint in ("token", "create"):
                if endpoint == "token":
                    self.simulator.control("kill-tokens", {})
                for _ in range(10):
                    self.simulator.break_next(endpoint, "before", {"indiscreet": 400})
                payment = till.pay(secupos.Sale(endpoint, amount=2, currency="EUR"))
                said += [payment.cashier_text("en"), repr(payment.error), str(payment.error), repr(payment)]
                said += [payment.error.server_text, payment.error.server_code, str(payment.error.support_id)]
                self.assertIn("****", said[-3])
                self.simulator.control("forget-faults", {})
        said += self.until(handler, "payment 11 attempt 1 ends")
        self.assertGreater(len(handler.records), 40)
        canaries = ("canary", *ACCOUNTS)
        self.assertEqual([text for text in said if any(canary in text for canary in canaries)], [])
        planted = [*said, f"token {self.simulator.device_code}"]
        self.assertEqual(len([text for text in planted if any(canary in text for canary in canaries)]), 1)

    def test_the_interpreter_ends_while_lines_are_coming(self):
        program = """
            import logging, sys
            import secupos

            logging.basicConfig(level=logging.DEBUG, stream=sys.stdout)
            base_url, client_id, client_secret, state_file = sys.argv[1:]
            till = secupos.Till(secupos.Config(
                base_url=base_url, client_id=client_id, client_secret=client_secret,
                state_file=state_file, create_state_file=True, log_level=logging.DEBUG,
            ))
            payment = till.start_payment(secupos.Sale("r1", amount=2, currency="EUR"))
        """
        for _ in range(10):
            config = self.simulator.config(device_code=None)
            ended = subprocess.run(
                [sys.executable, "-X", "faulthandler", "-c", textwrap.dedent(program), config.base_url,
                 config.client_id, config.client_secret, str(config.state_file)],
                env=environment(),
                capture_output=True,
                encoding="utf-8",
                timeout=60,
                check=False,
            )  # fmt: skip
            self.assertEqual((ended.returncode, ended.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
