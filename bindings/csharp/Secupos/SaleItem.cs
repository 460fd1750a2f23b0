// One article of a sale, or a coupon.

using System.Collections.Generic;
using Secupos.Native;
using static Secupos.Native.NativeMethods;
using static Secupos.SecuposException;

namespace Secupos
{
    /// <summary>An article of a <see cref="Sale"/>, or a coupon that the customer hands in.</summary>
    public sealed class SaleItem
    {
        /// <summary>Makes an article.</summary>
        /// <param name="description">What it is, 1 to 200 bytes of UTF-8.</param>
        /// <param name="quantity">How many: see <see cref="Quantity"/>.</param>
        /// <param name="unitPrice">Gross price of one, in minor units (cents), 0 to 99 999 999.</param>
        /// <param name="taxPercent">VAT rate in percent, 0 to 100 (7, 19).</param>
        public SaleItem(string description, int quantity, long unitPrice, int taxPercent)
        {
            Description = description;
            Quantity = quantity;
            UnitPrice = unitPrice;
            TaxPercent = taxPercent;
        }

        /// <summary>What it is, 1 to 200 bytes of UTF-8.</summary>
        public string Description { get; set; }

        /// <summary>
        /// How many, 1 to 100 000. Whole: the service takes no fractions, so what is weighed is one article at the price of
        /// what was weighed.
        /// </summary>
        public int Quantity { get; set; }

        /// <summary>Gross price of one, in minor units (cents), 0 to 99 999 999.</summary>
        public long UnitPrice { get; set; }

        /// <summary>VAT rate in percent, 0 to 100 (7, 19).</summary>
        public int TaxPercent { get; set; }

        /// <summary>The till's own number for it; null: none.</summary>
        public string/*?*/ ArticleNumber { get; set; }

        /// <summary>Its GTIN; null: none.</summary>
        public string/*?*/ Ean { get; set; }

        /// <summary>Whether it is a coupon, which lowers what the articles make.</summary>
        public bool IsCoupon { get; set; }

        /// <summary>The groups of articles that it belongs to; at most ten.</summary>
        public IList<ItemGroup> Groups { get; } = new List<ItemGroup>();

        /// <summary>What it is and what it costs.</summary>
        public override string ToString() =>
            $"{(IsCoupon ? "Coupon" : "Item")} {Description}: {Quantity} x {UnitPrice} minor units";

        internal void AddTo(SaleHandle sale)
        {
            var (description, number, ean) = (Utf8.Encode(Description), Utf8.Encode(ArticleNumber), Utf8.Encode(Ean));
            ErrorHandle error;
            Check(
                IsCoupon
                    ? secupos_sale_add_coupon(sale, description, Quantity, UnitPrice, TaxPercent, number, ean, out error)
                    : secupos_sale_add_item(sale, description, Quantity, UnitPrice, TaxPercent, number, ean, out error),
                error, nameof(sale));
            foreach (var group in Groups)
            {
                var (id, name) = (Utf8.Encode(group.Id), Utf8.Encode(group.Description));
                Check(secupos_sale_add_item_group(sale, id, name, group.Level, out error), error, nameof(sale));
            }
        }
    }
}
