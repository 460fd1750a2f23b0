// The native library behind this assembly: which one it is, and whether it is there and fits.

using System;
using Secupos.Native;
using static Secupos.Native.NativeMethods;

namespace Secupos
{
    /// <summary>The native library. May be used from any thread.</summary>
    public static class SecuposLibrary
    {
        private const uint AbiVersion = NativeMethods.AbiVersion;

        /// <summary>The version of the native library, for example "0.1.0".</summary>
        /// <exception cref="DllNotFoundException">
        /// The native library is missing or does not fit this assembly.
        /// </exception>
        public static string Version
        {
            get
            {
                Require();
                return Utf8.Decode(secupos_version())/*!*/;
            }
        }

        /// <summary>Every way into the library begins here, so that a wrong one is noticed before it is used.</summary>
        internal static void Require()
        {
            uint found;
            try
            {
                found = secupos_abi_version();
            }
            catch (DllNotFoundException fault)
            {
                throw Unfit("is missing or damaged", "Put libsecupos.so or libsecupos.dll beside Secupos.dll", fault);
            }
            catch (BadImageFormatException fault)
            {
                throw Unfit(
                    "is damaged or for another processor", $"It must be {IntPtr.Size * 8}-bit, like this process", fault);
            }
            catch (EntryPointNotFoundException fault)
            {
                throw Unfit("is another library of that name", "Put the one of this release beside Secupos.dll", fault);
            }
            if (found != AbiVersion)
            {
                throw Unfit($"has ABI version {found} instead of {AbiVersion}", "Take both from one release", null);
            }
        }

        private static DllNotFoundException Unfit(string fault, string advice, Exception/*?*/ cause) =>
            new DllNotFoundException($"The native secupos library {fault}. {advice}.", cause);
    }
}
