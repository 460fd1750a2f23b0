// An abort is a request, from any thread or by a token, and the payment wins: what is told is its true outcome.

using System;
using System.Threading;
using System.Threading.Tasks;

namespace Secupos.Tests
{
    public static class AbortTests
    {
        private const string SlowCreate = "{\"delay\":500}";

        [Test]
        public static void Before_it_is_started_a_payment_is_abandoned()
        {
            var sale = new Sale("r", 1, "EUR");
            using (var simulator = new Simulator())
            using (var till = Till.Open(simulator.Config()))
            {
                simulator.BreakNext("create", "before", SlowCreate);
                using (var payment = till.StartPayment(sale))
                {
                    // From here on it takes a while.
                    simulator.AwaitCreate();
                    Expect.Equal(AbortResult.Abandoned, payment.Abort());
                    Expect.Equal(AbortResult.Abandoned, payment.Abort());
                    Expect.Equal(Outcome.NotStarted, payment.Wait());
                    Expect.Equal(Reason.Abandoned, payment.Reason);
                }
                Expect.Equal(0, simulator.Charges());
            }
        }

        [Test]
        public static void At_the_terminal_it_goes_on_and_wins()
        {
            var sale = new Sale("r", 1, "EUR");
            using (var simulator = new Simulator(thinkMilliseconds: 1000))
            using (var till = Till.Open(simulator.Config()))
            using (var payment = till.StartPayment(sale))
            {
                simulator.AwaitStart();
                var aborting = Task.Run(() => payment.Abort());
                Expect.Equal(Outcome.Approved, payment.Wait());
                Expect.Equal(AbortResult.AtTerminal, aborting.Result);
                Expect.Equal(AbortResult.TooLate, payment.Abort());
                Expect.Equal(Outcome.Approved, payment.Outcome);
            }
        }

        [Test]
        public static void A_task_ends_with_the_payment()
        {
            using (var simulator = new Simulator(thinkMilliseconds: 300))
            using (var till = Till.Open(simulator.Config()))
            {
                Task<Payment> paying;
                var sale = new Sale("r", 1, "EUR");
                paying = till.PayAsync(sale);
                Expect.That(!paying.IsCompleted, "a task that goes on while the customer thinks");
                using (var payment = paying.Result) Expect.Equal(Outcome.Approved, payment.Outcome);
            }
        }

        [Test]
        public static void A_task_fails_with_what_a_call_throws()
        {
            var sale = new Sale("r", 1, "EUR") { Attempt = 2 };
            using (var simulator = new Simulator())
            using (var till = Till.Open(simulator.Config()))
            {
                var paying = till.PayAsync(sale);
                Expect.Refused(Status.AttemptOutOfOrder, "at attempt 1, not 2", () => paying.GetAwaiter().GetResult());
            }
        }

        [Test]
        public static void A_token_that_asks_before_the_start_ends_the_task_with_what_was_not_started()
        {
            var sale = new Sale("r", 1, "EUR");
            using (var simulator = new Simulator())
            using (var till = Till.Open(simulator.Config()))
            using (var source = new CancellationTokenSource())
            {
                simulator.BreakNext("create", "before", SlowCreate);
                var paying = till.PayAsync(sale, source.Token);
                source.Cancel();
                using (var payment = paying.Result)
                {
                    Expect.Equal(Outcome.NotStarted, payment.Outcome);
                    Expect.Equal(Reason.Abandoned, payment.Reason);
                }
                Expect.Equal(0, simulator.Charges());
            }
        }

        [Test]
        public static void A_token_that_asks_at_the_terminal_ends_the_task_with_the_true_outcome()
        {
            var sale = new Sale("r", 1, "EUR");
            using (var simulator = new Simulator(thinkMilliseconds: 1000))
            using (var till = Till.Open(simulator.Config()))
            using (var source = new CancellationTokenSource())
            {
                var paying = till.PayAsync(sale, source.Token);
                simulator.AwaitStart();
                source.Cancel();
                using (var payment = paying.Result) Expect.Equal(Outcome.Approved, payment.Outcome);
                Expect.Equal(TaskStatus.RanToCompletion, paying.Status);
                Expect.Equal(1, simulator.Charges());
            }
        }

        [Test]
        public static void A_token_that_asks_too_late_changes_nothing()
        {
            var sale = new Sale("r", 1, "EUR");
            using (var simulator = new Simulator())
            using (var till = Till.Open(simulator.Config()))
            using (var source = new CancellationTokenSource())
            using (var payment = till.PayAsync(sale, source.Token).Result)
            {
                source.Cancel();
                Expect.Equal(Outcome.Approved, payment.Outcome);
            }
        }

        [Test]
        public static void A_token_that_has_asked_already_begins_nothing()
        {
            var sale = new Sale("r", 1, "EUR");
            using (var simulator = new Simulator())
            using (var till = Till.Open(simulator.Config()))
            using (var source = new CancellationTokenSource())
            {
                source.Cancel();
                var paying = till.PayAsync(sale, source.Token);
                Expect.Throws<OperationCanceledException>(() => paying.GetAwaiter().GetResult());
                Expect.Refused(Status.NotFound, "", () => till.Recover("r"));
                using (var payment = till.Pay(sale)) Expect.Equal(Outcome.Approved, payment.Outcome);
            }
        }

        [Test]
        public static void A_token_that_asks_at_any_instant_never_loses_a_payment()
        {
            using (var simulator = new Simulator(thinkMilliseconds: 100))
            using (var till = Till.Open(simulator.Config()))
            {
                var (abandoned, paid) = (0, 0);
                for (var instant = 0; instant < 30; instant++)
                {
                    simulator.BreakNext("create", "before", "{\"delay\":50}");
                    var sale = new Sale($"r{instant}", 1, "EUR");
                    using (var source = new CancellationTokenSource())
                    {
                        var paying = till.PayAsync(sale, source.Token);
                        Thread.Sleep(instant * 5);
                        source.Cancel();
                        using (var payment = paying.Result)
                        {
                            if (payment.Outcome == Outcome.Approved) paid++;
                            else abandoned++;
                            var expected = payment.Outcome == Outcome.Approved ? Reason.None : Reason.Abandoned;
                            Expect.Equal(expected, payment.Reason);
                        }
                    }
                }
                Expect.Equal(paid, simulator.Charges());
                Expect.That(abandoned > 0 && paid > 0, $"both, not {abandoned} abandoned and {paid} paid");
            }
        }
    }
}
