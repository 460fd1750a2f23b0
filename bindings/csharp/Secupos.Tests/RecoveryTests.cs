// No payment lost, none charged twice: what a till finds after a crash, what a person decides, what is told again.

using System;
using System.IO;
using System.Linq;
using System.Threading;
using static Secupos.Tests.Doubt;

namespace Secupos.Tests
{
    public static class RecoveryTests
    {
        [Test]
        public static void The_same_sale_is_told_again_with_the_same_receipts()
        {
            using (var simulator = new Simulator())
            {
                var config = simulator.Config();
                string json, receipt, german, english;
                using (var till = Till.Open(config))
                using (var first = Pay(till))
                using (var again = Pay(till))
                {
                    Expect.That(!first.Replayed, "the first call takes the payment");
                    Expect.That(again.Replayed, "the second one tells of it");
                    Expect.Equal(first.CompletedAt, again.CompletedAt);
                    (json, receipt) = (first.ToJson(), first.ReceiptText(ReceiptCopy.Merchant));
                    german = first.CashierText(CashierLanguage.German);
                    english = first.CashierText(CashierLanguage.English);
                }
                using (var till = StateFiles.OpenAgain(config))
                using (var paid = Pay(till))
                using (var recovered = till.Recover(Reference))
                {
                    foreach (var later in new[] { paid, recovered })
                    {
                        Expect.Equal(Outcome.Approved, later.Wait());
                        var (now, then) = (later.CashierText(CashierLanguage.German), later.CashierText(CashierLanguage.English));
                        Expect.That(now.StartsWith($"{german} (Ergebnis vom "), $"an earlier result, not {now}");
                        Expect.That(then.StartsWith($"{english} (Result of "), $"an earlier result, not {then}");
                        var told = json.Replace("\"replayed\":false", "\"replayed\":true")
                            .Replace($"\"{german}\"", $"\"{now}\"").Replace($"\"{english}\"", $"\"{then}\"");
                        Expect.Equal(told, later.ToJson());
                        Expect.Equal(receipt, later.ReceiptText(ReceiptCopy.Merchant));
                    }
                }
                Expect.Equal(1, simulator.Charges());
            }
        }

        [Test]
        public static void The_same_sale_joins_the_payment_that_is_running()
        {
            var sale = new Sale(Reference, 1, "EUR");
            using (var simulator = new Simulator(thinkMilliseconds: 500))
            using (var till = Till.Open(simulator.Config()))
            using (var first = till.StartPayment(sale))
            using (var second = till.StartPayment(sale))
            {
                Expect.Equal(Outcome.Approved, first.Wait());
                Expect.Equal(Outcome.Approved, second.Wait());
                Expect.Equal(first.TransactionId, second.TransactionId);
                Expect.Equal(1, simulator.Charges());
            }
        }

        [Test]
        public static void What_was_in_doubt_when_the_till_ended_is_found_out()
        {
            using (var simulator = new Simulator())
            {
                var config = AtOnce(simulator);
                using (var till = Till.Open(config)) PayInDoubt(simulator, till, WhileThinking);
                simulator.AwaitCharges(1);
                using (var till = StateFiles.OpenAgain(config))
                {
                    using (var left = till.Unfinished().Single()) Expect.Equal(Reference, left.Reference);
                    using (var payment = till.Recover(Reference))
                    {
                        Expect.Equal(Outcome.Approved, payment.Wait());
                        Expect.That(payment.Replayed, "it was begun earlier");
                        Expect.Contains("Händlerbeleg", payment.ReceiptText(ReceiptCopy.Merchant));
                        Expect.Contains("Kundenbeleg", payment.ReceiptText(ReceiptCopy.Customer));
                    }
                    using (var left = till.Unfinished().Single()) Expect.Equal(Outcome.Approved, left.Outcome);
                }
                Expect.Equal(1, simulator.Charges());
            }
        }

