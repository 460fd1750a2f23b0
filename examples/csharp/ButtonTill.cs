// A till with a window: one button that sells a bread roll for 0.01 EUR, one that asks to abort. The window never freezes,
// however long the customer takes.
//
//     bindings/csharp/build.sh
//     mcs -r:target/csharp/Secupos.dll -r:System.Windows.Forms -out:target/csharp/ButtonTill.exe examples/csharp/ButtonTill.cs
//     mono target/csharp/ButtonTill.exe BASE_URL CLIENT_ID CLIENT_SECRET DEVICE_CODE STATE_FILE

using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using System.Windows.Forms;
using Secupos;

public sealed class ButtonTill : Form
{
    private readonly Till till;
    private readonly Button sell = new Button { Text = "Brötchen, 0,01 EUR", Dock = DockStyle.Top, Height = 48 };
    private readonly Button abort = new Button { Text = "Abbrechen", Dock = DockStyle.Top, Height = 48, Enabled = false };
    private readonly TextBox shown = new TextBox { Multiline = true, ReadOnly = true, Dock = DockStyle.Fill };
    private CancellationTokenSource asked;

    private ButtonTill(Till till)
    {
        this.till = till;
        Text = "Kasse";
        Controls.Add(shown);
        Controls.Add(abort);
        Controls.Add(sell);
        Shown += (sender, arguments) => Do(FinishWhatWasLeft);
        sell.Click += (sender, arguments) => Do(Sell);
        // A request: the payment wins, and the task tells what became of it.
        abort.Click += (sender, arguments) => asked.Cancel();
    }

    [STAThread]
    public static int Main(string[] arguments)
    {
        try
        {
            using (var till = Till.Open(new Config
            {
                BaseUrl = arguments[0], ClientId = arguments[1], ClientSecret = arguments[2],
                DeviceCode = arguments[3], StateFile = arguments[4], CreateStateFile = true, // at set-up only
            }))
            {
                Application.Run(new ButtonTill(till));
                return 0;
            }
        }
        catch (SecuposException fault)
        {
            MessageBox.Show(fault.CashierText(CashierLanguage.German), "Kasse");
            return 1;
        }
    }

    /// One thing after the other. The window goes on living meanwhile.
    private async void Do(Func<Task> work)
    {
        sell.Enabled = false;
        try
        {
            await work();
        }
        catch (SecuposException fault)
        {
            // This call has sent nothing.
            shown.AppendText(fault.CashierText(CashierLanguage.German) + Environment.NewLine);
        }
        sell.Enabled = true;
    }

    /// What a crash or a power cut has left; starts nothing.
    private async Task FinishWhatWasLeft()
    {
        foreach (var payment in await Task.Run(() => till.RecoverAll(TimeSpan.FromSeconds(60))))
        using (payment)
            Finish(payment);
    }

    private async Task Sell()
    {
        var sale = new Sale(DateTime.Now.ToString("yyyy-MM-dd'/'HHmmss.fff"), 1, "EUR");
        using (asked = new CancellationTokenSource())
        {
            abort.Enabled = true;
            try
            {
                using (var payment = await till.PayAsync(sale, asked.Token))
                {
                    Finish(payment);
                    if (payment.NextActions.Contains(NextAction.CheckUnfinished)) await FinishWhatWasLeft();
                }
            }
            finally
            {
                abort.Enabled = false;
            }
        }
    }

    private void Finish(Payment payment)
    {
        var text = payment.CashierText(CashierLanguage.German) + "\n";
        foreach (var action in payment.NextActions)
            if (action == NextAction.PrintMerchant) text += payment.ReceiptText(ReceiptCopy.Merchant);
            else if (action == NextAction.PrintCustomer) text += payment.ReceiptText(ReceiptCopy.Customer);
            else if (action == NextAction.TakeSignature) text += ">> Bitte den Beleg unterschreiben lassen.\n";
            else if (action == NextAction.Refund) text += ">> Bitte dem Kunden das Geld erstatten.\n";
            else if (action == NextAction.Collect) text += ">> Bitte das Geld beim Kunden einziehen.\n";
            else if (action == NextAction.CollectRest) text += $">> Bitte den Rest kassieren: {payment.AmountDue} Cent.\n";
        // Below what is there: it may be of another payment that was left.
        shown.AppendText(text.Replace("\n", Environment.NewLine));
        // Book it here, by reference and attempt, on the till's own disk. Only then:
        if (payment.Reversal != Reversal.Unknown
            && (payment.Outcome == Outcome.Approved || payment.Outcome == Outcome.Reversed || payment.Conflict))
            till.Acknowledge(payment);
    }
}
