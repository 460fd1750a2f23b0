// The log: whoever receives it may do what he likes, no payment hears of it; and no secret is in any line.

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;

namespace Secupos.Tests
{
    public static class LogTests
    {
        private static readonly string[] Accounts = { "1060093836", "DE02120300000000202051", "4111111111111111" };

        [Test]
        public static void Each_request_and_each_payment_has_a_line()
        {
            using (var simulator = new Simulator())
            {
                var heard = new Heard();
                var config = simulator.Config(simulator.DeviceCode);
                (config.Log, config.LogLevel) = (heard.Hear, SecuposLogLevel.Debug);
                var sale = new Sale("r1", 1, "EUR");
                using (var till = Till.Open(config))
                using (var payment = till.Pay(sale))
                {
                    var lines = heard.Until("payment 1 attempt 1 ends: approved");
                    Expect.That(lines[0].StartsWith("Info till opened: secupos "), lines[0]);
                    var start = $"/Transactions/{payment.TransactionId}/start/cashless: HTTP 200 after ";
                    Expect.Equal(1, lines.Count(line => line.StartsWith("Debug ") && line.Contains(start)));
                }
            }
        }

        [Test]
        public static void A_receiver_that_throws_pays_or_disposes_the_till_breaks_no_payment()
        {
            using (var simulator = new Simulator())
            {
                var heard = new Heard();
                var inner = Outcome.Unknown;
                Till till = null;
                var config = simulator.Config();
                config.LogLevel = SecuposLogLevel.Debug;
                config.Log = (level, line) =>
                {
                    heard.Hear(level, line);
                    if (line.Contains("payment 1 attempt 1 ends"))
                    {
                        using (var payment = till.Pay(new Sale("inside", 2, "EUR"))) inner = payment.Outcome;
                        till.Dispose();
                    }
                    throw new InvalidOperationException("on purpose");
                };
                till = Till.Open(config);
                var sale = new Sale("r1", 1, "EUR");
                using (var payment = till.Pay(sale)) Expect.Equal(Outcome.Approved, payment.Outcome);
                heard.Until("payment 2 attempt 1 ends: approved");
                Expect.Equal(Outcome.Approved, inner);
                Expect.Equal(2, simulator.Charges());
            }
        }

        [Test]
        public static void A_receiver_lives_as_long_as_its_till_and_no_longer()
        {
            using (var simulator = new Simulator())
            {
                var receivers = new List<WeakReference>();
                // Nothing of them is left on this thread's stack, which mono looks through for whatever looks like a
                // reference. What it takes for one elsewhere keeps one or the other, but not most of them.
                var thread = new Thread(() =>
                {
                    for (var i = 0; i < 10; i++) receivers.Add(Logged(simulator, $"r{i}"));
                });
                thread.Start();
                thread.Join();
                var watch = Stopwatch.StartNew();
                while (receivers.Count(receiver => receiver.IsAlive) > 5 && watch.Elapsed < TimeSpan.FromSeconds(20))
                {
                    GC.Collect();
                    GC.WaitForPendingFinalizers();
                    Thread.Sleep(10);
                }
                Expect.That(receivers.Count(receiver => receiver.IsAlive) <= 5, "the receivers are collected");
            }
        }

        [Test]
        public static void A_level_that_is_none_is_refused()
        {
            using (var simulator = new Simulator())
            {
                var config = simulator.Config();
                (config.Log, config.LogLevel) = ((level, line) => { }, (SecuposLogLevel)5);
                Expect.Throws<ArgumentOutOfRangeException>(() => Till.Open(config));
            }
        }

        [Test]
        public static void Nothing_that_is_said_holds_a_secret_or_an_account_number()
        {
            using (var simulator = new Simulator())
            {
                var heard = new Heard();
                var config = simulator.Config(simulator.DeviceCode);
                (config.Log, config.LogLevel) = (heard.Hear, SecuposLogLevel.Debug);
                var said = new List<string> { config.ToString() };
                using (var till = Till.Open(config))
                {
                    for (var amount = 100; amount < 109; amount++) Pay(till, amount, said);
                    foreach (var endpoint in new[] { "token", "create" })
                    {
                        if (endpoint == "token") simulator.Tell("kill-tokens", "{}");
                        for (var i = 0; i < 10; i++) simulator.BreakNext(endpoint, "before", "{\"indiscreet\":400}");
                        Pay(till, endpoint == "token" ? 110 : 111, said);
                        Expect.Contains("****", said.Last());
                        simulator.Tell("forget-faults", "{}");
                    }
                    said.AddRange(heard.Until("payment 11 attempt 1 ends"));
                }
                Expect.That(said.Count > 60, $"much is said, not {said.Count}");
                Expect.Equal("", string.Join("\n", said.Where(IsCanary)));
                Expect.That(IsCanary($"token {simulator.DeviceCode}"), "a planted one is found");
            }
        }

        private static bool IsCanary(string text) => text.Contains("canary") || Accounts.Any(text.Contains);

        private static void Pay(Till till, long amount, List<string> said)
        {
            var sale = new Sale($"r{amount}", amount, "EUR");
            using (var payment = till.Pay(sale))
            using (var receipt = payment.Receipt(ReceiptCopy.Merchant))
            {
                said.AddRange(new[] { till.ToString(), sale.ToString(), payment.ToString(), receipt.ToString() });
                said.Add(payment.CashierText(CashierLanguage.English));
                var error = payment.Error;
                if (error == null) return;
                said.AddRange(new[] { error.ServerCode, error.SupportId ?? "", error.CashierText(CashierLanguage.German) });
                said.Add(error.ToString());
                said.Add(error.ServerText);
            }
        }

        private static WeakReference Logged(Simulator simulator, string reference)
        {
            var heard = new Heard();
            var config = simulator.Config();
            config.Log = heard.Hear;
            var sale = new Sale(reference, 1, "EUR");
            using (var till = Till.Open(config))
            till.Pay(sale).Dispose();
            return new WeakReference(heard);
        }

        /// <summary>What a till has said.</summary>
        private sealed class Heard
        {
            private readonly List<string> lines = new List<string>();

            public void Hear(SecuposLogLevel level, string line)
            {
                lock (lines) lines.Add($"{level} {line}");
            }

            /// <summary>All lines, once one of them has these words in it.</summary>
            public List<string> Until(string words)
            {
                var watch = Stopwatch.StartNew();
                while (true)
                {
                    lock (lines)
                    {
                        if (lines.Any(line => line.Contains(words))) return lines.ToList();
                        if (watch.Elapsed > TimeSpan.FromSeconds(20)) throw new TimeoutException(words);
                    }
                    Thread.Sleep(10);
                }
            }
        }
    }
}
