// Payments against the simulator: what becomes of them, and what the till learns of it.

using System;
using System.Linq;
using System.Threading;

namespace Secupos.Tests
{
    public static class PaymentTests
    {
        private const string Reference = "2026-11-23/0042 Bäckerei 🥐";

        [Test]
        public static void An_approved_payment_tells_everything()
        {
            var sale = new Sale(Reference, 1, "EUR");
            using (var simulator = new Simulator())
            using (var till = Till.Open(simulator.Config()))
            {
                sale.AddItem("Brötchen", 1, 1, 7, "70000", "4006381333931");
                sale.TransactionRef = "Kauf bei Beispiel-Back";
                var before = DateTimeOffset.UtcNow;
                using (var payment = till.Pay(sale))
                {
                    Expect.Equal(Outcome.Approved, payment.Outcome);
                    Expect.Equal(Reason.None, payment.Reason);
                    Expect.Equal(DecidedBy.Server, payment.DecidedBy);
                    Expect.That(!payment.Replayed && !payment.Conflict, "a new payment without a conflict");
                    Expect.Equal(
                        "PrintMerchant TakeSignature PrintCustomer", string.Join(" ", payment.NextActions));
                    Expect.Equal(Reference, payment.Reference);
                    Expect.Equal(1, payment.Attempt);
                    Expect.Equal(1L, payment.Amount);
                    Expect.Equal(1L, payment.AmountCharged);
                    Expect.Equal("EUR", payment.Currency);
                    Expect.Equal(3L, payment.ReceiptNumber);
                    Expect.Equal(Signature.Required, payment.Signature);
                    Expect.Equal("ok", payment.StatusText);
                    Expect.That(payment.TransactionId.StartsWith("STX_"), "an id of the server");
                    Expect.That(payment.MerchantReceiptDue, "the merchant's copy is due");
                    Expect.Equal(null, payment.Error);
                    Expect.That(payment.CreatedAt >= before.AddSeconds(-1), "begun now");
                    Expect.That(payment.CompletedAt >= payment.CreatedAt, "settled after it was begun");
                    Expect.Equal(
                        "Bezahlt. Der Kunde muss den Händlerbeleg unterschreiben.",
                        payment.CashierText(CashierLanguage.German));
                    Expect.Contains("Paid.", payment.CashierText(CashierLanguage.English));
                    Expect.Equal(Outcome.Approved, payment.Wait());
                    Expect.Equal($"Payment {Reference}, attempt 1: Approved", payment.ToString());
                }
            }
        }

        [Test]
        public static void Both_copies_of_the_receipt_are_there()
        {
            using (var simulator = new Simulator())
            using (var payment = Pay(simulator))
            using (var merchant = payment.Receipt(ReceiptCopy.Merchant))
            using (var customer = payment.Receipt(ReceiptCopy.Customer))
            {
                Expect.Contains("Händlerbeleg", merchant.Text(42));
                Expect.Contains("gültig", merchant.Text());
                Expect.Contains("Unterschrift umseitig", merchant.Text(16).Replace("\n", " "));
                Expect.Contains("Kundenbeleg", customer.Text(32));
                Expect.Lacks("Unterschrift", customer.Text());
                Expect.That(merchant.Text(32).Split('\n').All(row => row.Length <= 32), "rows of at most 32 columns");
                Expect.Equal(merchant.Text(48), payment.ReceiptText(ReceiptCopy.Merchant, 48));
                Expect.Equal(customer.Text(), payment.ReceiptText(ReceiptCopy.Customer));
                Expect.Equal("0003", merchant.Field("receipt_no"));
                Expect.Equal("0003", customer.Field("receipt_no"));
                Expect.Equal(Signature.Required, merchant.Signature);
                Expect.Contains("\"Beleg-Nr.\"", merchant.ToJson());
            }
        }

