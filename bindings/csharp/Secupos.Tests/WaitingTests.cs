// Waiting without a thread: payments, reports and registrations end a task when they are done.

using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Secupos.Tests
{
    public static class WaitingTests
    {
        private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

        [Test]
        public static void All_who_wait_are_told_when_the_payment_is_done()
        {
            using (var simulator = new Simulator(thinkMilliseconds: 300))
            using (var till = Till.Open(simulator.Config()))
            using (var payment = till.StartPayment(new Sale("r", 1, "EUR")))
            {
                var waits = Enumerable.Range(0, 20).Select(_ => payment.WaitAsync()).ToArray();
                Expect.That(waits.All(wait => !wait.IsCompleted), "the customer is thinking");
                Expect.That(Task.WaitAll(waits, Long), "all are told");
                Expect.That(waits.All(wait => wait.Result == Outcome.Approved), "of the outcome");
                Expect.Equal(Outcome.Approved, payment.WaitAsync(TimeSpan.Zero).Result);
            }
        }

        [Test]
        public static void A_wait_that_is_over_or_cancelled_stops_nothing()
        {
            using (var simulator = new Simulator(thinkMilliseconds: 600))
            using (var till = Till.Open(simulator.Config()))
            using (var payment = till.StartPayment(new Sale("r", 1, "EUR")))
            using (var source = new CancellationTokenSource())
            {
                Expect.Equal(Outcome.Pending, payment.WaitAsync(TimeSpan.Zero).Result);
                Expect.Equal(Outcome.Pending, payment.WaitAsync(TimeSpan.FromMilliseconds(20)).Result);
                var wait = payment.WaitAsync(source.Token);
                source.Cancel();
                Expect.Throws<OperationCanceledException>(() => wait.GetAwaiter().GetResult());
                Expect.Throws<OperationCanceledException>(() => payment.WaitAsync(source.Token).GetAwaiter().GetResult());
                Expect.Equal(Outcome.Approved, payment.WaitAsync(Long).Result);
            }
        }

        [Test]
        public static void What_is_no_length_of_time_is_refused()
        {
            using (var simulator = new Simulator())
            using (var till = Till.Open(simulator.Config()))
            using (var payment = till.StartPayment(new Sale("r", 1, "EUR")))
            {
                foreach (var limit in new[] { TimeSpan.FromSeconds(-2), TimeSpan.MinValue, TimeSpan.MaxValue })
                {
                    var fault = Expect.Throws<ArgumentOutOfRangeException>(() => payment.Wait(limit));
                    Expect.Equal("limit", fault.ParamName);
                    Expect.Throws<ArgumentOutOfRangeException>(() => payment.WaitAsync(limit).GetAwaiter().GetResult());
                }
            }
        }

        [Test]
        public static void A_wait_ends_well_although_the_payment_is_disposed_meanwhile()
        {
            using (var simulator = new Simulator(thinkMilliseconds: 300))
            using (var till = Till.Open(simulator.Config()))
            {
                var payment = till.StartPayment(new Sale("r", 1, "EUR"));
                var wait = payment.WaitAsync();
                payment.Dispose();
                Expect.Equal(Outcome.Approved, wait.Result);
                Expect.Throws<ObjectDisposedException>(() => payment.WaitAsync().GetAwaiter().GetResult());
            }
        }

        [Test]
        public static void Who_goes_on_may_dispose_and_pay_again()
        {
            using (var simulator = new Simulator())
            using (var till = Till.Open(simulator.Config()))
            {
                for (var number = 1; number <= 20; number++)
                {
                    var payment = till.StartPayment(new Sale($"r{number}", 1, "EUR"));
                    var paid = payment.WaitAsync().ContinueWith(
                        wait =>
                        {
                            payment.Dispose();
                            return wait.Result;
                        }, TaskContinuationOptions.ExecuteSynchronously);
                    Expect.Equal(Outcome.Approved, paid.Result);
                }
                Expect.Equal(20, simulator.Charges());
            }
        }

        [Test]
        public static void A_report_and_the_payments_of_a_list_are_told_of()
        {
            using (var simulator = new Simulator())
            using (var till = Till.Open(simulator.Config()))
            {
                till.Pay(new Sale("r", 1, "EUR")).Dispose();
                using (var left = till.Unfinished().Single())
                {
                    Expect.Equal(Outcome.Approved, left.WaitAsync(Long).Result);
                }
                using (var report = till.RunDiagnosis())
                {
                    Expect.Equal(ReportOutcome.Done, report.WaitAsync(Long).Result);
                }
            }
        }

        [Test]
        public static void A_registration_is_told_of_also_if_its_till_is_closed()
        {
            using (var simulator = new Simulator())
            {
                var till = Till.Open(simulator.Config());
                using (var registration = till.Register("/vendor/unknown/cashier/1"))
                {
                    var wait = registration.WaitAsync();
                    till.Dispose();
                    var fault = Expect.Throws<SecuposException>(() => wait.GetAwaiter().GetResult());
                    Expect.Equal(Status.InvalidState, fault.Status);
                }
            }
        }
    }
}
