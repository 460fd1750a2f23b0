// What the library refuses of an argument, as .NET tells it: by one of its own exceptions, with the argument's name in C#.

using System;
using System.Collections.Generic;
using System.Linq;

namespace Secupos.Native
{
    internal static class ArgumentFault
    {
        /// <summary>What is a number in the header, so that it can only be out of range.</summary>
        private static readonly HashSet<string> Numbers = new HashSet<string>
        {
            "amount", "attempt", "code_page", "columns", "copy", "cut", "decision", "environment", "feed", "format",
            "from_ms", "gratuity", "language", "level", "lines", "page", "quantity", "receipt_number", "retention_days",
            "slip_number", "slot", "tax_percent", "timeout_ms", "to_ms", "unit_price",
        };

        /// <summary>What is not called here as in the header.</summary>
        private static readonly Dictionary<string, string> Names = new Dictionary<string, string>
        {
            ["ca_file"] = "ca_files", ["from_ms"] = "from", ["group_description"] = "description", ["group_id"] = "id",
            ["lines"] = "feed", ["operator"] = "operator_name", ["page"] = "code_page", ["timeout_ms"] = "timeout",
            ["to_ms"] = "before",
        };

        /// <summary>
        /// The exception for it; null if the library has refused something else. `owner` is the parameter whose property
        /// may be at fault, `property` says which one it can only be.
        /// </summary>
        internal static Exception/*?*/ Of(SecuposException fault, string/*?*/ owner, string/*?*/ property)
        {
            if (fault.Status != Status.NullArgument && fault.Status != Status.InvalidArgument
                && fault.Status != Status.InvalidUtf8)
            {
                return null;
            }
            // "amount is 0; …"
            var message = fault.Message;
            var word = message.Split(' ')[0];
            var name = property ?? NameOf(word, owner);
            if (fault.Status == Status.NullArgument) return new ArgumentNullException(name, message);
            if (Numbers.Contains(word)) return new ArgumentOutOfRangeException(name, message);
            return new ArgumentException(message, name, fault);
        }

        private static string NameOf(string word, string/*?*/ owner)
        {
            if (word == owner) return owner;
            var name = Names.TryGetValue(word, out var other) ? other : word;
            var pascal = string.Concat(name.Split('_').Where(part => part != "").Select(Capital));
            return owner != null || pascal == "" ? pascal : char.ToLowerInvariant(pascal[0]) + pascal.Substring(1);
        }

        private static string Capital(string part) => char.ToUpperInvariant(part[0]) + part.Substring(1);
    }
}
