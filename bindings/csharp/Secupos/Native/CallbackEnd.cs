// The end of the library's callbacks: a runtime that is leaving must not be called into.

using System;
using static Secupos.Native.NativeMethods;

namespace Secupos.Native
{
    internal static class CallbackEnd
    {
        private static volatile bool isNear;

        static CallbackEnd()
        {
            AppDomain.CurrentDomain.ProcessExit += (sender, arguments) => Come();
            // Nor may a domain that is unloaded, which would wait for the library's threads. It ends those of all domains.
            AppDomain.CurrentDomain.DomainUnload += (sender, arguments) => Come();
        }

        /// <summary>Whether nothing may be called any more. To ask is enough: from then on the end is awaited.</summary>
        internal static bool IsNear => isNear;

        private static void Come()
        {
            isNear = true;
            secupos_end_callbacks();
        }
    }
}
