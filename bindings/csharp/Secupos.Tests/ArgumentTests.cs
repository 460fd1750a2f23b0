// What cannot be used is refused before anything is sent, and the message names it.

using System;
using System.Collections.Generic;
using System.Threading;

namespace Secupos.Tests
{
    public static class ArgumentTests
    {
        private const string NoText = "a\0b";
        private const string HalfAPair = "a\uD800b";

        [Test]
        public static void A_sale_without_a_usable_reference_is_refused()
        {
            foreach (var reference in new[] { "", "   ", new string('x', 65), new string('ä', 33), "a\nb", "a\u0085b" })
            {
                Refused("reference", () => new Sale(reference, 1, "EUR"));
            }
            RefusedTexts("reference", reference => new Sale(reference, 1, "EUR"));
            RefusedNull("reference", () => new Sale(null, 1, "EUR"));
            new Sale(new string('ä', 32), 1, "EUR").Dispose();
        }

        [Test]
        public static void A_sale_without_a_usable_amount_is_refused()
        {
            foreach (var amount in new[] { 0, -1, 100000000, long.MinValue, long.MaxValue })
            {
                Refused("amount", () => new Sale("r", amount, "EUR"));
            }
            new Sale("r", 99999999, "EUR").Dispose();
        }

        [Test]
        public static void A_sale_without_a_currency_is_refused()
        {
            foreach (var currency in new[] { "", "EU", "eur", "EURO", "€", "E\nR" })
            {
                Refused("currency", () => new Sale("r", 1, currency));
            }
            RefusedTexts("currency", currency => new Sale("r", 1, currency));
            RefusedNull("currency", () => new Sale("r", 1, null));
        }

        [Test]
        public static void Articles_that_cannot_be_are_refused()
        {
            using (var sale = new Sale("r", 1, "EUR"))
            {
                Refused("description", () => sale.AddItem("", 1, 1, 7));
                Refused("quantity", () => sale.AddItem("Brötchen", 0, 1, 7));
                Refused("unit_price", () => sale.AddItem("Brötchen", 1, -1, 7));
                Refused("tax_percent", () => sale.AddItem("Brötchen", 1, 1, 101));
                Refused("article_number", () => sale.AddItem("Brötchen", 1, 1, 7, ""));
                Refused("ean", () => sale.AddItem("Brötchen", 1, 1, 7, null, "\t"));
                RefusedTexts("description", text => sale.AddItem(text, 1, 1, 7));
                RefusedTexts("article_number", text => sale.AddItem("Brötchen", 1, 1, 7, text));
                RefusedTexts("ean", text => sale.AddItem("Brötchen", 1, 1, 7, null, text));
                RefusedNull("description", () => sale.AddItem(null, 1, 1, 7));
                Refused("unit_price", () => sale.AddCoupon("Gutschein", 1, -1, 7));
                RefusedTexts("description", text => sale.AddCoupon(text, 1, 1, 7));
                Refused("sale", () => sale.AddItemGroup("1", "Backwaren"));
                sale.AddItem("Brötchen", 1, 1, 7);
                Refused("level", () => sale.AddItemGroup("1", "Backwaren", 0));
                RefusedTexts("group_id", text => sale.AddItemGroup(text, "Backwaren"));
                RefusedTexts("group_description", text => sale.AddItemGroup("1", text));
            }
        }

        [Test]
        public static void What_is_refused_leaves_the_sale_as_it_was()
        {
            using (var sale = new Sale("r", 1, "EUR"))
            {
                Refused("attempt", () => sale.Attempt = 0);
                Refused("attempt", () => sale.Attempt = 10000);
                Refused("gratuity", () => sale.Gratuity = 2);
                Refused("gratuity", () => sale.Gratuity = -1);
                Expect.Throws<ArgumentNullException>(() => sale.Gratuity = null);
                Refused("transaction_ref", () => sale.TransactionRef = "");
                RefusedTexts("transaction_ref", text => sale.TransactionRef = text);
                RefusedNull("transaction_ref", () => sale.TransactionRef = null);
                RefusedOperators(name => sale.ConfirmNotDuplicate(name));
                Expect.Equal(1, sale.Attempt);
                Expect.Equal(null, sale.TransactionRef);
                Expect.Equal(null, sale.Gratuity);
            }
        }

