"""Waiting with asyncio: other tasks run, no thread waits, and to cancel a payment asks for an abort."""

import asyncio
import threading
import time
import unittest
from unittest import mock

import secupos
from secupos import Outcome, RegistrationState, ReportOutcome, _abi, _notice
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

    def test_who_waits_is_told_at_once_and_does_not_poll(self):
        async def till():
            payment = self.till.start_payment(sale("r1"))
            with mock.patch("asyncio.sleep", side_effect=AssertionError("it polls")):
                waits = [asyncio.ensure_future(payment.wait_async()) for _ in range(10)]
                outcomes = await asyncio.gather(*waits)
            return outcomes, await payment.wait_async()

        outcomes, outcome = asyncio.run(till())
        self.assertEqual(outcomes, [Outcome.APPROVED] * 10)
        self.assertIs(outcome, Outcome.APPROVED)

    def test_a_loop_that_has_ended_and_a_payment_that_is_closed_disturb_nobody(self):
        payment = self.till.start_payment(sale("r1"))
        self.assertIs(asyncio.run(payment.wait_async(0.05)), Outcome.PENDING)
        other = self.till.start_payment(sale("r1"))
        self.assertIs(asyncio.run(other.wait_async(0.05)), Outcome.PENDING)
        other.close()
        self.assertIs(asyncio.run(payment.wait_async()), Outcome.APPROVED)
        deadline = time.monotonic() + 10
        while _notice._waiting and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertEqual(_notice._waiting, {})

    def test_callbacks_that_end_are_asked_for_again(self):
        async def till():
            payment = self.till.start_payment(sale("r1"))
            wait = asyncio.ensure_future(payment.wait_async())
            await asyncio.sleep(0.05)
            _abi.library.secupos_end_callbacks()
            return await wait

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

    def test_a_report_is_waited_for(self):
        async def till():
            with self.till.run_diagnosis() as report:
                pending = await report.wait_async(0)
                return pending, await report.wait_async(30)

        self.assertEqual(asyncio.run(till()), (ReportOutcome.PENDING, ReportOutcome.DONE))

    def test_a_registration_is_waited_for(self):
        self.simulator.set(poll_interval_s=1)

        async def till():
            with self.till.register("/vendor/unknown/cashier/1") as registration:
                while registration.user_code is None:
                    self.assertIs(await registration.wait_async(0.05), RegistrationState.PENDING)
                self.simulator.control("confirm-device", {"user_code": registration.user_code})
                return await registration.wait_async(30)

        self.assertIs(asyncio.run(till()), RegistrationState.REGISTERED)


if __name__ == "__main__":
    unittest.main()
