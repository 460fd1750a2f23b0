"""The interpreter's own life: it ends while a payment is running, and it collects garbage while one is."""

import gc
import subprocess
import sys
import textwrap
import threading
import time
import unittest

import secupos
from secupos import Outcome
from simulator import Simulator, environment, fresh_state_file, open_again


class Interpreter(unittest.TestCase):
    def setUp(self):
        self.simulator = Simulator(think_ms=1500)
        self.addCleanup(self.simulator.close)
        self.config = self.simulator.config()

    def run_till(self, ending):
        """A program that begins a payment and ends like this while the customer is at the terminal."""
        program = f"""
            import sys, threading, time, urllib.request
            import secupos

            base_url, client_id, client_secret, state_file = sys.argv[1:]
            till = secupos.Till(secupos.Config(
                base_url=base_url, client_id=client_id, client_secret=client_secret,
                state_file=state_file, create_state_file=True,
            ))
            sale = secupos.Sale("r1", amount=1, currency="EUR")

            def at_the_terminal():
                while b"/start/" not in urllib.request.urlopen(base_url + "/_control/requests").read():
                    time.sleep(0.01)
                # Noted when it arrives; a moment later the terminal has it, whatever becomes of the connection.
                time.sleep(0.3)

            {ending}
        """
        config = self.config
        arguments = [config.base_url, config.client_id, config.client_secret, str(config.state_file)]
        return subprocess.run(
            [sys.executable, "-X", "faulthandler", "-c", textwrap.dedent(program), *arguments],
            env=environment(),
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )

    def test_it_ends_at_once_while_a_payment_is_running(self):
        for ending in (
            "payment = till.start_payment(sale); at_the_terminal()",
            "threading.Thread(target=till.pay, args=(sale,), daemon=True).start(); at_the_terminal()",
            "payment = till.start_payment(sale); at_the_terminal(); del payment, till; sys.exit(3)",
        ):
            with self.subTest(ending):
                simulator = Simulator(think_ms=1500)
                self.addCleanup(simulator.close)
                self.config = simulator.config(state_file=fresh_state_file())
                begun = time.monotonic()
                ended = self.run_till(ending)
                self.assertEqual((ended.returncode, ended.stderr), (3 if "exit" in ending else 0, ""))
                self.assertLess(time.monotonic() - begun, 30)
                till = open_again(self.config)
                self.addCleanup(till.close)
                self.assertIs(till.recover("r1").wait(), Outcome.APPROVED)
                self.assertEqual(simulator.charges(), 1)

    def test_garbage_is_collected_while_payments_are_running(self):
        till = secupos.Till(self.config)
        self.addCleanup(till.close)
        self.simulator.set(think_ms=100)
        collecting = threading.Event()

        def storm():
            while not collecting.is_set():
                # Objects that are dropped without being closed, on a thread of their own.
                for left in till.unfinished():
                    left.cashier_text()
                gc.collect()

        threads = [threading.Thread(target=storm) for _ in range(2)]
        for thread in threads:
            thread.start()
        try:
            for number in range(5):
                payment = till.pay(secupos.Sale(f"r{number}", amount=100 + number, currency="EUR"))
                self.assertIn(payment.outcome, (Outcome.APPROVED, Outcome.FAILED))
                payment = None
        finally:
            collecting.set()
            for thread in threads:
                thread.join()
        self.assertEqual(self.simulator.charges(), 5)


if __name__ == "__main__":
    unittest.main()