        [Test]
        public static void A_till_that_is_disposed_while_the_customer_pays_keeps_its_state_file_until_that_is_stored()
        {
            using (var simulator = new Simulator(thinkMilliseconds: 700))
            {
                var config = simulator.Config();
                var sale = new Sale(Reference, 1, "EUR");
                using (var till = Till.Open(config))
                {
                    till.StartPayment(sale).Dispose();
                    simulator.AwaitStart();
                }
                Expect.Refused(Status.StateFileLocked, "", () => Till.Open(config));
                using (var till = StateFiles.OpenAgain(config))
                using (var left = till.Unfinished().Single())
                {
                    Expect.Equal(Outcome.Approved, left.Outcome);
                }
            }
        }

        [Test]
        public static void What_is_acknowledged_is_closed()
        {
            using (var simulator = new Simulator())
            using (var till = Till.Open(simulator.Config()))
            {
                Pay(till).Dispose();
                Expect.Equal(1, till.Unfinished().Count);
                till.Acknowledge(Reference);
                till.Acknowledge(Reference);
                Expect.Equal(0, till.Unfinished().Count);
                Expect.Refused(Status.ReferenceClosed, "was acknowledged", () => Pay(till));
                using (var payment = till.Recover(Reference)) Expect.Equal(Outcome.Approved, payment.Wait());
            }
        }

        [Test]
        public static void What_has_no_result_cannot_be_acknowledged_and_what_has_one_cannot_be_decided()
        {
            using (var simulator = new Simulator())
            using (var till = Till.Open(AtOnce(simulator)))
            {
                PayInDoubt(simulator, till, WhileThinking);
                Expect.Refused(Status.InvalidState, "in doubt", () => till.Acknowledge(Reference));
                simulator.AwaitCharges(1);
                using (var payment = Pay(till)) Expect.Equal(Outcome.Approved, payment.Outcome);
                Expect.Refused(
                    Status.InvalidState, "approved", () => till.Decide(Reference, Decision.NotPaid, "Kim", "no slip"));
            }
        }

        [Test]
        public static void A_person_decides_and_the_service_contradicts()
        {
            using (var simulator = new Simulator())
            using (var till = Till.Open(AtOnce(simulator)))
            {
                PayInDoubt(simulator, till, WhileThinking);
                using (var decided = till.Decide(Reference, Decision.NotPaid, "Kim", "the terminal shows nothing"))
                {
                    Expect.Equal(Outcome.NotStarted, decided.Outcome);
                    Expect.Equal(DecidedBy.Operator, decided.DecidedBy);
                    Expect.That(!decided.Conflict, "nobody contradicts yet");
                    Expect.Contains("\"decided_by\":\"operator\"", decided.ToJson());
                }
                Expect.Equal(0, till.Unfinished().Count);
                simulator.AwaitCharges(1);
                using (var payment = till.Recover(Reference))
                {
                    Expect.Equal(Outcome.Approved, payment.Wait());
                    Expect.Equal(DecidedBy.Server, payment.DecidedBy);
                    Expect.That(payment.Conflict, "the service contradicts");
                    // It was paid once: whether the customer has paid in another way meanwhile, the cashier knows.
                    Expect.Equal(NextAction.AskCashier, payment.NextActions[0]);
                }
                using (var left = till.Unfinished().Single()) Expect.That(left.Conflict, "a conflict is listed");
                till.Acknowledge(Reference);
                Expect.Equal(0, till.Unfinished().Count);
            }
        }

        [Test]
        public static void A_person_decides_that_it_was_paid_and_the_service_agrees()
        {
            using (var simulator = new Simulator())
            using (var till = Till.Open(AtOnce(simulator)))
            {
                PayInDoubt(simulator, till, WhileThinking);
                using (var decided = till.Decide(Reference, Decision.Paid, "Kim", "there is a slip", slipNumber: 3))
                {
                    Expect.Equal(Outcome.Approved, decided.Outcome);
                    Expect.Equal(DecidedBy.Operator, decided.DecidedBy);
                }
                simulator.AwaitCharges(1);
                using (var payment = till.Recover(Reference))
                {
                    Expect.Equal(Outcome.Approved, payment.Wait());
                    Expect.Equal(DecidedBy.Server, payment.DecidedBy);
                    Expect.That(!payment.Conflict, "both say the same");
                }
            }
        }