        [Test]
        public static void Articles_must_add_up()
        {
            using (var till = new Till(Unreachable()))
            using (var sale = new Sale("r", 100, "EUR"))
            {
                sale.AddItem("Brötchen", 2, 30, 7);
                var fault = Expect.Refused(Status.InvalidArgument, "amount ", () => till.Pay(sale));
                Expect.Contains("2 x 0.30 = 0.60, the sale says 1.00", fault.Message);
                Expect.Contains("Es wurde nichts gesendet", fault.CashierText(Language.German));
                Expect.Contains("Nothing was sent", fault.CashierText(Language.English));
                Expect.Refused(Status.InvalidArgument, "amount ", () => till.StartPayment(sale));
            }
        }

        [Test]
        public static void What_is_asked_of_a_till_about_payments_names_what_cannot_be_used()
        {
            using (var till = new Till(Unreachable()))
            {
                RefusedTexts("reference", text => till.Recover(text));
                RefusedTexts("reference", text => till.Acknowledge(text));
                RefusedTexts("reference", text => till.Decide(text, Decision.Paid, "Kim", "a slip"));
                RefusedTexts("reference", text => till.DecideReversal(text, ReversalDecision.Reversed, "Kim", "a slip"));
                RefusedTexts("reference", text => till.Reverse(text));
                RefusedNull("reference", () => till.Recover(null));
                RefusedNull("reference", () => till.Acknowledge((string)null));
                RefusedNull("reference", () => till.Decide(null, Decision.Paid, "Kim", "a slip"));
                RefusedNull("reference", () => till.DecideReversal(null, ReversalDecision.Reversed, "Kim", "a slip"));
                RefusedNull("reference", () => till.Reverse(null));
                foreach (var decision in new[] { 0, 3, -1, int.MaxValue })
                {
                    Refused("decision", () => till.Decide("r", (Decision)decision, "Kim", "a slip"));
                    Refused("decision", () => till.DecideReversal("r", (ReversalDecision)decision, "Kim", "a slip"));
                }
                RefusedOperators(name => till.Decide("r", Decision.Paid, name, "a slip"));
                RefusedOperators(name => till.DecideReversal("r", ReversalDecision.Reversed, name, "a slip"));
                RefusedReasons(reason => till.Decide("r", Decision.Paid, "Kim", reason));
                RefusedReasons(reason => till.DecideReversal("r", ReversalDecision.Reversed, "Kim", reason));
                RefusedOperators(name => till.AcceptJournalLoss(name));
                foreach (var attempt in new[] { 0, -1, int.MinValue })
                {
                    RefusedNumber("attempt", () => till.Recover("r", attempt));
                    RefusedNumber("attempt", () => till.Acknowledge("r", attempt));
                    RefusedNumber("attempt", () => till.Reverse("r", attempt));
                    RefusedNumber("attempt", () => till.Reverse("r", attempt, "Kim"));
                    RefusedNumber("attempt", () => till.Decide("r", Decision.Paid, "Kim", "a slip", attempt: attempt));
                    RefusedNumber("attempt", () =>
                        till.DecideReversal("r", ReversalDecision.Reversed, "Kim", "a slip", attempt));
                }
                foreach (var timeout in new[] { Timeout.InfiniteTimeSpan, TimeSpan.FromSeconds(3601), TimeSpan.MinValue })
                {
                    Refused("timeout_ms", () => till.RecoverAll(timeout));
                }
                foreach (var number in new[] { 0, -1, long.MinValue })
                {
                    RefusedNumber("slipNumber", () => till.Decide("r", Decision.Paid, "Kim", "a slip", number));
                    RefusedNumber("receiptNumber", () =>
                        till.FindPayments(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, number));
                }
            }
        }

