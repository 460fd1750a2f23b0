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
    public class Receipt : IDisposable
    {
        private readonly ReceiptHandle/*?*/ native;

        /// <summary>For a subclass in a test: what it does not override throws <see cref="NotSupportedException"/>.</summary>
        protected Receipt()
        {
        }

        internal Receipt(ReceiptHandle native)
        {
            this.native = native;
        }

        /// <summary>
        /// The lines; none if the server sent no receipt. Card numbers on the customer's copy are masked.
        /// </summary>
        public virtual IReadOnlyList<ReceiptLine> Lines
        {
            get
            {
                var lines = new ReceiptLine[(int)secupos_receipt_line_count(Handle)];
                for (var i = 0; i < lines.Length; i++) lines[i] = new ReceiptLine(Handle, (UIntPtr)i);
                return lines;
            }
        }

        /// <summary>
        /// Whether the customer must sign, judged on the merchant's copy. Unknown means: look at the copy.
        /// </summary>
        public virtual Signature Signature => Recognised.OrZero<Signature>(secupos_receipt_signature(Handle));

        /// <summary>Reads a receipt from JSON. Needs no till.</summary>
        /// <param name="json">
        /// A bare array of lines, a whole Smart Transaction, or what ToJson has told; at most 1 MiB of UTF-8 and 10 000 lines.
        /// </param>
        /// <param name="copy">Which copy to take of a Smart Transaction; whose copy a bare array is.</param>
        /// <exception cref="SecuposException">Malformed: it is no receipt; TooLarge.</exception>
        /// <exception cref="ArgumentNullException">The JSON is null.</exception>
        /// <exception cref="DllNotFoundException">
        /// The native library is missing or does not fit this assembly.
        /// </exception>
        public static Receipt Parse(string json, ReceiptCopy copy)
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
        public virtual string/*?*/ Field(string name) => Lent.Text(Handle, held => secupos_receipt_field(held, Utf8.Encode(name)));

        /// <summary>The receipt as text for the printer; empty if it has no lines.</summary>
        /// <param name="columns">
        /// The width of the paper in characters, 16 to 96: 32 for 58 mm, 42 or 48 for 80 mm.
        /// </param>
        /// <exception cref="ArgumentOutOfRangeException">The paper is no 16 to 96 columns wide.</exception>
        public virtual string Text(int columns = 42)
        {
            using (var options = new RenderOptions { Columns = columns }.ToHandle())
            {
                Check(secupos_receipt_render(Handle, options, out var bytes, out var error), error);
                using (bytes) return bytes.ToText();
            }
        }

        /// <summary>
        /// The receipt as text, printer bytes, HTML, PDF or JSON. Empty if the receipt has no lines (JSON never is). Card
        /// numbers on the customer's copy are masked in every format.
        /// </summary>
        /// <param name="options">For which paper, printer or program.</param>
        /// <exception cref="ArgumentException">An option cannot be used.</exception>
        public virtual byte[] Render(RenderOptions/*?*/ options)
        {
            using (var native = (options ?? new RenderOptions()).ToHandle())
            {
                Check(secupos_receipt_render(Handle, native, out var bytes, out var error), error, nameof(options));
                using (bytes) return bytes.ToArray();
            }
        }

        /// <summary>
        /// How many of its characters the code page does not have, so that others stand in their place.
        /// </summary>
        /// <param name="options">For which paper, printer or program.</param>
        /// <exception cref="ArgumentException">An option cannot be used.</exception>
        public virtual int Replaced(RenderOptions/*?*/ options)
        {
            using (var native = (options ?? new RenderOptions()).ToHandle())
            {
                Check(secupos_receipt_replaced(Handle, native, out var count, out var error), error, nameof(options));
                return count;
            }
        }

        /// <summary>
        /// The receipt as one JSON object: the lines, the fields, the signature. Card numbers on the
        /// customer's copy are masked.
        /// </summary>
        public virtual string ToJson()
        {
            Check(secupos_receipt_to_json(Handle, out var bytes, out var error), error);
            using (bytes) return bytes.ToText();
        }

        /// <summary>Frees the receipt.</summary>
        public virtual void Dispose() => native?.Dispose();

        /// <summary>How long it is. Shows no line; may be logged.</summary>
        public override string ToString() =>
            Handle.IsClosed ? "Receipt (disposed)" : $"Receipt of {secupos_receipt_line_count(Handle)} lines";

        private ReceiptHandle Handle => native ?? throw Fake.NotOverridden(nameof(Receipt));
    }
}
