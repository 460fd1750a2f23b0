"""The example, run as a till programmer would."""

import subprocess
import sys
import unittest

from simulator import REPOSITORY, Simulator


class Example(unittest.TestCase):
    def run_pay(self, simulator, *more):
        command = [sys.executable, REPOSITORY / "examples" / "python" / "pay.py", "--base-url", simulator.base_url]
        command += ["--client-id", simulator.client_id, "--client-secret", simulator.client_secret, *more]
        environment = {"PYTHONPATH": str(REPOSITORY / "bindings" / "python" / "src"), "PYTHONIOENCODING": "utf-8"}
        return subprocess.run(command, env=environment, stdout=subprocess.PIPE, encoding="utf-8", timeout=60)

    def test_pays_and_prints_both_receipts(self):
        with Simulator() as simulator:
            ran = self.run_pay(simulator, "--reference", "2026-11-23/0042")
        self.assertEqual(ran.returncode, 0, ran.stdout)
        self.assertTrue(ran.stdout.startswith("outcome: approved\n"), ran.stdout)
        end = "signature: required\nreceipt number on the slip: 0003\nreceipt number: 3\n"
        self.assertTrue(ran.stdout.endswith(end), ran.stdout)

    def test_each_run_is_a_sale_of_its_own_also_with_a_device_code(self):
        with Simulator() as simulator:
            for more in ([], [], ["--device-code", simulator.device_code]):
                ran = self.run_pay(simulator, *more)
                self.assertEqual(ran.returncode, 0, ran.stdout)

    def test_a_declined_payment_fails(self):
        with Simulator() as simulator:
            simulator.decline_next()
            ran = self.run_pay(simulator)
        self.assertEqual(ran.returncode, 1)
        self.assertTrue(ran.stdout.startswith("outcome: declined\n"), ran.stdout)


if __name__ == "__main__":
    unittest.main()
