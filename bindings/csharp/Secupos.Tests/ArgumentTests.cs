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
                RefusedSale("Reference", sale => sale.Reference = reference);
            }
            RefusedTexts("Reference", text => Start(sale => sale.Reference = text));
            RefusedNull("Reference", () => Start(sale => sale.Reference = null));
            Start(sale => sale.Reference = new string('ä', 32));
        }

        [Test]
        public static void A_sale_without_a_usable_amount_is_refused()
        {
            foreach (var amount in new[] { 0, -1, 100000000, long.MinValue, long.MaxValue })
            {
                RefusedNumber("Amount", () => Start(sale => sale.Amount = amount));
            }
            Start(sale => sale.Amount = 99999999);
        }

        [Test]
        public static void A_sale_without_a_currency_is_refused()
        {
            foreach (var currency in new[] { "", "EU", "eur", "EURO", "€", "E\nR" })
            {
                RefusedSale("Currency", sale => sale.Currency = currency);
            }
            RefusedTexts("Currency", text => Start(sale => sale.Currency = text));
            RefusedNull("Currency", () => Start(sale => sale.Currency = null));
        }

        [Test]
        public static void Articles_that_cannot_be_are_refused()
        {
            RefusedSale("Description", sale => sale.AddItem("", 1, 1, 7));
            RefusedNumber("Quantity", () => Start(sale => sale.AddItem("Brötchen", 0, 1, 7)));
            RefusedNumber("UnitPrice", () => Start(sale => sale.AddItem("Brötchen", 1, -1, 7)));
            RefusedNumber("TaxPercent", () => Start(sale => sale.AddItem("Brötchen", 1, 1, 101)));
            RefusedSale("ArticleNumber", sale => sale.AddItem("Brötchen", 1, 1, 7, ""));
            RefusedSale("Ean", sale => sale.AddItem("Brötchen", 1, 1, 7, null, "\t"));
            RefusedTexts("Description", text => Start(sale => sale.AddItem(text, 1, 1, 7)));
            RefusedTexts("ArticleNumber", text => Start(sale => sale.AddItem("Brötchen", 1, 1, 7, text)));
            RefusedTexts("Ean", text => Start(sale => sale.AddItem("Brötchen", 1, 1, 7, null, text)));
            RefusedNull("Description", () => Start(sale => sale.AddItem(null, 1, 1, 7)));
            RefusedNumber("UnitPrice", () => Start(sale => sale.AddCoupon("Gutschein", 1, -1, 7)));
            RefusedTexts("Description", text => Start(sale => sale.AddCoupon(text, 1, 1, 7)));
            RefusedNumber("Level", () => Start(sale => Grouped(sale, new ItemGroup("1", "Backwaren", 0))));
            RefusedTexts("Id", text => Start(sale => Grouped(sale, new ItemGroup(text, "Backwaren"))));
            RefusedTexts("Description", text => Start(sale => Grouped(sale, new ItemGroup("1", text))));
            Start(sale => Grouped(sale, new ItemGroup("1", "Backwaren")));
        }

        [Test]
        public static void What_else_is_said_of_a_sale_is_checked()
        {
            RefusedNumber("Attempt", () => Start(sale => sale.Attempt = 0));
            RefusedNumber("Attempt", () => Start(sale => sale.Attempt = 10000));
            RefusedNumber("Gratuity", () => Start(sale => sale.Gratuity = 2));
            RefusedNumber("Gratuity", () => Start(sale => sale.Gratuity = -1));
            RefusedSale("TransactionRef", sale => sale.TransactionRef = "");
            RefusedTexts("TransactionRef", text => Start(sale => sale.TransactionRef = text));
            foreach (var name in new[] { "", "   ", new string('x', 201), "a\nb" })
            {
                RefusedSale("ConfirmedBy", sale => sale.ConfirmNotDuplicate(name));
            }
            RefusedTexts("ConfirmedBy", text => Start(sale => sale.ConfirmNotDuplicate(text)));
            Start(sale =>
            {
                sale.TransactionRef = "Kauf";
                sale.Gratuity = 1;
                sale.ConfirmNotDuplicate("Kim");
            });
        }

        [Test]
        public static void Articles_must_add_up()
        {
            var sale = new Sale("r", 100, "EUR");
            using (var till = Till.Open(Unreachable()))
            {
                sale.AddItem("Brötchen", 2, 30, 7);
                var fault = Expect.Throws<ArgumentOutOfRangeException>(() => till.Pay(sale));
                Expect.Contains("2 x 0.30 = 0.60, the sale says 1.00", fault.Message);
                RefusedNumber("Amount", () => till.StartPayment(sale));
            }
        }

        [Test]
        public static void What_is_asked_of_a_till_about_payments_names_what_cannot_be_used()
        {
            using (var till = Till.Open(Unreachable()))
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
                    RefusedNumber("decision", () => till.Decide("r", (Decision)decision, "Kim", "a slip"));
                    RefusedNumber("decision", () =>
                        till.DecideReversal("r", (ReversalDecision)decision, "Kim", "a slip"));
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
                    RefusedNumber("timeout", () => till.RecoverAll(timeout));
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
                Expect.Contains($"reference {pair.Value}", RefusedSale("Reference", sale => sale.Reference = pair.Key).Message);
            }
        }

        [Test]
        public static void What_is_not_known_is_not_found()
        {
            using (var till = Till.Open(Unreachable()))
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
            RefusedNull("config", () => Till.Open(null));
            using (var till = Till.Open(Unreachable()))
            {
                RefusedNull("sale", () => till.Pay(null));
                RefusedNull("sale", () => till.StartPayment(null));
                RefusedNull("sale", () => till.PayAsync(null).GetAwaiter().GetResult());
                RefusedNull("payment", () => till.Acknowledge((Payment)null));
            }
            RefusedNull("json", () => Receipt.Parse(null, ReceiptCopy.Merchant));
        }

        [Test]
        public static void Secrets_are_never_sent_in_the_clear_to_another_machine()
        {
            foreach (var url in new[] { "http://connect.secucard.com", "http://192.168.0.1", "ftp://localhost", "" })
            {
                RefusedConfig("BaseUrl", config => config.BaseUrl = url);
            }
        }

        [Test]
        public static void Settings_that_cannot_be_are_refused_and_secrets_are_not_quoted()
        {
            RefusedConfig("Environment", config =>
            {
                config.BaseUrl = null;
                config.Environment = (ApiEnvironment)3;
            });
            RefusedConfig("config", config => config.BaseUrl = null);
            RefusedConfig("ClientId", config => config.ClientId = "");
            RefusedConfig("ClientSecret", config => config.ClientSecret = "hush\n");
            RefusedConfig("DeviceCode", config => config.DeviceCode = "hush\n");
            RefusedConfig("StateFile", config => config.StateFile = "");
            RefusedConfig("config", config => config.StateFile = null);
            RefusedConfig("CaFiles", config => config.CaFiles.Add("/no/such/file.pem"));
            RefusedConfig("ConnectTimeout", config => config.ConnectTimeout = TimeSpan.FromMilliseconds(99));
            RefusedConfig("RequestTimeout", config => config.RequestTimeout = TimeSpan.FromHours(2));
            RefusedConfig("PaymentTimeout", config => config.PaymentTimeout = TimeSpan.MaxValue);
            RefusedConfig("ResolveTimeout", config => config.ResolveTimeout = TimeSpan.FromSeconds(-1));
            RefusedConfig("PaymentTimeout", config => config.PaymentTimeout = TimeSpan.FromMilliseconds(600_001));
            RefusedConfig("HeadFile", config => config.HeadFile = "");
            RefusedTexts("HeadFile", text => Open(config => config.HeadFile = text));
            RefusedConfig("StateGroup", config => config.StateGroup = "");
            RefusedConfig("StateGroup", config => config.StateGroup = "no such group");
            RefusedTexts("StateGroup", text => Open(config => config.StateGroup = text));
            RefusedTexts("BaseUrl", text => Open(config => config.BaseUrl = text));
            RefusedTexts("ClientId", text => Open(config => config.ClientId = text));
            RefusedTexts("ClientSecret", text => Open(config => config.ClientSecret = text));
            RefusedTexts("DeviceCode", text => Open(config => config.DeviceCode = text));
            RefusedTexts("StateFile", text => Open(config => config.StateFile = text));
            RefusedTexts("CaFiles", text => Open(config => config.CaFiles.Add(text)));
            RefusedNull("ClientId", () => Open(config => config.ClientId = null));
            RefusedNull("ClientSecret", () => Open(config => config.ClientSecret = null));
            RefusedNull("CaFiles", () => Open(config => config.CaFiles.Add(null)));
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
            Till.Open(config).Dispose();
        }

        /// <summary>Begins a payment, at a till that reaches nobody.</summary>
        private static void Start(Action<Sale> change)
        {
            var sale = new Sale("r", 1, "EUR");
            change(sale);
            using (var till = Till.Open(Unreachable())) till.StartPayment(sale).Dispose();
        }

        private static void Grouped(Sale sale, ItemGroup group) => sale.AddItem("Brötchen", 1, 1, 7).Groups.Add(group);

        private static ArgumentException RefusedSale(string property, Action<Sale> change)
        {
            var fault = Expect.Throws<ArgumentException>(() => Start(change));
            Expect.Equal(property, fault.ParamName);
            return fault;
        }

        private static void Refused(string argument, Action action)
        {
            var fault = Expect.Throws<ArgumentException>(action);
            Expect.Equal(argument, fault.ParamName);
            Expect.Contains("Nothing was sent", ((SecuposException)fault.InnerException).CashierText(CashierLanguage.English));
        }

        private static void RefusedNumber(string argument, Action action) =>
            Expect.Equal(argument, Expect.Throws<ArgumentOutOfRangeException>(action).ParamName);

        private static void RefusedOperators(Action<string> action)
        {
            foreach (var name in new[] { "", "   ", new string('x', 201), "a\nb" })
            {
                Refused("operatorName", () => action(name));
            }
            RefusedTexts("operatorName", action);
            RefusedNull("operatorName", () => action(null));
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
            Expect.Equal(argument, Expect.Throws<ArgumentNullException>(action).ParamName);

        private static void RefusedConfig(string argument, Action<Config> change)
        {
            var fault = Expect.Throws<ArgumentException>(() => Open(change));
            Expect.Equal(argument, fault.ParamName);
            Expect.Lacks("hush", fault.ToString());
        }

        /// <summary>Texts that UTF-8 or C cannot carry are not cut and not repaired.</summary>
        private static void RefusedTexts(string argument, Action<string> action)
        {
            foreach (var text in new[] { NoText, "\0", HalfAPair, "\uDC00", "a\uD800" })
            {
                var fault = Expect.Throws<ArgumentException>(() => action(text));
                Expect.Equal(argument, fault.ParamName);
                Expect.Contains("is not valid UTF-8", fault.Message);
            }
        }
    }
}