        [Test]
        public static void Who_moves_a_till_and_why_is_to_be_said()
        {
            RefusedOperators(name => Till.Rebind(Unreachable(), name, "a new host"));
            RefusedReasons(reason => Till.Rebind(Unreachable(), "Kim", reason));
            RefusedNull("config", () => Till.Rebind(null, "Kim", "a new host"));
        }

        [Test]
        public static void A_reference_that_looks_like_another_is_refused_with_the_character_named()
        {
            foreach (var pair in new Dictionary<string, string>
            {
                ["Ma\u0308rz"] = "contains U+0308, a combining mark, as character 3",
                ["r1 "] = "contains U+0020, a blank at an end, as character 3",
                ["r\u200B1"] = "contains U+200B, a format character, as character 2",
                ["r\t1"] = "contains U+0009, a control character, as character 2",
                ["\u212B1"] = "contains U+212B, not in composed form (NFC), as character 1",
            })
            {
                Expect.Refused(Status.InvalidArgument, $"reference {pair.Value}", () => new Sale(pair.Key, 1, "EUR"));
            }
        }

        [Test]
        public static void What_is_not_known_is_not_found()
        {
            using (var till = new Till(Unreachable()))
            {
                Expect.Refused(Status.NotFound, "\"never\"", () => till.Recover("never"));
                Expect.Refused(Status.NotFound, "\"never\"", () => till.Acknowledge("never"));
                Expect.Refused(
                    Status.NotFound, "\"never\"", () => till.Decide("never", Decision.NotPaid, "Kim", "no slip"));
                Expect.Refused(
                    Status.NotFound, "\"never\"",
                    () => till.DecideReversal("never", ReversalDecision.Reversed, "Kim", "a slip"));
                Expect.Refused(Status.NotFound, "\"never\"", () => till.Reverse("never"));
                Expect.Equal(0, till.Unfinished().Count);
                Expect.Equal(0, till.FindPayments(DateTimeOffset.MinValue, DateTimeOffset.MaxValue).Count);
            }
        }

        [Test]
        public static void Nothing_in_place_of_an_object_is_refused()
        {
            RefusedNull("config", () => new Till(null));
            using (var till = new Till(Unreachable()))
            {
                RefusedNull("sale", () => till.Pay(null));
                RefusedNull("sale", () => till.StartPayment(null));
                RefusedNull("sale", () => till.PayAsync(null).GetAwaiter().GetResult());
                RefusedNull("payment", () => till.Acknowledge((Payment)null));
            }
            RefusedNull("json", () => Receipt.Parse(null, Copy.Merchant));
        }

        [Test]
        public static void Secrets_are_never_sent_in_the_clear_to_another_machine()
        {
            foreach (var url in new[] { "http://connect.secucard.com", "http://192.168.0.1", "ftp://localhost", "" })
            {
                RefusedConfig("base_url", config => config.BaseUrl = url);
            }
        }

