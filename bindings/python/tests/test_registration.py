"""A till without a device code becomes a device of the service: confirmed, refused, too late."""

import datetime
import time
import unittest

import secupos
from secupos import Outcome, RegistrationState, Status
from simulator import Simulator, open_again

UUID = "/vendor/unknown/cashier/1"


class Registering(unittest.TestCase):
    def setUp(self):
        self.simulator = Simulator()
        self.addCleanup(self.simulator.close)
        self.simulator.set(poll_interval_s=1)
        self.config = self.simulator.config()
        self.assertIsNone(self.config.device_code)
        self.till = secupos.Till(self.config)
        self.addCleanup(lambda: self.till.close())

    def begin(self):
        """A registration of which the service has said what the person needs."""
        registration = self.till.register(UUID)
        self.addCleanup(registration.close)
        deadline = time.monotonic() + 20
        while registration.user_code is None:
            self.assertLess(time.monotonic(), deadline, registration.wait(0))
            time.sleep(0.01)
        return registration

    def ends(self, registration, state):
        self.assertIs(registration.wait(30), state)
        self.assertIs(self.till.registration_state, state)

    def pay_as_the_device(self, reference):
        payment = self.till.pay(secupos.Sale(reference, amount=102, currency="EUR"))
        self.assertIs(payment.outcome, Outcome.APPROVED)
        self.assertEqual(payment.to_dict()["grant"], "device")

    def test_a_confirmed_till_is_that_device_also_after_a_restart(self):
        self.assertIs(self.till.registration_state, RegistrationState.UNREGISTERED)
        registration = self.begin()
        self.assertEqual(registration.verification_url, "http://www.secuoffice.com")
        left = registration.expires_at - datetime.datetime.now(datetime.timezone.utc)
        self.assertTrue(1000 < left.total_seconds() < 1300, left)
        self.assertIs(registration.wait(0), RegistrationState.PENDING)
        self.assertIs(self.till.registration_state, RegistrationState.PENDING)
        self.simulator.control("confirm-device", {"user_code": registration.user_code})
        self.ends(registration, RegistrationState.REGISTERED)
        self.pay_as_the_device("as the device")
        self.till.close()
        self.till = open_again(self.config)
        self.assertIs(self.till.registration_state, RegistrationState.REGISTERED)
        self.pay_as_the_device("after a restart")

    def test_who_is_refused_is_told(self):
        registration = self.begin()
        self.simulator.break_next("token", "before", {"answer": {"status": 400, "body": '{"error":"access_denied"}'}})
        self.ends(registration, RegistrationState.DENIED)

    def test_who_is_confirmed_by_nobody_is_told(self):
        self.simulator.set(registration_lifetime_s=1)
        self.ends(self.begin(), RegistrationState.EXPIRED)

    def test_whose_vendor_is_not_known_is_told_why(self):
        registration = self.begin()
        self.simulator.break_next("token", "before", {"answer": {"status": 401, "body": '{"error":"invalid_client"}'}})
        with self.assertRaises(secupos.LoginError) as caught:
            registration.wait(30)
        self.assertIs(caught.exception.status, Status.INVALID_CREDENTIALS)
        self.assertIs(self.till.registration_state, RegistrationState.UNREGISTERED)

    def test_what_is_no_name_of_a_device_is_refused_and_nothing_sent(self):
        for name in ["", "cashier/1", UUID + "\n", UUID + "\0", "\ud800"]:
            with self.subTest(name), self.assertRaises(secupos.InvalidArgumentError) as caught:
                self.till.register(name)
            self.assertTrue(caught.exception.message.startswith("device_name "), caught.exception.message)
        self.assertEqual(self.simulator.control("requests"), [])

    def test_it_is_done_once_at_a_time(self):
        self.begin()
        with self.assertRaises(secupos.BusyError) as caught:
            self.till.register(UUID)
        self.assertIs(caught.exception.status, Status.BUSY)

    def test_a_till_with_a_device_code_is_that_device(self):
        config = self.simulator.config(device_code=self.simulator.device_code)
        with secupos.Till(config) as till, self.assertRaises(secupos.InvalidStateError) as caught:
            till.register(UUID)
        self.assertIs(caught.exception.status, Status.INVALID_STATE)


if __name__ == "__main__":
    unittest.main()
