// Sells a bread roll for 0.01 EUR and prints both receipts: the whole of a till.
//
//     bindings/csharp/build.sh
//     mono target/csharp/Pay.exe --base-url http://127.0.0.1:8080 --client-id … --client-secret … [--device-code …]

using System;
using System.Linq;
using System.Text;
using Secupos;

public static class Pay
{
    public static int Main(string[] arguments)
    {
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var config = new Config
        {
            BaseUrl = Given(arguments, "--base-url"),
            ClientId = Given(arguments, "--client-id"),
            ClientSecret = Given(arguments, "--client-secret"),
            DeviceCode = Given(arguments, "--device-code"),
        };
        var reference = Given(arguments, "--reference") ?? DateTime.Now.ToString("yyyy-MM-dd'/'HHmmss.fff");
        try
        {
            using (var till = new Till(config))
            using (var sale = new Sale(reference, 1, "EUR"))
            {
                sale.AddItem("Brötchen", quantity: 1, unitPrice: 1, taxPercent: 7);
                using (var payment = till.Pay(sale)) return Show(payment);
            }
        }
        catch (SecuposException fault)
        {
            // Whatever is thrown, nothing was charged.
            Console.Error.WriteLine($"{fault.Message}\n{fault.CashierText(Language.German)}");
            return 1;
        }
    }

    private static int Show(Payment payment)
    {
        Console.WriteLine($"outcome: {Words(payment.Outcome)}");
        Console.WriteLine(payment.CashierText(Language.English));
        foreach (var action in payment.NextActions) // what is to be done next, in this order
        {
            if (action == NextAction.PrintMerchant) Print(payment, Copy.Merchant);
            else if (action == NextAction.PrintCustomer) Print(payment, Copy.Customer);
            else if (action == NextAction.TakeSignature)
                Console.WriteLine(">> The customer signs the merchant's receipt.");
        }
        Console.WriteLine(new string('-', 42));
        Console.WriteLine($"signature: {Words(payment.Signature)}");
        using (var merchant = payment.Receipt(Copy.Merchant))
            Console.WriteLine($"receipt number on the slip: {merchant.Field("receipt_no")}");
        Console.WriteLine($"receipt number: {payment.ReceiptNumber}");
        return payment.Outcome == Outcome.Approved ? 0 : 1;
    }

    private static void Print(Payment payment, Copy copy)
    {
        using (var receipt = payment.Receipt(copy))
            Console.Write(new string('-', 42) + "\n" + receipt.Text(columns: 42));
    }

    /// NotRequired → not required
    private static string Words(Enum value) =>
        string.Concat(value.ToString().Select((letter, at) => at > 0 && char.IsUpper(letter) ? " " + letter : "" + letter))
            .ToLowerInvariant();

    private static string Given(string[] arguments, string name)
    {
        var at = Array.IndexOf(arguments, name);
        return at >= 0 && at + 1 < arguments.Length ? arguments[at + 1] : null;
    }
}
