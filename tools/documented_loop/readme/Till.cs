// The till of the README in C#: its code, and what it leaves out.
using System;
using System.Linq;
using Secupos;

public static class Program
{
    public static int Main(string[] given)
    {
        string baseUrl = given[0], clientId = given[1], clientSecret = given[2], deviceCode = given[3];
        string stateFile = given[4], reference = given[5];
        int attempt = int.Parse(given[6]), cents = int.Parse(given[7]);
        try
        {

README 1

            till.Dispose();
            return 0;
        }
        catch (SecuposException fault)
        {
            Console.WriteLine(fault.CashierText(CashierLanguage.German));
            Console.WriteLine(fault.Message);
            return 1;
        }
    }

README 2

    static void Tell(Payment payment)
    {
        Console.WriteLine($"{payment.Reference}, Versuch {payment.Attempt}: {payment.CashierText(CashierLanguage.German)}");
    }

    static void Todo(Payment payment, NextAction action)
    {
        switch (action)
        {
            case NextAction.PrintMerchant: Console.Write(payment.ReceiptText(ReceiptCopy.Merchant)); break;
            case NextAction.PrintCustomer: Console.Write(payment.ReceiptText(ReceiptCopy.Customer)); break;
            case NextAction.TakeSignature: Console.WriteLine(">> Bitte den Beleg unterschreiben lassen."); break;
            case NextAction.TryAgain: Console.WriteLine(">> Ein neuer Versuch ist möglich."); break;
            case NextAction.RecoverLater: Console.WriteLine(">> Bitte später noch einmal fragen."); break;
            case NextAction.LookAtTerminal: Console.WriteLine(">> Bitte auf das Kartengerät sehen."); break;
            case NextAction.AskCashier: Console.WriteLine(">> Bitte klären: Was zeigen Beleg und Kasse?"); break;
            case NextAction.Refund: Console.WriteLine(">> Bitte dem Kunden das Geld erstatten."); break;
            case NextAction.Collect: Console.WriteLine(">> Bitte das Geld beim Kunden einziehen."); break;
            case NextAction.CollectRest:
                Console.WriteLine($">> Bitte den Rest kassieren: {payment.AmountDue} Cent.");
                break;
            case NextAction.CallSupport: Console.WriteLine(">> Bitte den Service rufen."); break;
        }
    }

    static bool Book(Payment payment)
    {
        return true;
    }
}
