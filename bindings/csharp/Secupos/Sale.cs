// A sale: what the till wants to be paid for.

using System;
using Secupos.Native;
using static Secupos.Native.NativeMethods;
using static Secupos.SecuposException;

namespace Secupos
{
    /// <summary>
    /// What the till wants to be paid for. Everything is checked as it is set, before anything is sent. One thread at a
    /// time. May be disposed as soon as its payment has been started.
    /// </summary>
    public sealed class Sale : IDisposable
    {
        private readonly SaleHandle handle;
        private int attempt = 1;
        private string transactionRef;
        private long? gratuity;

        /// <summary>Makes a sale of its sum alone; <see cref="AddItem"/> and <see cref="AddCoupon"/> say what it is for.</summary>
        /// <param name="reference">
        /// The till's own number for the sale, 1 to 64 bytes of composed text (NFC) without combining marks, control and
        /// format characters, what nobody sees, other blanks than the space, and blanks at its ends. It identifies the
        /// payment: a till that restarts its numbers daily must put the day in.
        /// </param>
        /// <param name="amount">What the customer pays, in minor units (cents), from 1 to 99 999 999.</param>
        /// <param name="currency">Three capital letters of ISO 4217, for example "EUR".</param>
        /// <exception cref="SecuposException">An argument cannot be used; the message names it.</exception>
        /// <exception cref="DllNotFoundException">
        /// The native library is missing or does not fit this assembly.
        /// </exception>
        public Sale(string reference, long amount, string currency)
        {
            SecuposLibrary.Require();
            var (referenceBytes, currencyBytes) = (Utf8.Encode(reference), Utf8.Encode(currency));
            Check(secupos_sale_new(referenceBytes, amount, currencyBytes, out handle, out var error), error);
            Reference = reference;
            Amount = amount;
            Currency = currency;
        }

        /// <summary>The till's own number for the sale.</summary>
        public string Reference { get; }

        /// <summary>What the customer pays, in minor units (cents).</summary>
        public long Amount { get; }

        /// <summary>The currency (ISO 4217).</summary>
        public string Currency { get; }

        /// <summary>
        /// Which try this is: 1, and one more after an attempt that was declined or not started; at most 9999.
        /// </summary>
        /// <exception cref="SecuposException">InvalidArgument; the sale is unchanged.</exception>
        /// <exception cref="ObjectDisposedException">The sale is disposed.</exception>
        public int Attempt
        {
            get => attempt;
            set
            {
                Check(secupos_sale_set_attempt(handle, value, out var error), error);
                attempt = value;
            }
        }

        /// <summary>
        /// The purpose line of the customer's bank statement, 1 to 200 bytes of UTF-8; null until it is set.
        /// </summary>
        /// <exception cref="SecuposException">
        /// InvalidArgument, InvalidUtf8 or NullArgument; the sale is unchanged.
        /// </exception>
        /// <exception cref="ObjectDisposedException">The sale is disposed.</exception>
        public string TransactionRef
        {
            get => transactionRef;
            set
            {
                Check(secupos_sale_set_transaction_ref(handle, Utf8.Encode(value), out var error), error);
                transactionRef = value;
            }
        }

        /// <summary>
        /// How much of the amount is a tip, in minor units (cents), from 0 to the amount; null until it is set. It is
        /// included in the amount, and in the items if there are any: then it is one of them.
        /// </summary>
        /// <exception cref="SecuposException">InvalidArgument; the sale is unchanged.</exception>
        /// <exception cref="ArgumentNullException">What was set cannot be taken back.</exception>
        /// <exception cref="ObjectDisposedException">The sale is disposed.</exception>
        public long? Gratuity
        {
            get => gratuity;
            set
            {
                if (value == null) throw new ArgumentNullException(nameof(value));
                Check(secupos_sale_set_gratuity(handle, value.Value, out var error), error);
                gratuity = value;
            }
        }

