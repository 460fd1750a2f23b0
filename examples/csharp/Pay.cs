// Sells a bread roll for 0.01 EUR and prints both receipts: the whole of a till.
//
//     bindings/csharp/build.sh
//     mono target/csharp/Pay.exe --state-file till.state \
//         --base-url http://127.0.0.1:8080 --client-id … --client-secret … [--device-code …]
//
// Kill it while the customer stands at the terminal and start it again: it tells what became of the payment.

using System;
using System.IO;
using System.Linq;
using System.Text;
using Secupos;

public static class Pay
{
    public static int Main(string[] arguments)
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        // Windows has an encoding of the console only where there is a console.
        if (!Console.IsOutputRedirected) Console.OutputEncoding = utf8;
        else Console.SetOut(new StreamWriter(Console.OpenStandardOutput(), utf8) { AutoFlush = true });
        var config = new Config
        {
            BaseUrl = Given(arguments, "--base-url"),
            ClientId = Given(arguments, "--client-id"),
            ClientSecret = Given(arguments, "--client-secret"),
            DeviceCode = Given(arguments, "--device-code"),
            StateFile = Given(arguments, "--state-file"),
            CreateStateFile = true, // a real till makes it once, when it is set up; here each run may be the first
        };
        var reference = Given(arguments, "--reference") ?? DateTime.Now.ToString("yyyy-MM-dd'/'HHmmss.fff");
        try
        {
            using (var till = Till.Open(config))
            {
                return FinishWhatWasLeft(till, reference) ? 0 : Sell(till, reference);
            }
        }
        catch (SecuposException fault)
        {
            // Whatever Pay throws, it has sent nothing.
            Console.Error.WriteLine($"{fault.Message}\n{fault.CashierText(CashierLanguage.English)}");
            return 1;
        }
    }

    /// What was left open, because a run was killed or the power failed. Starts nothing.
    /// Whether the sale that is to be paid now was among it and has been paid.
    private static bool FinishWhatWasLeft(Till till, string reference)
    {
        var paid = false;
        foreach (var payment in till.RecoverAll(TimeSpan.FromSeconds(60)))
        using (payment)
        {
            Console.WriteLine($">> Left open earlier: {payment.Reference}");
            Finish(till, payment);
            paid |= payment.Outcome == Outcome.Approved && payment.Reference == reference;
        }
        return paid;
    }

    private static int Sell(Till till, string reference)
    {
        var sale = new Sale(reference, 1, "EUR");
        sale.AddItem("Brötchen", quantity: 1, unitPrice: 1, taxPercent: 7);
        using (var payment = till.Pay(sale))
        {
            Finish(till, payment);
            if (payment.NextActions.Contains(NextAction.CheckUnfinished)) FinishWhatWasLeft(till, reference);
            return payment.Outcome == Outcome.Approved ? 0 : 1;
        }
    }

    /// Shows what became of a payment, does what is to be done next, and books it.
    private static void Finish(Till till, Payment payment)
    {
        Console.WriteLine($"outcome: {payment.Outcome.Name()}");
        Console.WriteLine(payment.CashierText(CashierLanguage.English));
        foreach (var action in payment.NextActions) // in this order: a till needs no decision table
            switch (action)
            {
                case NextAction.PrintMerchant: Print(payment, ReceiptCopy.Merchant); break;
                case NextAction.PrintCustomer: Print(payment, ReceiptCopy.Customer); break;
                case NextAction.TakeSignature: Ask("The customer signs the merchant's receipt."); break;
                case NextAction.TryAgain: Ask("Another attempt may be offered."); break;
                case NextAction.RecoverLater: Ask("Ask again later."); break;
                case NextAction.LookAtTerminal: Ask("Look at the terminal."); break;
                case NextAction.AskCashier: Ask("Is there a slip? What is booked?"); break;
                // These three are told once: whoever does them twice pays twice.
                case NextAction.Refund: Ask("Give the money back."); break;
                case NextAction.Collect: Ask("Collect the money."); break;
                case NextAction.CollectRest:
                    Ask($"Collect the rest in another way, or under a new reference: {payment.AmountDue} cents.");
                    break;
                case NextAction.CallSupport: Ask("Call the support."); break;
                case NextAction.CheckUnfinished: break; // when this payment is done: Sell
                default: break; // of a newer library: the cashier's text says it
            }
        Console.WriteLine(new string('-', 42));
        Console.WriteLine($"signature: {Words(payment.Signature)}");
        using (var merchant = payment.Receipt(ReceiptCopy.Merchant))
            Console.WriteLine($"receipt number on the slip: {merchant.Field("receipt_no") ?? "none"}");
        Console.WriteLine($"receipt number: {payment.ReceiptNumber ?? 0}");
        // A till books it here, by reference and attempt. Only then, unless the money is on its way back:
        if (payment.Reversal != Reversal.Unknown
            && (payment.Outcome == Outcome.Approved || payment.Outcome == Outcome.Reversed || payment.Conflict))
            till.Acknowledge(payment);
    }

    private static void Ask(string cashier) => Console.WriteLine(">> " + cashier);

    private static void Print(Payment payment, ReceiptCopy copy)
    {
        using (var receipt = payment.Receipt(copy))
            Console.Write(new string('-', 42) + "\n" + receipt.Text(columns: 42));
    }

    /// NotRequired → not_required
    private static string Words(Enum value) =>
        string.Concat(value.ToString().Select((letter, at) => at > 0 && char.IsUpper(letter) ? "_" + letter : "" + letter))
            .ToLowerInvariant();

    private static string Given(string[] arguments, string name)
    {
        var at = Array.IndexOf(arguments, name);
        return at >= 0 && at + 1 < arguments.Length ? arguments[at + 1] : null;
    }
}
