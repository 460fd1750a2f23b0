// A till's day on the simulator: it registers, takes payments, reverses one, and closes the day.
//
//     bindings/csharp/build.sh
//     mono target/csharp/Day.exe BASE_URL CLIENT_ID CLIENT_SECRET STATE_FILE
//
// On the simulator the amount says how the payment goes (secupos simulate --help).

using System;
using System.IO;
using System.Linq;
using System.Text;
using Secupos;

public static class Day
{
    public static int Main(string[] arguments)
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        // Windows has an encoding of the console only where there is a console.
        if (!Console.IsOutputRedirected) Console.OutputEncoding = utf8;
        else Console.SetOut(new StreamWriter(Console.OpenStandardOutput(), utf8) { AutoFlush = true });
        if (arguments.Length != 4)
        {
            Console.Error.WriteLine("usage: Day BASE_URL CLIENT_ID CLIENT_SECRET STATE_FILE");
            return 2;
        }
        var config = new Config
        {
            BaseUrl = arguments[0], ClientId = arguments[1], ClientSecret = arguments[2],
            StateFile = arguments[3], CreateStateFile = true, // once, when the till is set up
        };
        try
        {
            using (var till = Till.Open(config)) Live(till);
            return 0;
        }
        catch (SecuposException fault)
        {
            // Whatever is thrown has sent nothing. A day with one is over here; a real till shows it and goes on.
            Console.Error.WriteLine($"{fault.Message}\n{fault.CashierText(CashierLanguage.English)}");
            return 1;
        }
    }

    private static void Live(Till till)
    {
        BecomeADevice(till);

        Console.WriteLine("== Direct debit: the customer signs");
        Sell(till, "day/1", 1201);
        Console.WriteLine("== girocard");
        Sell(till, "day/2", 1202);
        Console.WriteLine("== Credit card: the customer signs");
        Sell(till, "day/3", 1204);
        Console.WriteLine("== The first card is declined, the second is not");
        if (Sell(till, "day/4", 1210) == Outcome.Failed) Sell(till, "day/4", 1210, attempt: 2);
        Console.WriteLine("== The connection breaks while the customer pays: the library asks until it knows");
        Sell(till, "day/5", 1209);

        Reverse(till, "day/2");
        Console.WriteLine("== The terminal looks after itself");
        Finish(till.RunDiagnosis(), "diagnosis");
        Console.WriteLine("== The day is closed");
        Console.WriteLine($"left open: {till.Unfinished().Count}");
        Finish(till.RunEndOfDay(), "end of day");
        PrintAgain(till, "day/1");
    }

    /// Once, when the till is set up: from then on the state file says which device it is.
    private static void BecomeADevice(Till till)
    {
        Console.WriteLine("== The till registers");
        using (var registration = till.Register("/vendor/unknown/cashier/1"))
        {
            var state = RegistrationState.Pending;
            while (registration.UserCode == null && state == RegistrationState.Pending)
                state = registration.Wait(TimeSpan.FromMilliseconds(20));
            // Which code and where differs each time: stderr.
            Console.Error.WriteLine($"Enter {registration.UserCode} at {registration.VerificationUrl}");
            Console.WriteLine(Words(registration.Wait()));
        }
    }

    private static void Show(Payment payment)
    {
        Console.WriteLine($"{payment.Reference}, attempt {payment.Attempt}: {payment.Outcome.Name()}");
        Console.WriteLine(payment.CashierText(CashierLanguage.English));
        Console.WriteLine("next: " + string.Join(", ", payment.NextActions.Select(action => action.Name())));
        Console.WriteLine($"signature: {Words(payment.Signature)}, receipt number: {payment.ReceiptNumber ?? 0}");
    }

    /// Takes one payment and takes over its result. examples/csharp/Pay.cs prints and books, too.
    private static Outcome Sell(Till till, string reference, long amount, int attempt = 1)
    {
        var sale = new Sale(reference, amount, "EUR") { Attempt = attempt };
        using (var payment = till.Pay(sale))
        {
            Show(payment);
            if (payment.Outcome == Outcome.Approved) till.Acknowledge(payment); // a real till does first what next says
            return payment.Outcome;
        }
    }

    private static void Reverse(Till till, string reference)
    {
        Console.WriteLine($"== The customer wants the money of {reference} back");
        using (var payment = till.Reverse(reference))
        {
            payment.Wait();
            Console.WriteLine($"reversal: {payment.Reversal.Name()}");
            Show(payment);
            till.Acknowledge(payment);
        }
    }

    private static void Finish(Report report, string name)
    {
        using (report)
        {
            Console.WriteLine($"{name}: {Words(report.Wait())}");
            Console.Write(Encoding.UTF8.GetString(report.Render(new RenderOptions())));
        }
    }

    private static void PrintAgain(Till till, string reference)
    {
        Console.WriteLine($"== The customer of {reference} has lost the receipt");
        using (var payment = till.Recover(reference)) // asks the state file alone: it is known
        {
            payment.Wait();
            var printed = payment.RenderReceipt(ReceiptCopy.Customer, new RenderOptions { Duplicate = true });
            Console.Write(Encoding.UTF8.GetString(printed));
        }
    }

    /// NotRequired → not_required
    private static string Words(Enum value) =>
        string.Concat(value.ToString().Select((letter, at) => at > 0 && char.IsUpper(letter) ? "_" + letter : "" + letter))
            .ToLowerInvariant();
}
