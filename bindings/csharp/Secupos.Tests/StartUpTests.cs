// What a till does when it starts, in one call: everything unfinished is told, money is asked for once, and what was told is
// taken over.

using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using static Secupos.Tests.Doubt;

namespace Secupos.Tests
{
    public static class StartUpTests
    {
        private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

        [Test]
        public static void What_was_paid_is_told_with_its_receipts_and_taken_over()
        {
            using (var simulator = new Simulator())
            {
                var config = AtOnce(simulator);
                using (var till = Till.Open(config)) PayInDoubt(simulator, till, WhileThinking);
                simulator.AwaitCharges(1);
                using (var till = StateFiles.OpenAgain(config))
                {
                    using (var payment = till.RecoverAll(Long).Single())
                    {
                        Expect.Equal(Reference, payment.Reference);
                        Expect.Equal(Outcome.Approved, payment.Outcome);
                        Expect.That(payment.Replayed, "it was begun earlier");
                        Expect.Contains("Händlerbeleg", payment.ReceiptText(ReceiptCopy.Merchant));
                        till.Acknowledge(payment);
                    }
                    Expect.Equal("", Unfinished(till));
                    Expect.Equal(0, till.RecoverAll(Long).Count);
                }
                Expect.Equal(1, simulator.Charges());
            }
        }

        [Test]
        public static void What_is_still_in_doubt_stays_unknown_and_takes_no_longer_than_allowed()
        {
            using (var simulator = new Simulator())
            {
                var config = AtOnce(simulator);
                using (var till = Till.Open(config)) PayInDoubt(simulator, till, OnTheWay);
                using (var till = StateFiles.OpenAgain(config))
                {
                    var begun = DateTime.UtcNow;
                    using (var payment = till.RecoverAll(TimeSpan.FromSeconds(1)).Single())
                    {
                        Expect.That(DateTime.UtcNow - begun < TimeSpan.FromSeconds(10), "about a second");
                        Expect.Equal(Outcome.Unknown, payment.Outcome);
                        Expect.Equal("LookAtTerminal AskCashier RecoverLater", Actions(payment));
                        Expect.Refused(Status.InvalidState, "in doubt", () => till.Acknowledge(payment));
                    }
                    Expect.Equal($"{Reference} 1 Unknown", Unfinished(till));
                }
            }
        }

        [Test]
        public static void A_conflict_is_told_and_taken_over()
        {
            using (var simulator = new Simulator())
            {
                var config = AtOnce(simulator);
                using (var till = Till.Open(config)) PayAfterAll(simulator, till);
                using (var till = StateFiles.OpenAgain(config))
                {
                    AwaitUnfinished(till, $"{Reference} 1 Approved");
                    using (var payment = till.RecoverAll(Long).Single())
                    {
                        Expect.Equal(Outcome.Approved, payment.Outcome);
                        Expect.That(payment.Conflict, "the service contradicts");
                        Expect.Equal(NextAction.AskCashier, payment.NextActions[0]);
                        till.Acknowledge(payment);
                    }
                    Expect.Equal("", Unfinished(till));
                }
            }
        }

        [Test]
        public static void It_and_a_payment_do_not_run_at_once()
        {
            var sale = new Sale(Reference, 1, "EUR");
            using (var simulator = new Simulator(thinkMilliseconds: 500))
            using (var till = Till.Open(simulator.Config()))
            using (var payment = till.StartPayment(sale))
            {
                Expect.Refused(Status.Busy, "still running", () => till.RecoverAll(Long));
                Expect.Refused(Status.InvalidState, "still running", () => till.Acknowledge(payment));
                Expect.Equal(Outcome.Approved, payment.Wait());
            }
        }

