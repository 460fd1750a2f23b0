// What the library lends dies with its owner, so the owner is held until it has been copied: neither Dispose in another
// thread nor the garbage collector can free it in between.

using System;

namespace Secupos.Native
{
    internal static class Lent
    {
        internal static T Read<THandle, T>(THandle owner, Func<THandle, T> read) where THandle : NativeHandle
        {
            var held = false;
            try
            {
                owner.DangerousAddRef(ref held);
                return read(owner);
            }
            finally
            {
                if (held) owner.DangerousRelease();
            }
        }

        /// <summary>Copies a text that `owner` lends; null where it lends none.</summary>
        internal static string/*?*/ Text<THandle>(THandle owner, Func<THandle, IntPtr> getter)
            where THandle : NativeHandle => Read(owner, held => Utf8.Decode(getter(held)));
    }
}
