// A till without a device code becomes a device of the service: confirmed, refused, too late.

using System;

namespace Secupos.Tests
{
    public static class RegistrationTests
    {
        private const string Uuid = "/vendor/unknown/cashier/1";

        [Test]
        public static void A_confirmed_till_is_that_device_also_after_a_restart()
        {
            using (var simulator = NewSimulator())
            {
                var config = simulator.Config();
                using (var till = Till.Open(config))
                {
                    Expect.Equal(RegistrationState.Unregistered, till.RegistrationState);
                    using (var registration = Begin(till))
                    {
                        Expect.Equal("http://www.secuoffice.com", registration.VerificationUrl);
                        Expect.That(registration.ExpiresAt > DateTimeOffset.UtcNow.AddSeconds(1000), "there is time");
                        Expect.Equal(RegistrationState.Pending, registration.Wait(TimeSpan.Zero));
                        Expect.Equal(RegistrationState.Pending, till.RegistrationState);
                        simulator.Tell("confirm-device", $"{{\"user_code\":\"{registration.UserCode}\"}}");
                        Expect.Equal(RegistrationState.Registered, registration.Wait());
                    }
                    Expect.Equal(RegistrationState.Registered, till.RegistrationState);
                    PayAsTheDevice(till, "as the device");
                }
                using (var till = StateFiles.OpenAgain(config))
                {
                    Expect.Equal(RegistrationState.Registered, till.RegistrationState);
                    PayAsTheDevice(till, "after a restart");
                }
            }
        }

        [Test]
        public static void Who_is_refused_is_told()
        {
            using (var simulator = NewSimulator())
            using (var till = Till.Open(simulator.Config()))
            using (var registration = Begin(till))
            {
                BreakNextLogin(simulator, 400, "access_denied");
                Expect.Equal(RegistrationState.Denied, registration.Wait());
                Expect.Equal(RegistrationState.Denied, till.RegistrationState);
            }
        }

        [Test]
        public static void Who_is_confirmed_by_nobody_is_told()
        {
            using (var simulator = NewSimulator())
            using (var till = Till.Open(simulator.Config()))
            {
                simulator.Tell("settings", "{\"registration_lifetime_s\":1}");
                using (var registration = Begin(till))
                {
                    Expect.Equal(RegistrationState.Expired, registration.Wait());
                    Expect.Equal(RegistrationState.Expired, till.RegistrationState);
                }
            }
        }

        [Test]
        public static void Whose_vendor_is_not_known_is_told_why()
        {
            using (var simulator = NewSimulator())
            using (var till = Till.Open(simulator.Config()))
            using (var registration = Begin(till))
            {
                BreakNextLogin(simulator, 401, "invalid_client");
                Expect.Refused(Status.InvalidCredentials, "credentials", () => registration.Wait());
                Expect.Equal(RegistrationState.Unregistered, till.RegistrationState);
            }
        }

        [Test]
        public static void What_is_no_name_of_a_device_is_refused_and_nothing_sent()
        {
            using (var simulator = NewSimulator())
            using (var till = Till.Open(simulator.Config()))
            {
                foreach (var name in new[] { "", "cashier/1", Uuid + "\n" })
                {
                    Expect.Equal(
                        "deviceName", Expect.Throws<ArgumentException>(() => till.Register(name)).ParamName);
                }
                Expect.Equal("[]", simulator.Ask("requests"));
            }
        }

        [Test]
        public static void It_is_done_once_at_a_time_and_not_at_all_with_a_device_code()
        {
            using (var simulator = NewSimulator())
            using (var till = Till.Open(simulator.Config()))
            using (var device = Till.Open(simulator.Config(simulator.DeviceCode)))
            using (Begin(till))
            {
                Expect.Refused(Status.Busy, "another registration", () => till.Register(Uuid));
                Expect.Refused(Status.InvalidState, "device code", () => device.Register(Uuid));
            }
        }

        /// <summary>One that wants to be asked every second.</summary>
        private static Simulator NewSimulator()
        {
            var simulator = new Simulator();
            simulator.Tell("settings", "{\"poll_interval_s\":1}");
            return simulator;
        }

        /// <summary>A registration of which the service has said what the person needs.</summary>
        private static Registration Begin(Till till)
        {
            var registration = till.Register(Uuid);
            while (registration.UserCode == null)
            {
                Expect.Equal(RegistrationState.Pending, registration.Wait(TimeSpan.FromMilliseconds(10)));
            }
            return registration;
        }

        private static void BreakNextLogin(Simulator simulator, int status, string error) => simulator.BreakNext(
            "token", "before", $"{{\"answer\":{{\"status\":{status},\"body\":\"{{\\\"error\\\":\\\"{error}\\\"}}\"}}}}");

        private static void PayAsTheDevice(Till till, string reference)
        {
            var sale = new Sale(reference, 102, "EUR");
            using (var payment = till.Pay(sale))
            {
                Expect.Equal(Outcome.Approved, payment.Outcome);
                Expect.Contains("\"grant\":\"device\"", payment.ToJson());
            }
        }
    }
}
