// A till program is tested without the library and without a simulator: by a till and a payment of the test's own.

using System;
using System.Threading;
using System.Threading.Tasks;

namespace Secupos.Tests
{
    public static class FakeTests
    {
        [Test]
        public static void A_program_pays_at_a_till_of_the_tests_own()
        {
            var till = new FakeTill(Outcome.Approved);
            Expect.Equal("paid", Sell(till).Result);
            Expect.Equal("r1", till.Paid.Reference);
            Expect.Equal("not paid", Sell(new FakeTill(Outcome.Failed)).Result);
        }

        [Test]
        public static void What_a_test_does_not_override_says_so()
        {
            using (var till = new FakeTill(Outcome.Approved))
            {
                var fault = Expect.Throws<NotSupportedException>(() => till.Unfinished());
                Expect.Contains("This Till is a subclass of a test's", fault.Message);
                using (var payment = till.Pay(new Sale("r1", 1, "EUR")))
                {
                    Expect.Throws<NotSupportedException>(() => payment.CashierText(CashierLanguage.German));
                }
            }
        }

        /// <summary>What is to be tested.</summary>
        private static async Task<string> Sell(Till till)
        {
            using (var payment = await till.PayAsync(new Sale("r1", 1, "EUR")))
            {
                return payment.Outcome == Outcome.Approved ? "paid" : "not paid";
            }
        }

        private sealed class FakeTill : Till
        {
            private readonly Outcome outcome;

            internal FakeTill(Outcome outcome)
            {
                this.outcome = outcome;
            }

            internal Sale Paid { get; private set; }

            public override Payment StartPayment(Sale sale)
            {
                Paid = sale;
                return new FakePayment(outcome);
            }
        }

        private sealed class FakePayment : Payment
        {
            internal FakePayment(Outcome outcome)
            {
                Outcome = outcome;
            }

            public override Outcome Outcome { get; }

            public override Outcome Wait(TimeSpan limit) => Outcome;

            public override Task<Outcome> WaitAsync(TimeSpan limit, CancellationToken cancellation) =>
                Task.FromResult(Outcome);
        }
    }
}
