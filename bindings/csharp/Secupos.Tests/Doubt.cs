// How a payment comes into doubt, and what is asked of a till then.

using System;
using System.Diagnostics;
using System.Linq;
using System.Threading;

namespace Secupos.Tests
{
    public static class Doubt
    {
        public const string Reference = "2026-11-23/0042";

        /// <summary>The connection is reset while the customer, who pays, is thinking.</summary>
        public const string WhileThinking = "during";

        /// <summary>The connection is reset before the start has reached anybody.</summary>
        public const string OnTheWay = "before";

        /// <summary>A till that reads once and then calls a payment in doubt unknown.</summary>
        public static Config AtOnce(Simulator simulator)
        {
            var config = simulator.Config();
            config.ResolveTimeout = TimeSpan.Zero;
            return config;
        }

        public static Payment Pay(Till till, string reference = Reference, long amount = 1, int attempt = 1)
        {
            var sale = new Sale(reference, amount, "EUR") { Attempt = attempt };
            return till.Pay(sale);
        }

        public static void PayInDoubt(Simulator simulator, Till till, string when)
        {
            simulator.Tell("settings", "{\"think_ms\":500}");
            simulator.BreakNext("start", when, "\"reset\"");
            using (var payment = Pay(till))
            {
                Expect.Equal(Outcome.Unknown, payment.Outcome);
                Expect.Equal(Reason.ConnectionLost, payment.Reason);
                Expect.Equal("LookAtTerminal AskCashier RecoverLater", Actions(payment));
            }
        }

        /// <summary>The payment is in doubt, a person decides that it was not paid, and then it was.</summary>
        public static void PayAfterAll(Simulator simulator, Till till)
        {
            PayInDoubt(simulator, till, WhileThinking);
            till.Decide(Reference, Decision.NotPaid, "Kim", "the terminal shows nothing").Dispose();
            simulator.AwaitCharges(1);
        }

        public static string Actions(Payment payment) => string.Join(" ", payment.NextActions);

        /// <summary>What is unfinished: "2026-11-23/0042 1 Approved, …".</summary>
        public static string Unfinished(Till till)
        {
            var left = till.Unfinished();
            var shown = left.Select(payment => $"{payment.Reference} {payment.Attempt} {payment.Outcome}").ToList();
            foreach (var payment in left) payment.Dispose();
            return string.Join(", ", shown);
        }

        /// <summary>Returns once this is unfinished: in the background a till asks about what is not proven.</summary>
        public static void AwaitUnfinished(Till till, string expected)
        {
            var watch = Stopwatch.StartNew();
            while (Unfinished(till) != expected)
            {
                if (watch.Elapsed > TimeSpan.FromSeconds(20)) Expect.Equal(expected, Unfinished(till));
                Thread.Sleep(20);
            }
        }
    }
}