        [Test]
        public static void A_window_goes_on_living_meanwhile()
        {
            using (var simulator = new Simulator())
            {
                var config = AtOnce(simulator);
                using (var till = Till.Open(config)) PayInDoubt(simulator, till, OnTheWay);
                using (var till = StateFiles.OpenAgain(config))
                {
                    var recovering = Task.Run(() => till.RecoverAll(TimeSpan.FromSeconds(1)));
                    Expect.That(!recovering.Wait(100), "a task that goes on");
                    using (var payment = recovering.Result.Single()) Expect.Equal(Outcome.Unknown, payment.Outcome);
                }
            }
        }

        [Test]
        public static void A_refund_is_told_once_and_later_the_cashier_is_asked()
        {
            using (var simulator = new Simulator())
            {
                var config = PayTwice(simulator);
                using (var till = StateFiles.OpenAgain(config))
                {
                    AwaitUnfinished(till, $"{Reference} 1 Approved, {Reference} 2 Approved");
                    var shown = till.Unfinished();
                    Expect.That(shown.All(payment => !payment.NextActions.Contains(NextAction.Refund)), "a list is silent");
                    var told = till.RecoverAll(Long);
                    Expect.Equal("1 2", string.Join(" ", told.Select(payment => payment.Attempt)));
                    Expect.Equal(NextAction.Refund, told[0].NextActions[0]);
                    Expect.Contains("\"asked_before_at\":null", told[0].ToJson());
                    Expect.That(!told[1].NextActions.Contains(NextAction.Refund), "it is given back once");
                }
                using (var till = StateFiles.OpenAgain(config))
                {
                    using (var payment = till.Recover(Reference, 1))
                    {
                        payment.Wait();
                        Expect.Equal(NextAction.AskCashier, payment.NextActions[0]);
                        Expect.That(!payment.NextActions.Contains(NextAction.Refund), "it was told before");
                        Expect.Lacks("\"asked_before_at\":null", payment.ToJson());
                        Expect.Contains("asked for before", payment.CashierText(CashierLanguage.English));
                    }
                }
            }
        }

        [Test]
        public static void Two_attempts_that_need_something_must_be_told_apart()
        {
            using (var simulator = new Simulator())
            using (var till = StateFiles.OpenAgain(PayTwice(simulator)))
            {
                AwaitUnfinished(till, $"{Reference} 1 Approved, {Reference} 2 Approved");
                var told = till.RecoverAll(Long);
                Expect.Refused(Status.InvalidState, "attempts 1 and 2", () => till.Recover(Reference));
                Expect.Refused(Status.InvalidState, "attempts 1 and 2", () => till.Acknowledge(Reference));
                Expect.Refused(Status.InvalidState, "attempts 1 and 2", () => till.Reverse(Reference));
                Expect.Refused(Status.NotFound, "no attempt 3", () => till.Recover(Reference, 3));
                till.Acknowledge(Reference, 2);
                Expect.Equal($"{Reference} 1 Approved", Unfinished(till));
                till.Acknowledge(told[0]);
                Expect.Equal("", Unfinished(till));
            }
        }

        [Test]
        public static void What_a_payment_told_is_taken_over_and_what_comes_later_is_not()
        {
            using (var simulator = new Simulator())
            using (var till = Till.Open(simulator.Config()))
            {
                simulator.Tell("settings", "{\"receipts_lag_ms\":2000}");
                using (var bare = Pay(till))
                {
                    Expect.Equal("LookAtTerminal RecoverLater", Actions(bare));
                    till.Acknowledge(bare);
                    Expect.Equal("", Unfinished(till));
                    Thread.Sleep(2000);
                    using (var whole = till.Recover(Reference))
                    {
                        Expect.Equal(Outcome.Approved, whole.Wait());
                        Expect.Contains("Händlerbeleg", whole.ReceiptText(ReceiptCopy.Merchant));
                        till.Acknowledge(bare);
                        Expect.Equal($"{Reference} 1 Approved", Unfinished(till));
                        till.Acknowledge(whole);
                        Expect.Equal("", Unfinished(till));
                    }
                }
            }
        }