        [Test]
        public static void The_same_amount_must_be_confirmed_while_the_first_is_in_doubt()
        {
            var another = new Sale("another", 1, "EUR");
            using (var simulator = new Simulator())
            using (var till = Till.Open(AtOnce(simulator)))
            {
                PayInDoubt(simulator, till, OnTheWay);
                Expect.Refused(Status.PossibleDuplicate, Reference, () => till.Pay(another));
                another.ConfirmNotDuplicate("Kim");
                using (var payment = till.Pay(another))
                {
                    Expect.Equal(Outcome.NotStarted, payment.Outcome);
                    Expect.Equal(Reason.TerminalBusy, payment.Reason);
                }
                till.Decide(Reference, Decision.NotPaid, "Kim", "the terminal shows nothing").Dispose();
                another.Attempt = 2;
                using (var payment = till.Pay(another)) Expect.Equal(Outcome.Approved, payment.Outcome);
                Expect.Equal(1, simulator.Charges());
            }
        }

        [Test(OnlyOnPosix = true)]
        public static void After_the_grace_what_never_reached_the_terminal_is_not_started()
        {
            using (var simulator = new Simulator())
            {
                var config = AtOnce(simulator);
                using (var till = Till.Open(config))
                {
                    PayInDoubt(simulator, till, OnTheWay);
                    using (var payment = till.Recover(Reference)) Expect.Equal(Outcome.Unknown, payment.Wait());
                }
                Expect.Equal("NotStarted NeverStarted, then Approved", Later.Told(400, config, simulator.ClientSecret));
                Expect.Equal(1, simulator.Charges());
            }
        }

        [Test]
        public static void Payments_are_found_by_time_and_receipt_number()
        {
            using (var simulator = new Simulator())
            using (var till = Till.Open(simulator.Config()))
            {
                var from = DateTimeOffset.Now.AddSeconds(-1);
                long number;
                DateTimeOffset second;
                using (var payment = Pay(till, "first")) number = payment.ReceiptNumber.Value;
                using (var payment = Pay(till, "second")) second = payment.CreatedAt;
                var to = DateTimeOffset.UtcNow.AddMilliseconds(1);
                Expect.Equal("first, second", Found(till, from, to, null));
                Expect.Equal("first", Found(till, from, second, null));
                Expect.Equal("second", Found(till, second, to, null));
                Expect.Equal("second", Found(till, second.AddTicks(-1), second.AddTicks(1), null));
                Expect.Equal("", Found(till, second.AddTicks(1), to, null));
                Expect.Equal("first", Found(till, from, to, number));
                Expect.Equal("", Found(till, from, to, 999));
                Expect.Equal("", Found(till, to, from, null));
            }
        }

        [Test]
        public static void One_state_file_is_one_till()
        {
            using (var simulator = new Simulator())
            {
                var config = simulator.Config();
                using (Till.Open(config)) Expect.Refused(Status.StateFileLocked, "", () => Till.Open(config));
                var other = simulator.Config(simulator.DeviceCode);
                other.StateFile = config.StateFile;
                Expect.Refused(Status.StateFileMismatch, "another device", () => StateFiles.OpenAgain(other));
                other.StateFile = StateFiles.Fresh();
                other.CreateStateFile = false;
                Expect.Refused(Status.StateFileMissing, "", () => Till.Open(other));
            }
        }

        [Test]
        public static void A_lost_state_file_must_be_accepted_by_a_person()
        {
            using (var simulator = new Simulator())
            {
                var config = simulator.Config();
                using (var till = Till.Open(config)) Pay(till).Dispose();
                while (File.Exists(config.StateFile + "-wal")) Thread.Sleep(10);
                File.Delete(config.StateFile);
                using (var till = StateFiles.OpenAgain(config))
                {
                    Expect.Refused(Status.StateFileDamaged, "", () => Pay(till, "another"));
                    till.AcceptJournalLoss("Kim");
                    till.AcceptJournalLoss("Kim");
                    using (var payment = Pay(till, "another")) Expect.Equal(Outcome.Approved, payment.Outcome);
                }
            }
        }

        private static string Found(Till till, DateTimeOffset from, DateTimeOffset before, long? receiptNumber)
        {
            var found = till.FindPayments(from, before, receiptNumber);
            var references = string.Join(", ", found.Select(payment => payment.Reference));
            foreach (var payment in found) payment.Dispose();
            return references;
        }
    }
}
