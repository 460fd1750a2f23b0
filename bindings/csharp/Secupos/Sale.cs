// A sale: what the till wants to be paid for.

using System.Collections.Generic;
using Secupos.Native;
using static Secupos.Native.NativeMethods;
using static Secupos.SecuposException;

namespace Secupos
{
    /// <summary>
    /// What the till wants to be paid for. <see cref="Till.Pay"/> checks it before anything is sent, and its exception names
    /// what cannot be used. One thread at a time; it may be changed and used again as soon as the payment has been started.
    /// </summary>
    public sealed class Sale
    {
        /// <summary>Makes a sale of its sum alone; <see cref="Items"/> say what it is for.</summary>
        /// <param name="reference">The till's own number for the sale: see <see cref="Reference"/>.</param>
        /// <param name="amount">What the customer pays, in minor units (cents), from 1 to 99 999 999.</param>
        /// <param name="currency">Three capital letters of ISO 4217, for example "EUR".</param>
        public Sale(string reference, long amount, string currency)
        {
            Reference = reference;
            Amount = amount;
            Currency = currency;
        }

        /// <summary>
        /// The till's own number for the sale, 1 to 64 bytes of composed text (NFC) without combining marks, control and
        /// format characters, what nobody sees, other blanks than the space, and blanks at its ends. It identifies the
        /// payment: a till that restarts its numbers daily must put the day in.
        /// </summary>
        public string Reference { get; set; }

        /// <summary>What the customer pays, in minor units (cents), from 1 to 99 999 999.</summary>
        public long Amount { get; set; }

        /// <summary>The currency: three capital letters of ISO 4217.</summary>
        public string Currency { get; set; }

        /// <summary>
        /// Which try this is: 1, and one more after an attempt that was declined or not started; at most 9999.
        /// </summary>
        public int Attempt { get; set; } = 1;

        /// <summary>The purpose line of the customer's bank statement, 1 to 200 bytes of UTF-8; null: none.</summary>
        public string/*?*/ TransactionRef { get; set; }

        /// <summary>
        /// How much of the amount is a tip, in minor units (cents), from 0 to the amount; null: nothing is said of it. It is
        /// included in the amount, and in the items if there are any: then it is one of them.
        /// </summary>
        public long? Gratuity { get; set; }

        /// <summary>
        /// The articles and coupons. They must add up to the amount, or no payment is started, and the error shows the
        /// arithmetic; a sale without any is a sum alone.
        /// </summary>
        public IList<SaleItem> Items { get; } = new List<SaleItem>();

        /// <summary>Who has confirmed that it is no duplicate; see <see cref="ConfirmNotDuplicate"/>. Null: nobody.</summary>
        public string/*?*/ ConfirmedBy { get; private set; }

        /// <summary>Adds an article.</summary>
        /// <param name="description">What it is, 1 to 200 bytes of UTF-8.</param>
        /// <param name="quantity">How many: see <see cref="SaleItem.Quantity"/>.</param>
        /// <param name="unitPrice">Gross price of one, in minor units (cents), 0 to 99 999 999.</param>
        /// <param name="taxPercent">VAT rate in percent, 0 to 100 (7, 19).</param>
        /// <param name="articleNumber">The till's own number for the article; may be null.</param>
        /// <param name="ean">Its GTIN; may be null.</param>
        /// <returns>The article, for instance to put it into <see cref="SaleItem.Groups"/>.</returns>
        public SaleItem AddItem(
            string description, int quantity, long unitPrice, int taxPercent,
            string/*?*/ articleNumber = null, string/*?*/ ean = null)
        {
            var item = new SaleItem(description, quantity, unitPrice, taxPercent)
            {
                ArticleNumber = articleNumber,
                Ean = ean,
            };
            Items.Add(item);
            return item;
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
        /// <returns>The coupon.</returns>
        public SaleItem AddCoupon(
            string description, int quantity, long unitPrice, int taxPercent,
            string/*?*/ articleNumber = null, string/*?*/ ean = null)
        {
            var coupon = AddItem(description, quantity, unitPrice, taxPercent, articleNumber, ean);
            coupon.IsCoupon = true;
            return coupon;
        }

        /// <summary>
        /// Says that the customer is to pay this, although a payment over the same amount under another reference is in
        /// doubt since less than an hour, was taken for not paid less than 15 minutes ago without the terminal's own word,
        /// or was found out to be paid and nobody has been told (it was refused with <see
        /// cref="Status.PossibleDuplicate"/>, which names that reference). Never without asking.
        /// </summary>
        /// <param name="operatorName">Who has looked at the terminal, 1 to 200 bytes of UTF-8.</param>
        public void ConfirmNotDuplicate(string operatorName) => ConfirmedBy = operatorName;

        /// <summary>The till's number for it and the sum; may be logged.</summary>
        public override string ToString() => $"Sale {Reference}, attempt {Attempt}: {Amount} minor units of {Currency}";

        /// <summary>The sale as the library takes it, which checks it.</summary>
        internal SaleHandle ToHandle()
        {
            var (reference, currency) = (Utf8.Encode(Reference), Utf8.Encode(Currency));
            Check(secupos_sale_new(reference, Amount, currency, out var sale, out var error), error, nameof(sale));
            try
            {
                Check(secupos_sale_set_attempt(sale, Attempt, out error), error, nameof(sale));
                if (TransactionRef != null)
                {
                    var purpose = Utf8.Encode(TransactionRef);
                    Check(secupos_sale_set_transaction_ref(sale, purpose, out error), error, nameof(sale));
                }
                if (Gratuity.HasValue)
                {
                    Check(secupos_sale_set_gratuity(sale, Gratuity.Value, out error), error, nameof(sale));
                }
                if (ConfirmedBy != null)
                {
                    var confirmed = secupos_sale_confirm_not_duplicate(sale, Utf8.Encode(ConfirmedBy), out error);
                    Check(confirmed, error, nameof(sale), nameof(ConfirmedBy));
                }
                foreach (var item in Items) item.AddTo(sale);
                return sale;
            }
            catch
            {
                sale.Dispose();
                throw;
            }
        }
    }
}
