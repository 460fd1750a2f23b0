"""Waiting for a payment with asyncio: other tasks run, no thread waits, and to cancel asks for an abort."""

import asyncio
import threading
import unittest

import secupos
from secupos import Outcome
from simulator import Simulator


def sale(reference):
    return secupos.Sale(reference, amount=1, currency="EUR")


class Asyncio(unittest.TestCase):
    def setUp(self):
        self.simulator = Simulator(think_ms=600)
        self.addCleanup(self.simulator.close)
        self.till = secupos.Till(self.simulator.config())
        self.addCleanup(self.till.close)

    def test_other_tasks_run_and_no_thread_waits(self):
        async def till():
            paying = asyncio.ensure_future(self.till.pay_async(sale("r1")))
            turns, threads = 0, threading.active_count()
            while not paying.done():
                turns += 1
                self.assertEqual(threading.active_count(), threads)
                await asyncio.sleep(0.01)
            return turns, await paying

        turns, payment = asyncio.run(till())
        self.assertGreater(turns, 20)
        self.assertIs(payment.outcome, Outcome.APPROVED)

    def test_a_wait_with_a_limit_stops_nothing(self):
        async def till():
            payment = self.till.start_payment(sale("r1"))
            self.assertIs(await payment.wait_async(0), Outcome.PENDING)
            self.assertIs(await payment.wait_async(0.05), Outcome.PENDING)
            return await payment.wait_async()

        self.assertIs(asyncio.run(till()), Outcome.APPROVED)

    def test_the_payment_of_a_cancelled_task_is_not_lost(self):
        async def till():
            paying = asyncio.ensure_future(self.till.pay_async(sale("r1")))
            await asyncio.get_running_loop().run_in_executor(None, self.simulator.wait_for_start)
            paying.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await paying
            return await self.till.pay_async(sale("r1"))

        self.assertIs(asyncio.run(till()).outcome, Outcome.APPROVED)
        self.assertEqual(self.simulator.charges(), 1)


if __name__ == "__main__":
    unittest.main()
