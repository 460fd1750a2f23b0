// What a test's own payment or till has left open.

using System;

namespace Secupos.Native
{
    internal static class Fake
    {
        internal static Exception NotOverridden(string type) => new NotSupportedException(
            $"This {type} is a subclass of a test's: there is no library behind it, and it does not override this.");
    }
}
