// What all handles have in common: a pointer that the library gave out, freed once, after the last call on it.

using System;
using System.Runtime.InteropServices;

namespace Secupos.Native
{
    internal abstract class NativeHandle : SafeHandle
    {
        protected NativeHandle(bool ownsHandle = true) : base(IntPtr.Zero, ownsHandle) { }

        public override bool IsInvalid => handle == IntPtr.Zero;
    }
}