        /// <summary>
        /// Adds an article. The articles and coupons must add up to the amount, or no payment is started, and the error
        /// shows the arithmetic; a sale without any is a sum alone.
        /// </summary>
        /// <param name="description">What it is, 1 to 200 bytes of UTF-8.</param>
        /// <param name="quantity">
        /// How many, 1 to 100 000. Whole: the service takes no fractions, so what is weighed is one article at the price
        /// of what was weighed.
        /// </param>
        /// <param name="unitPrice">Gross price of one, in minor units (cents), 0 to 99 999 999.</param>
        /// <param name="taxPercent">VAT rate in percent, 0 to 100 (7, 19).</param>
        /// <param name="articleNumber">The till's own number for the article; may be null.</param>
        /// <param name="ean">Its GTIN; may be null.</param>
        /// <exception cref="SecuposException">
        /// An argument cannot be used; the message names it. The sale is unchanged.
        /// </exception>
        /// <exception cref="ObjectDisposedException">The sale is disposed.</exception>
        public void AddItem(
            string description, int quantity, long unitPrice, int taxPercent,
            string articleNumber = null, string ean = null)
        {
            Check(secupos_sale_add_item(
                handle, Utf8.Encode(description), quantity, unitPrice, taxPercent,
                Utf8.Encode(articleNumber), Utf8.Encode(ean), out var error), error);
        }

        /// <summary>
        /// Adds a coupon that the customer hands in. It lowers what the articles make, by quantity times unitPrice.
        /// </summary>
        /// <param name="description">What it is, 1 to 200 bytes of UTF-8.</param>
        /// <param name="quantity">How many, 1 to 100 000.</param>
        /// <param name="unitPrice">What one is worth, in minor units (cents), 0 to 99 999 999.</param>
        /// <param name="taxPercent">VAT rate in percent, 0 to 100 (7, 19).</param>
        /// <param name="articleNumber">The till's own number for it; may be null.</param>
        /// <param name="ean">Its GTIN; may be null.</param>
        /// <exception cref="SecuposException">
        /// An argument cannot be used; the message names it. The sale is unchanged.
        /// </exception>
        /// <exception cref="ObjectDisposedException">The sale is disposed.</exception>
        public void AddCoupon(
            string description, int quantity, long unitPrice, int taxPercent,
            string articleNumber = null, string ean = null)
        {
            Check(secupos_sale_add_coupon(
                handle, Utf8.Encode(description), quantity, unitPrice, taxPercent,
                Utf8.Encode(articleNumber), Utf8.Encode(ean), out var error), error);
        }

        /// <summary>Puts the item that was added last into a group of articles; up to ten times.</summary>
        /// <param name="id">The till's own name for the group, 1 to 64 bytes of UTF-8.</param>
        /// <param name="description">What it is, 1 to 200 bytes of UTF-8.</param>
        /// <param name="level">How deep it is, 1 to 10: 1 for a group of its own, 2 for one within that.</param>
        /// <exception cref="SecuposException">
        /// An argument cannot be used, or the sale has no item yet; the message names it. The sale is unchanged.
        /// </exception>
        /// <exception cref="ObjectDisposedException">The sale is disposed.</exception>
        public void AddItemGroup(string id, string description, int level = 1) =>
            Check(secupos_sale_add_item_group(
                handle, Utf8.Encode(id), Utf8.Encode(description), level, out var error), error);

        /// <summary>
        /// Says that the customer is to pay this, although a payment over the same amount under another reference is in
        /// doubt since less than an hour, was taken for not paid less than 15 minutes ago without the terminal's own word,
        /// or was found out to be paid and nobody has been told (it was refused with <see
        /// cref="Status.PossibleDuplicate"/>, which names that reference). Never without asking.
        /// </summary>
        /// <param name="operatorName">Who has looked at the terminal, 1 to 200 bytes of UTF-8.</param>
        /// <exception cref="SecuposException">
        /// InvalidArgument, InvalidUtf8 or NullArgument; the sale is unchanged.
        /// </exception>
        /// <exception cref="ObjectDisposedException">The sale is disposed.</exception>
        public void ConfirmNotDuplicate(string operatorName) =>
            Check(secupos_sale_confirm_not_duplicate(handle, Utf8.Encode(operatorName), out var error), error);

        /// <summary>Frees the sale. A payment that was started with it goes on.</summary>
        public void Dispose() => handle.Dispose();

        /// <summary>Null becomes an empty handle, which the library refuses by name.</summary>
        internal static SaleHandle HandleOf(Sale sale)
        {
            if (sale == null) return new SaleHandle();
            // Told here, because mono never lets go of a call's first handle (the till's) if its second one is closed.
            if (sale.handle.IsClosed) throw new ObjectDisposedException(nameof(Sale));
            return sale.handle;
        }
    }
}