        [Test]
        public static void The_payment_is_one_JSON_object()
        {
            using (var simulator = new Simulator())
            using (var payment = Pay(simulator))
            {
                var json = payment.ToJson();
                Expect.Contains("\"outcome\":\"approved\"", json);
                Expect.Contains("\"next_actions\":[\"print_merchant\",\"take_signature\",\"print_customer\"]", json);
                Expect.Contains("\"receipt_number\":3", json);
                Expect.Contains("Händlerbeleg", json);
                Expect.Contains("\"grant\":\"client_credentials\"", json);
            }
        }

        [Test]
        public static void A_registered_device_logs_in_as_itself()
        {
            var sale = new Sale(Reference, 1, "EUR");
            using (var simulator = new Simulator())
            using (var till = Till.Open(simulator.Config(simulator.DeviceCode)))
            using (var payment = till.Pay(sale))
            {
                Expect.Equal(Outcome.Approved, payment.Outcome);
                Expect.Contains("\"grant\":\"device\"", payment.ToJson());
            }
        }

        [Test]
        public static void A_declined_payment_may_be_tried_again_under_the_next_attempt()
        {
            var sale = new Sale(Reference, 1, "EUR");
            using (var simulator = new Simulator())
            using (var till = Till.Open(simulator.Config()))
            {
                simulator.Tell("next", "{\"scenario\":\"declined\"}");
                using (var payment = till.Pay(sale))
                {
                    Expect.Equal(Outcome.Failed, payment.Outcome);
                    Expect.Equal(0L, payment.AmountCharged);
                    Expect.Equal(NextAction.TryAgain, payment.NextActions.Last());
                    Expect.Contains("Nicht bezahlt", payment.CashierText(CashierLanguage.German));
                }
                sale.Attempt = 2;
                using (var payment = till.Pay(sale))
                {
                    Expect.Equal(Outcome.Approved, payment.Outcome);
                    Expect.Equal(2, payment.Attempt);
                }
            }
        }

        [Test]
        public static void A_reference_that_has_taken_money_takes_no_more()
        {
            var sale = new Sale(Reference, 1, "EUR");
            using (var simulator = new Simulator())
            using (var till = Till.Open(simulator.Config()))
            {
                till.Pay(sale).Dispose();
                Expect.Refused(Status.ReferenceConflict, "was over", () => till.Pay(new Sale(Reference, 2, "EUR")));
                sale.Attempt = 2;
                Expect.Refused(Status.ReferenceConflict, "has been used", () => till.StartPayment(sale));
                var other = new Sale("other", 1, "EUR") { Attempt = 2 };
                Expect.Refused(Status.AttemptOutOfOrder, "at attempt 1, not 2", () => till.StartPayment(other));
            }
        }

        [Test]
        public static void A_wait_that_is_over_leaves_the_payment_running()
        {
            var sale = new Sale(Reference, 1, "EUR");
            using (var simulator = new Simulator(thinkMilliseconds: 1000))
            using (var till = Till.Open(simulator.Config()))
            using (var payment = till.StartPayment(sale))
            {
                Expect.Equal(Outcome.Pending, payment.Wait(TimeSpan.Zero));
                Expect.Equal(Outcome.Pending, payment.Wait(TimeSpan.FromMilliseconds(50)));
                Expect.Equal(Outcome.Pending, payment.Outcome);
                Expect.Equal(DecidedBy.Server, payment.DecidedBy);
                Expect.That(!payment.Replayed && !payment.Conflict, "a new payment without a conflict");
                Expect.Equal(Reference, payment.Reference);
                Expect.Equal(0, payment.NextActions.Count);
                Expect.Equal(null, payment.TransactionId);
                Expect.Equal(null, payment.ReceiptNumber);
                Expect.Equal(null, payment.CompletedAt);
                Expect.Contains("\"outcome\":\"pending\"", payment.ToJson());
                Expect.That(payment.Phase == Phase.LoggingIn || payment.Phase == Phase.WaitingForTerminal, "it runs");
                Expect.Contains("Die Zahlung ", payment.CashierText(CashierLanguage.German));
                Expect.Refused(Status.InvalidState, "", () => payment.Receipt(ReceiptCopy.Merchant));
                Expect.Refused(Status.InvalidState, "", () => payment.ReceiptText(ReceiptCopy.Merchant));
                Expect.Throws<ArgumentOutOfRangeException>(() => payment.Wait(TimeSpan.FromSeconds(-2)));
                var other = new Sale("other", 1, "EUR");
                Expect.Refused(Status.Busy, "still running", () => till.StartPayment(other));
                Expect.Equal(Outcome.Approved, payment.Wait(Timeout.InfiniteTimeSpan));
            }
        }

