// One copy of a receipt.

using System;
using System.Collections.Generic;
using Secupos.Native;
using static Secupos.Native.NativeMethods;
using static Secupos.SecuposException;

namespace Secupos
{
    /// <summary>
    /// One copy of a receipt. Never changes; may be used from any thread, concurrently. The merchant's copy holds full
    /// account numbers: do not log it. After <see cref="Dispose"/> every member throws <see
    /// cref="ObjectDisposedException"/>.
    /// </summary>
    public sealed class Receipt : IDisposable
    {
        private readonly ReceiptHandle handle;

        internal Receipt(ReceiptHandle handle)
        {
            this.handle = handle;
        }

        /// <summary>
        /// The lines; none if the server sent no receipt. Card numbers on the customer's copy are masked.
        /// </summary>
        public IReadOnlyList<ReceiptLine> Lines
        {
            get
            {
                var lines = new ReceiptLine[(int)secupos_receipt_line_count(handle)];
                for (var i = 0; i < lines.Length; i++) lines[i] = new ReceiptLine(handle, (UIntPtr)i);
                return lines;
            }
        }

        /// <summary>
        /// Whether the customer must sign, judged on the merchant's copy. Unknown means: look at the copy.
        /// </summary>
        public Signature Signature => Recognised.OrZero<Signature>(secupos_receipt_signature(handle));

        /// <summary>Reads a receipt from JSON. Needs no till.</summary>
        /// <param name="json">
        /// A bare array of lines, a whole Smart Transaction, or what ToJson has told; at most 1 MiB of UTF-8 and 10 000 lines.
        /// </param>
        /// <param name="copy">Which copy to take of a Smart Transaction; whose copy a bare array is.</param>
        /// <exception cref="SecuposException">Malformed: it is no receipt; TooLarge; NullArgument.</exception>
        /// <exception cref="DllNotFoundException">
        /// The native library is missing or does not fit this assembly.
        /// </exception>
        public static Receipt Parse(string json, Copy copy)
        {
            SecuposLibrary.Require();
            var bytes = Utf8.Encode(json);
            var length = (UIntPtr)(bytes == null ? 0 : bytes.Length - 1);
            Check(secupos_receipt_parse(bytes, length, (int)copy, out var receipt, out var error), error);
            return new Receipt(receipt);
        }

        /// <summary>
        /// What the receipt says of one thing, as printed: "date", "time", "receipt_no" ("0003"), "trace_no",
        /// "terminal_id", "merchant_no", "card", "expiry", "bank", "brand", "approval", "aid", "amount". A convenience:
        /// the payment's own members are the authority.
        /// </summary>
        /// <param name="name">One of these names.</param>
        /// <returns>Null if the receipt does not say.</returns>
        public string Field(string name) => Lent.Text(handle, held => secupos_receipt_field(held, Utf8.Encode(name)));

        /// <summary>The receipt as text for the printer; empty if it has no lines.</summary>
        /// <param name="columns">
        /// The width of the paper in characters, 16 to 96: 32 for 58 mm, 42 or 48 for 80 mm.
        /// </param>
        /// <exception cref="SecuposException">InvalidArgument: columns.</exception>
        public string Text(int columns = 42)
        {
            using (var options = new RenderOptions { Columns = columns }.ToHandle())
            {
                Check(secupos_receipt_render(handle, options, out var bytes, out var error), error);
                using (bytes) return bytes.ToText();
            }
        }

        /// <summary>
        /// The receipt as text, printer bytes, HTML, PDF or JSON. Empty if the receipt has no lines (JSON never is). Card
        /// numbers on the customer's copy are masked in every format.
        /// </summary>
        /// <param name="options">For which paper, printer or program.</param>
        /// <exception cref="SecuposException">InvalidArgument: the options cannot be used.</exception>
        public byte[] Render(RenderOptions options)
        {
            using (var native = (options ?? new RenderOptions()).ToHandle())
            {
                Check(secupos_receipt_render(handle, native, out var bytes, out var error), error);
                using (bytes) return bytes.ToArray();
            }
        }

        /// <summary>
        /// How many of its characters the code page does not have, so that others stand in their place.
        /// </summary>
        /// <param name="options">For which paper, printer or program.</param>
        /// <exception cref="SecuposException">InvalidArgument: the options cannot be used.</exception>
        public int Replaced(RenderOptions options)
        {
            using (var native = (options ?? new RenderOptions()).ToHandle())
            {
                Check(secupos_receipt_replaced(handle, native, out var count, out var error), error);
                return count;
            }
        }

        /// <summary>
        /// The receipt as one JSON object: the lines, the fields, the signature. Card numbers on the
        /// customer's copy are masked.
        /// </summary>
        public string ToJson()
        {
            Check(secupos_receipt_to_json(handle, out var bytes, out var error), error);
            using (bytes) return bytes.ToText();
        }

        /// <summary>Frees the receipt.</summary>
        public void Dispose() => handle.Dispose();
    }
}
