// Takes 0.01 EUR at the terminal and prints both receipts.
//
//     bindings/csharp/build.sh
//     mono target/csharp/Pay.exe --base-url http://127.0.0.1:8080 --client-id … --client-secret … [--device-code …]

using System;
using System.Text;
using Secupos;

public static class Pay
{
    public static int Main(string[] arguments)
    {
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var config = new Config();
        var reference = DateTime.Now.ToString("yyyy-MM-dd'/'HHmmss.fff");
        for (var i = 0; i + 1 < arguments.Length; i += 2)
        {
            var value = arguments[i + 1];
            switch (arguments[i])
            {
                case "--base-url": config.BaseUrl = value; break;
                case "--client-id": config.ClientId = value; break;
                case "--client-secret": config.ClientSecret = value; break;
                case "--device-code": config.DeviceCode = value; break;
                case "--reference": reference = value; break;
                default: throw new ArgumentException($"{arguments[i]} is not known");
            }
        }

        using (var till = new Till(config))
        using (var sale = new Sale(reference, 1, "EUR"))
        {
            sale.AddItem("Brötchen", quantity: 1, unitPrice: 1, taxPercent: 7);
            using (var payment = till.Pay(sale))
            {
                Console.WriteLine($"outcome: {payment.Outcome.ToString().ToLowerInvariant()}");
                Console.WriteLine(payment.CashierText(Language.German));
                if (payment.Outcome != Outcome.Approved) return 1;

                using (var merchant = payment.Receipt(Copy.Merchant))
                using (var customer = payment.Receipt(Copy.Customer))
                {
                    Console.WriteLine(merchant.Text(42));
                    Console.WriteLine(customer.Text(42));
                    Console.WriteLine($"signature: {payment.Signature.ToString().ToLowerInvariant()}");
                    Console.WriteLine($"receipt number on the slip: {merchant.Field("receipt_no")}");
                    Console.WriteLine($"receipt number: {payment.ReceiptNumber}");
                }
                return 0;
            }
        }
    }
}
