// What a till's archive has lost, from Till.VerifyArchive.

using System.Collections.Generic;

namespace Secupos
{
    /// <summary>Something in the state file that is not as it was written.</summary>
    public sealed class ArchiveDamage
    {
        internal ArchiveDamage(IReadOnlyDictionary<string, object/*?*/> told)
        {
            Fault = (string)told["fault"]/*!*/;
            Event = (long?)told["event"];
            Reference = (string/*?*/)told["reference"];
            Attempt = (int?)(long?)told["attempt"];
        }

        /// <summary>What is wrong with it.</summary>
        public string Fault { get; }

        /// <summary>The number of the event; null if the whole file is damaged.</summary>
        public long? Event { get; }

        /// <summary>The reference of the payment that it belongs to; or null.</summary>
        public string/*?*/ Reference { get; }

        /// <summary>The attempt of that payment; or null.</summary>
        public int? Attempt { get; }

        /// <summary>What is wrong, and with what.</summary>
        public override string ToString() =>
            Event.HasValue ? $"event {Event} ({Reference ?? "no payment"}): {Fault}" : Fault;
    }
}
