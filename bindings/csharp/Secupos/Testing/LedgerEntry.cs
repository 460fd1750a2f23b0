// Money that has moved at the simulator.

using System.Collections.Generic;

namespace Secupos.Testing
{
    /// <summary>Money that has moved at a <see cref="Simulator"/>.</summary>
    public sealed class LedgerEntry
    {
        internal LedgerEntry(IReadOnlyDictionary<string, object/*?*/> told)
        {
            Reference = (string)told["reference"]/*!*/;
            Amount = (long)told["amount"]/*!*/;
            Currency = (string)told["currency"]/*!*/;
            Change = (long)told["change"]/*!*/;
        }

        /// <summary>The reference of the payment.</summary>
        public string Reference { get; }

        /// <summary>The amount of the payment, in minor units (cents).</summary>
        public long Amount { get; }

        /// <summary>The currency (ISO 4217).</summary>
        public string Currency { get; }

        /// <summary>What has moved, in minor units (cents): negative for money that was given back.</summary>
        public long Change { get; }

        /// <summary>What has moved, and for which payment.</summary>
        public override string ToString() => $"{Reference}: {Change} minor units of {Currency}";
    }
}