        [Test]
        public static void A_list_has_told_of_no_conflict()
        {
            using (var simulator = new Simulator())
            using (var till = Till.Open(AtOnce(simulator)))
            {
                PayAfterAll(simulator, till);
                using (var told = till.Recover(Reference))
                {
                    Expect.Equal(Outcome.Approved, told.Wait());
                    using (var shown = till.Unfinished().Single()) till.Acknowledge(shown);
                    Expect.Equal($"{Reference} 1 Approved", Unfinished(till));
                    till.Acknowledge(told);
                    Expect.Equal("", Unfinished(till));
                }
            }
        }

        [Test]
        public static void A_payment_says_that_something_else_needs_a_person()
        {
            using (var simulator = new Simulator())
            {
                var config = AtOnce(simulator);
                using (var till = Till.Open(config)) PayAfterAll(simulator, till);
                using (var till = StateFiles.OpenAgain(config))
                {
                    AwaitUnfinished(till, $"{Reference} 1 Approved");
                    using (var payment = Pay(till, "another", 2))
                    {
                        Expect.Equal(Outcome.Approved, payment.Outcome);
                        Expect.Equal(NextAction.CheckUnfinished, payment.NextActions.Last());
                    }
                    foreach (var payment in till.RecoverAll(Long)) using (payment) till.Acknowledge(payment);
                    using (var payment = Pay(till, "a third", 3))
                    {
                        Expect.Equal(NextAction.PrintCustomer, payment.NextActions.Last());
                    }
                }
            }
        }

        [Test]
        public static void A_part_is_not_the_whole_and_the_rest_is_asked_for_once()
        {
            using (var simulator = new Simulator())
            using (var till = Till.Open(simulator.Config()))
            {
                simulator.Tell("next", "{\"charged\":500}");
                using (var payment = Pay(till, amount: 1250))
                {
                    Expect.Equal(Outcome.Approved, payment.Outcome);
                    Expect.Equal(Reason.AmountDiffers, payment.Reason);
                    Expect.Equal(500L, payment.AmountCharged);
                    Expect.Equal(750L, payment.AmountDue);
                    Expect.Equal(NextAction.CollectRest, payment.NextActions.Last());
                }
                using (var again = Pay(till, amount: 1250))
                {
                    Expect.Equal(750L, again.AmountDue);
                    Expect.Equal(NextAction.AskCashier, again.NextActions.Last());
                    using (var rest = Pay(till, "the rest", again.AmountDue)) Expect.Equal(0L, rest.AmountDue);
                }
                simulator.Tell("next", "{\"charged\":1400}");
                using (var tip = Pay(till, "with a tip", 1250))
                {
                    Expect.Equal(Reason.AmountDiffers, tip.Reason);
                    Expect.Equal(1400L, tip.AmountCharged);
                    Expect.Equal(0L, tip.AmountDue);
                    Expect.Equal(NextAction.PrintCustomer, tip.NextActions.Last());
                }
            }
        }

        /// <summary>
        /// Attempt 1 is in doubt and decided not paid; attempt 2 is paid; and then the customer has paid attempt 1, too.
        /// </summary>
        private static Config PayTwice(Simulator simulator)
        {
            var config = AtOnce(simulator);
            using (var till = Till.Open(config))
            {
                simulator.Tell("next", "{\"scenario\":\"girocard\",\"think_ms\":3000}");
                simulator.BreakNext("start", WhileThinking, "\"reset\"");
                using (var payment = Pay(till)) Expect.Equal(Outcome.Unknown, payment.Outcome);
                till.Decide(Reference, Decision.NotPaid, "Kim", "the terminal shows nothing").Dispose();
                using (var payment = Pay(till, attempt: 2)) Expect.Equal(Outcome.Approved, payment.Outcome);
                simulator.AwaitCharges(2);
            }
            return config;
        }
    }
}
