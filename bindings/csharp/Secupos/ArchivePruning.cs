// What a pruning has removed, from Till.PruneArchive.

using System;
using System.Collections.Generic;

namespace Secupos
{
    /// <summary>What a pruning has removed.</summary>
    public sealed class ArchivePruning
    {
        internal ArchivePruning(IReadOnlyDictionary<string, object/*?*/> told)
        {
            var before = (long?)told["before"];
            Before = before.HasValue ? DateTimeOffset.FromUnixTimeMilliseconds(before.Value) : default(DateTimeOffset?);
            Responses = (long)told["responses"]/*!*/;
            Bytes = (long)told["bytes"]/*!*/;
            Kept = (long)told["kept"]/*!*/;
            Shrunk = (bool)told["shrunk"]/*!*/;
        }

        /// <summary>
        /// Answers to payments before this were removed; null if the service has never said what time it is.
        /// </summary>
        public DateTimeOffset? Before { get; }

        /// <summary>How many answers were removed.</summary>
        public long Responses { get; }

        /// <summary>How many bytes these had.</summary>
        public long Bytes { get; }

        /// <summary>How many are as old and stay, because something is still to be done about their payments.</summary>
        public long Kept { get; }

        /// <summary>Whether the room was given back to the disk.</summary>
        public bool Shrunk { get; }

        /// <summary>How much was removed.</summary>
        public override string ToString() => $"{Responses} answers removed, {Kept} kept";
    }
}