        [Test]
        public static void Settings_that_cannot_be_are_refused_and_secrets_are_not_quoted()
        {
            RefusedConfig("environment", config =>
            {
                config.BaseUrl = null;
                config.Environment = (ApiEnvironment)3;
            });
            RefusedConfig("config", config => config.BaseUrl = null);
            RefusedConfig("client_id", config => config.ClientId = "");
            RefusedConfig("client_secret", config => config.ClientSecret = "hush\n");
            RefusedConfig("device_code", config => config.DeviceCode = "hush\n");
            RefusedConfig("state_file", config => config.StateFile = "");
            RefusedConfig("config has no state file", config => config.StateFile = null);
            RefusedConfig("ca_file", config => config.CaFiles.Add("/no/such/file.pem"));
            RefusedConfig("", config => config.ConnectTimeout = TimeSpan.FromMilliseconds(99));
            RefusedConfig("", config => config.RequestTimeout = TimeSpan.FromHours(2));
            RefusedConfig("", config => config.PaymentTimeout = TimeSpan.MaxValue);
            RefusedConfig("", config => config.ResolveTimeout = TimeSpan.FromSeconds(-1));
            RefusedConfig("", config => config.PaymentTimeout = TimeSpan.FromMilliseconds(600_001));
            RefusedConfig("head_file", config => config.HeadFile = "");
            RefusedTexts("head_file", text => Open(config => config.HeadFile = text));
            RefusedTexts("base_url", text => Open(config => config.BaseUrl = text));
            RefusedTexts("client_id", text => Open(config => config.ClientId = text));
            RefusedTexts("client_secret", text => Open(config => config.ClientSecret = text));
            RefusedTexts("device_code", text => Open(config => config.DeviceCode = text));
            RefusedTexts("state_file", text => Open(config => config.StateFile = text));
            RefusedTexts("ca_file", text => Open(config => config.CaFiles.Add(text)));
            RefusedNull("client_id", () => Open(config => config.ClientId = null));
            RefusedNull("client_secret", () => Open(config => config.ClientSecret = null));
            RefusedNull("ca_file", () => Open(config => config.CaFiles.Add(null)));
            Expect.Throws<ArgumentException>(() => Open(config => config.Environment = ApiEnvironment.Testing));
        }

        [Test]
        public static void Settings_that_can_be_are_taken()
        {
            Open(config =>
            {
                config.BaseUrl = null;
                config.Environment = ApiEnvironment.Testing;
                config.DeviceCode = "a device code";
                config.ConnectTimeout = TimeSpan.FromMilliseconds(100);
                config.RequestTimeout = TimeSpan.FromSeconds(5);
                config.PaymentTimeout = TimeSpan.FromSeconds(600);
                config.ResolveTimeout = TimeSpan.Zero;
                config.TerminalTimeout = TimeSpan.FromHours(1);
            });
        }

        private static Config Unreachable() => new Config
        {
            BaseUrl = "http://127.0.0.1:1",
            ClientId = "vendor",
            ClientSecret = "hush",
            StateFile = StateFiles.Fresh(),
            CreateStateFile = true,
        };

        private static void Open(Action<Config> change)
        {
            var config = Unreachable();
            change(config);
            new Till(config).Dispose();
        }

        private static void Refused(string argument, Action action) =>
            Expect.Refused(Status.InvalidArgument, $"{argument} ", action);

        private static void RefusedNumber(string argument, Action action) =>
            Expect.Equal(argument, Expect.Throws<ArgumentOutOfRangeException>(action).ParamName);

        private static void RefusedOperators(Action<string> action)
        {
            foreach (var name in new[] { "", "   ", new string('x', 201), "a\nb" })
            {
                Refused("operator", () => action(name));
            }
            RefusedTexts("operator", action);
            RefusedNull("operator", () => action(null));
        }

        private static void RefusedReasons(Action<string> action)
        {
            foreach (var reason in new[] { "", "   ", new string('x', 201), "a\nb" })
            {
                Refused("reason", () => action(reason));
            }
            RefusedTexts("reason", action);
            RefusedNull("reason", () => action(null));
        }

        private static void RefusedNull(string argument, Action action) =>
            Expect.Refused(Status.NullArgument, $"{argument} is NULL", action);

        private static void RefusedConfig(string argument, Action<Config> change)
        {
            var fault = Expect.Refused(Status.InvalidArgument, argument, () => Open(change));
            Expect.Lacks("hush", fault.ToString());
        }

        /// <summary>Texts that UTF-8 or C cannot carry are not cut and not repaired.</summary>
        private static void RefusedTexts(string argument, Action<string> action)
        {
            foreach (var text in new[] { NoText, "\0", HalfAPair, "\uDC00", "a\uD800" })
            {
                Expect.Refused(Status.InvalidUtf8, $"{argument} is not valid UTF-8", () => action(text));
            }
        }
    }
}
