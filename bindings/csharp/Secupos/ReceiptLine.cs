// One line of a receipt.

using System;
using Secupos.Native;
using static Secupos.Native.NativeMethods;

namespace Secupos
{
    /// <summary>One line of a receipt. Never changes, outlives its receipt; may be read from any thread.</summary>
    public sealed class ReceiptLine
    {
        internal ReceiptLine(ReceiptHandle receipt, UIntPtr index)
        {
            Type = Recognised.OrZero<LineType>(secupos_receipt_line_type(receipt, index));
            Text = Lent.Text(receipt, held => secupos_receipt_line_text(held, index));
            Name = Lent.Text(receipt, held => secupos_receipt_line_name(held, index));
            Value = Lent.Text(receipt, held => secupos_receipt_line_value(held, index));
            IsImportant = secupos_receipt_line_is_important(receipt, index) != 0;
            Alignment = Recognised.OrZero<Alignment>(secupos_receipt_line_alignment(receipt, index));
        }

        /// <summary>What the line is.</summary>
        public LineType Type { get; }

        /// <summary>The text of a text line or the caption of a separator; null for other lines.</summary>
        public string/*?*/ Text { get; }

        /// <summary>The name of a name with a value; null for other lines.</summary>
        public string/*?*/ Name { get; }

        /// <summary>The value of a name with a value; null for other lines.</summary>
        public string/*?*/ Value { get; }

        /// <summary>Whether the line is to be printed bold; of a name with a value only the value.</summary>
        public bool IsImportant { get; }

        /// <summary>Where the line's text stands, or the value of a name with a value.</summary>
        public Alignment Alignment { get; }

        /// <summary>What kind of line it is. Shows nothing of it; may be logged.</summary>
        public override string ToString() => $"ReceiptLine: {Type}";
    }
}
