// Prints a receipt in any format, without a till:
//
//     Receipts.exe FILE customer|merchant text|escpos|html|pdf|json
//
// FILE holds a Smart Transaction, or a bare array of lines, as JSON.

using System;
using System.IO;
using Secupos;

internal static class Receipts
{
    private static int Main(string[] arguments)
    {
        if (arguments.Length != 3
            || !Enum.TryParse(arguments[1], ignoreCase: true, result: out ReceiptCopy copy)
            || !Enum.TryParse(arguments[2], ignoreCase: true, result: out ReceiptFormat format))
        {
            Console.Error.WriteLine("usage: Receipts.exe FILE customer|merchant text|escpos|html|pdf|json");
            return 2;
        }
        try
        {
            using (var receipt = Receipt.Parse(File.ReadAllText(arguments[0]), copy))
            using (var output = Console.OpenStandardOutput())
            {
                var rendered = receipt.Render(new RenderOptions { Format = format, Columns = 32 });
                output.Write(rendered, 0, rendered.Length);
                return 0;
            }
        }
        catch (SecuposException fault)
        {
            Console.Error.WriteLine(fault.Message);
            return 1;
        }
    }
}
