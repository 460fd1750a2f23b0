// Objects may be let go in any order and at any time: nothing crashes, nothing is stopped, nothing is freed too early.

using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Secupos.Tests
{
    public static class LifetimeTests
    {
        [Test]
        public static void Objects_may_be_disposed_in_any_order_and_twice()
        {
            using (var simulator = new Simulator())
            {
                for (var first = 0; first < 3; first++)
                {
                    var till = Till.Open(simulator.Config());
                    var sale = new Sale($"order {first}", 1, "EUR");
                    var payment = till.Pay(sale);
                    var receipt = payment.Receipt(ReceiptCopy.Merchant);
                    var objects = new IDisposable[] { till, payment, receipt };
                    for (var i = 0; i < objects.Length; i++)
                    {
                        var next = objects[(first + i) % objects.Length];
                        if (next == receipt) Expect.Contains("Händlerbeleg", receipt.Text());
                        next.Dispose();
                        next.Dispose();
                    }
                }
            }
        }

        [Test]
        public static void Nothing_can_be_asked_of_what_is_disposed()
        {
            using (var simulator = new Simulator())
            {
                var till = Till.Open(simulator.Config());
                var sale = new Sale("r", 1, "EUR");
                var payment = till.Pay(sale);
                var receipt = payment.Receipt(ReceiptCopy.Merchant);
                till.Dispose();
                Gone(() => till.Pay(sale));
                Gone(() => till.StartPayment(sale));
                Gone(() => till.PayAsync(sale).GetAwaiter().GetResult());
                Gone(() => till.Recover("r"));
                Gone(() => till.Unfinished());
                Gone(() => till.RecoverAll(TimeSpan.Zero));
                Gone(() => till.Acknowledge("r"));
                Gone(() => till.Acknowledge(payment));
                Gone(() => till.Decide("r", Decision.Paid, "Kim", "a slip"));
                Gone(() => till.FindPayments(DateTimeOffset.MinValue, DateTimeOffset.MaxValue));
                Gone(() => till.AcceptJournalLoss("Kim"));
                payment.Dispose();
                AllGone(payment);
                using (var other = Till.Open(simulator.Config())) Gone(() => other.Acknowledge(payment));
                Gone(() => payment.Wait());
                Gone(() => payment.WaitAsync().GetAwaiter().GetResult());
                Gone(() => payment.Abort());
                Gone(() => payment.Receipt(ReceiptCopy.Merchant));
                Gone(() => payment.ReceiptText(ReceiptCopy.Merchant));
                Gone(() => payment.CashierText(CashierLanguage.German));
                Gone(() => payment.ToJson());
                Expect.Equal("Payment (disposed)", payment.ToString());
                receipt.Dispose();
                AllGone(receipt);
                Gone(() => receipt.Field("receipt_no"));
                Gone(() => receipt.Text());
                Gone(() => receipt.ToJson());
            }
        }

        [Test]
        public static void A_payment_goes_on_when_its_till_is_gone()
        {
            using (var simulator = new Simulator(thinkMilliseconds: 300))
            {
                Payment payment;
                var sale = new Sale("r", 1, "EUR");
                using (var till = Till.Open(simulator.Config()))
                {
                    payment = till.StartPayment(sale);
                }
                using (payment) Expect.Equal(Outcome.Approved, payment.Wait());
            }
        }

        [Test]
        public static void The_payments_of_a_list_outlive_the_till_and_each_other()
        {
            using (var simulator = new Simulator())
            {
                IReadOnlyList<Payment> found;
                using (var till = Till.Open(simulator.Config()))
                {
                    for (var i = 0; i < 3; i++)
                    {
                        var sale = new Sale($"list {i}", 1, "EUR");
                        till.Pay(sale).Dispose();
                    }
                    found = till.Unfinished();
                }
                Expect.Equal("list 0, list 1, list 2", string.Join(", ", found.Select(payment => payment.Reference)));
                for (var next = 1; next < 4; next++)
                {
                    GC.Collect();
                    GC.WaitForPendingFinalizers();
                    var payment = found[next % 3];
                    Expect.Contains("Händlerbeleg", payment.ReceiptText(ReceiptCopy.Merchant));
                    payment.Dispose();
                    payment.Dispose();
                    AllGone(payment);
                }
            }
        }

        [Test]
        public static void Lists_and_their_payments_may_be_forgotten_in_any_order()
        {
            var sale = new Sale("r", 1, "EUR");
            using (var simulator = new Simulator())
            using (var till = Till.Open(simulator.Config()))
            {
                till.Pay(sale).Dispose();
                for (var i = 0; i < 500; i++)
                {
                    var forgotten = till.Unfinished();
                    if (i % 2 == 0) forgotten[0].Dispose();
                    if (i % 50 == 0) GC.Collect();
                }
                GC.Collect();
                GC.WaitForPendingFinalizers();
                using (var payment = till.Unfinished().Single()) Expect.Equal(Outcome.Approved, payment.Outcome);
            }
        }

        [Test]
        public static void The_garbage_collector_takes_nothing_that_is_in_use()
        {
            using (var simulator = new Simulator(thinkMilliseconds: 1500))
            {
                var outcome = Outcome.Unknown;
                var waiting = new Thread(() => outcome = PayAndForget(simulator));
                waiting.Start();
                var rounds = 0;
                while (!waiting.Join(1))
                {
                    Receipt.Parse("[]", ReceiptCopy.Merchant);
                    GC.Collect();
                    GC.WaitForPendingFinalizers();
                    rounds++;
                }
                Expect.Equal(Outcome.Approved, outcome);
                Expect.That(rounds > 10, $"many collections, not {rounds}");
            }
        }

        [Test]
        public static void Nor_does_it_when_it_never_rests_and_many_threads_keep_nothing()
        {
            // Each has a terminal of its own: one that is busy would refuse the others.
            var simulators = Enumerable.Range(0, 3).Select(_ => new Simulator(thinkMilliseconds: 20)).ToList();
            try
            {
                var tills = simulators.Select(simulator => Till.Open(simulator.Config())).ToList();
                var faults = new ConcurrentQueue<Exception>();
                var threads = tills.Select(till => new Thread(() => PayReadAndForget(till, 8, faults))).ToList();
                threads.ForEach(thread => thread.Start());
                while (threads.Any(thread => thread.IsAlive))
                {
                    GC.Collect();
                    GC.WaitForPendingFinalizers();
                }
                Expect.Equal("", string.Join("\n", faults));
                Expect.Equal("8, 8, 8", string.Join(", ", tills.Select(till => till.Unfinished().Count)));
                Expect.Equal("8, 8, 8", string.Join(", ", simulators.Select(simulator => simulator.Charges())));
            }
            finally
            {
                simulators.ForEach(simulator => simulator.Dispose());
            }
        }

        [Test]
        public static void A_wait_ends_well_although_the_payment_is_disposed_meanwhile()
        {
            var sale = new Sale("r", 1, "EUR");
            using (var simulator = new Simulator(thinkMilliseconds: 500))
            using (var till = Till.Open(simulator.Config()))
            {
                var payment = till.StartPayment(sale);
                var outcome = Outcome.Unknown;
                var waiting = new Thread(() => outcome = payment.Wait());
                waiting.Start();
                simulator.AwaitStart();
                payment.Dispose();
                waiting.Join();
                Expect.Equal(Outcome.Approved, outcome);
            }
        }

        [Test]
        public static void A_payment_may_be_read_by_many_threads_while_it_settles()
        {
            var sale = new Sale("r", 1, "EUR");
            using (var simulator = new Simulator(thinkMilliseconds: 200))
            using (var till = Till.Open(simulator.Config()))
            using (var payment = till.StartPayment(sale))
            {
                Exception fault = null;
                var threads = Enumerable.Range(0, 8).Select(_ => new Thread(() =>
                {
                    try
                    {
                        while (payment.Wait(TimeSpan.Zero) == Outcome.Pending) ReadAll(payment);
                        ReadAll(payment);
                        Expect.Equal(3L, payment.ReceiptNumber);
                    }
                    catch (Exception caught)
                    {
                        fault = caught;
                    }
                })).ToList();
                threads.ForEach(thread => thread.Start());
                threads.ForEach(thread => thread.Join());
                Expect.Equal(null, fault);
            }
        }

        /// <summary>Keeps nothing but the wait itself: till, sale and payment are garbage while it lasts.</summary>
        [MethodImpl(MethodImplOptions.NoInlining)]
        private static Outcome PayAndForget(Simulator simulator) =>
            Till.Open(simulator.Config()).StartPayment(new Sale("r", 1, "EUR")).Wait();

        private static void PayReadAndForget(Till till, int payments, ConcurrentQueue<Exception> faults)
        {
            try
            {
                for (var i = 0; i < payments; i++)
                {
                    ReadAll(till.Pay(new Sale($"r{i}", 1, "EUR") { TransactionRef = "Kauf" }));
                    Expect.Equal(Outcome.Approved, till.Recover($"r{i}").Wait());
                    foreach (var left in till.Unfinished())
                    {
                        Expect.Contains("Händler", left.Receipt(ReceiptCopy.Merchant).Text());
                    }
                }
            }
            catch (Exception fault)
            {
                faults.Enqueue(fault);
            }
        }

        private static void ReadAll(object subject)
        {
            foreach (var property in subject.GetType().GetProperties()) property.GetValue(subject);
        }

        private static void AllGone(object subject)
        {
            foreach (var property in subject.GetType().GetProperties())
            {
                var fault = Expect.Throws<TargetInvocationException>(() => property.GetValue(subject));
                Expect.That(fault.InnerException is ObjectDisposedException, $"{property.Name} to be gone");
            }
        }

        private static void Gone(Action action) => Expect.Throws<ObjectDisposedException>(action);
    }
}