        [Test]
        public static void Without_a_server_nothing_is_started_and_the_payment_says_why()
        {
            var config = new Config
            {
                BaseUrl = "http://127.0.0.1:1",
                ClientId = "vendor",
                ClientSecret = "hush",
                StateFile = StateFiles.Fresh(),
                CreateStateFile = true,
            };
            var sale = new Sale(Reference, 1, "EUR");
            using (var till = Till.Open(config))
            using (var payment = till.Pay(sale))
            {
                Expect.Equal(Outcome.NotStarted, payment.Outcome);
                Expect.Equal(Reason.NoConnection, payment.Reason);
                Expect.Equal(Status.Unreachable, payment.Error.Status);
                Expect.Equal("UNREACHABLE", payment.Error.StatusName);
                Expect.Equal(0, payment.Error.HttpStatus);
                Expect.Equal(null, payment.Error.ServerCode);
                Expect.Equal(TimeSpan.Zero, payment.Error.RetryAfter);
                Expect.Contains("Keine Verbindung", payment.Error.CashierText(CashierLanguage.German));
                Expect.Contains("No connection", payment.Error.CashierText(CashierLanguage.English));
                Expect.Equal("", payment.ReceiptText(ReceiptCopy.Merchant));
                using (var receipt = payment.Receipt(ReceiptCopy.Customer)) Expect.Equal(0, receipt.Lines.Count);
            }
        }

        [Test]
        public static void Wrong_credentials_are_told_with_the_servers_words_but_never_shown()
        {
            using (var simulator = new Simulator())
            {
                var config = simulator.Config();
                config.ClientSecret = "hush-hush";
                var sale = new Sale(Reference, 1, "EUR");
                using (var till = Till.Open(config))
                using (var payment = till.Pay(sale))
                {
                    Expect.Equal(Outcome.NotStarted, payment.Outcome);
                    Expect.Equal(Reason.LoginFailed, payment.Reason);
                    Expect.Equal(Status.InvalidCredentials, payment.Error.Status);
                    Expect.Equal("invalid_client", payment.Error.ServerCode);
                    Expect.That(payment.Error.HttpStatus >= 400, "the server's HTTP status");
                    Expect.Lacks("hush", payment.Error + payment.ToJson() + payment);
                }
            }
        }

        [Test]
        public static void Nothing_that_is_written_to_a_log_shows_a_secret_or_a_receipt()
        {
            using (var simulator = new Simulator())
            using (var payment = Pay(simulator))
            {
                var config = simulator.Config(simulator.DeviceCode);
                Expect.Lacks(simulator.ClientSecret, config.ToString());
                Expect.Lacks(simulator.DeviceCode, config.ToString());
                Expect.Contains("with a device code", config.ToString());
                Expect.Contains("without a device code", simulator.Config().ToString());
                Expect.Lacks("Beleg", payment.ToString());
                var readable = typeof(Config).GetProperties().Where(property => property.GetGetMethod() != null);
                Expect.That(!readable.Any(property => property.Name == "ClientSecret"), "no secret to be read");
                Expect.That(!readable.Any(property => property.Name == "DeviceCode"), "no device code to be read");
            }
        }

        private static Payment Pay(Simulator simulator)
        {
            var sale = new Sale(Reference, 1, "EUR");
            using (var till = Till.Open(simulator.Config()))
            {
                return till.Pay(sale);
            }
        }
    }
}
