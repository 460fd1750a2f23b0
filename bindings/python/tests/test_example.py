"""The example, run as a till programmer would."""

import subprocess
import sys
import time
import unittest

import secupos
from simulator import REPOSITORY, Simulator, environment, fresh_state_file, open_again

END = "signature: required\nreceipt number on the slip: 0003\nreceipt number: 3\n"


class Example(unittest.TestCase):
    def setUp(self):
        self.simulator = Simulator()
        self.addCleanup(self.simulator.close)

    def command(self, state_file, *more):
        simulator = self.simulator
        command = [sys.executable, REPOSITORY / "examples" / "python" / "pay.py", "--base-url", simulator.base_url]
        command += ["--client-id", simulator.client_id, "--client-secret", simulator.client_secret]
        return [*command, "--state-file", state_file, *more]

    def run_pay(self, *more):
        return subprocess.run(
            self.command(*more), env=environment(), stdout=subprocess.PIPE, encoding="utf-8", timeout=60
        )

    def test_pays_and_prints_both_receipts(self):
        ran = self.run_pay(fresh_state_file(), "--reference", "2026-11-23/0042")
        self.assertEqual(ran.returncode, 0, ran.stdout)
        self.assertTrue(ran.stdout.startswith("outcome: approved\n"), ran.stdout)
        self.assertTrue(ran.stdout.endswith(END), ran.stdout)

    def test_each_run_is_a_sale_of_its_own_and_leaves_nothing(self):
        state_file = fresh_state_file()
        for _ in range(2):
            ran = self.run_pay(state_file)
            self.assertEqual(ran.returncode, 0, ran.stdout)
            self.assertNotIn("Left open", ran.stdout)
        ran = self.run_pay(fresh_state_file(), "--device-code", self.simulator.device_code)
        self.assertEqual(ran.returncode, 0, ran.stdout)

    def test_killed_while_the_customer_pays_it_tells_of_the_payment_when_it_is_started_again(self):
        self.simulator.set(think_ms=1000)
        state_file = fresh_state_file()
        killed = subprocess.Popen(
            self.command(state_file, "--reference", "2026-11-23/0042"), env=environment(), stdout=subprocess.DEVNULL
        )
        self.simulator.wait_for_start()
        killed.kill()
        killed.wait()
        self.simulator.set(think_ms=0)
        ran = self.run_pay(state_file, "--reference", "2026-11-23/0043")
        self.assertEqual(ran.returncode, 0, ran.stdout)
        recovered, paid = ran.stdout.split(END)[:2]
        self.assertTrue(recovered.startswith(">> Left open earlier: 2026-11-23/0042\noutcome: approved\n"), ran.stdout)
        for heading in ("Händlerbeleg", "Kundenbeleg"):
            self.assertIn(f"* * {heading} * *", recovered)
        self.assertTrue(paid.startswith("outcome: approved\n"), ran.stdout)
        self.assertEqual(self.simulator.charges(), 2)

    def test_what_has_come_to_light_is_told_and_taken_over(self):
        config = self.simulator.config(timeouts=secupos.Timeouts(resolve=0))
        self.simulator.set(think_ms=500)
        self.simulator.break_next("start", "during", "reset")
        with secupos.Till(config) as till:
            till.pay(secupos.Sale("2026-11-23/0042", amount=100, currency="EUR"))
            till.decide("2026-11-23/0042", secupos.Decision.NOT_PAID, "Kim", "the terminal shows nothing")
        while not self.simulator.charges():
            time.sleep(0.02)
        with open_again(config) as till:
            self.assertIs(till.recover("2026-11-23/0042").wait(), secupos.Outcome.APPROVED)
        ran = self.run_pay(config.state_file)
        self.assertEqual(ran.returncode, 0, ran.stdout)
        self.assertTrue(ran.stdout.startswith(">> Left open earlier: 2026-11-23/0042\noutcome: approved\n"), ran.stdout)
        self.assertIn(">> Is there a slip? What is booked?\n", ran.stdout)
        ran = self.run_pay(config.state_file)
        self.assertNotIn("Left open", ran.stdout)

    def test_a_declined_payment_fails(self):
        self.simulator.decline_next()
        ran = self.run_pay(fresh_state_file())
        self.assertEqual(ran.returncode, 1)
        self.assertTrue(ran.stdout.startswith("outcome: failed\n"), ran.stdout)


if __name__ == "__main__":
    unittest.main()
