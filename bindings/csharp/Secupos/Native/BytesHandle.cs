// A rendered receipt, or JSON: bytes of a known length.

using System.Runtime.InteropServices;
using static Secupos.Native.NativeMethods;

namespace Secupos.Native
{
    internal sealed class BytesHandle : NativeHandle
    {
        internal string ToText() =>
            Lent.Read(this, bytes => Utf8.Decode(secupos_bytes_data(bytes), (int)secupos_bytes_len(bytes)));

        internal byte[] ToArray() => Lent.Read(this, lent =>
        {
            var bytes = new byte[(int)secupos_bytes_len(lent)];
            Marshal.Copy(secupos_bytes_data(lent), bytes, 0, bytes.Length);
            return bytes;
        });

        protected override bool ReleaseHandle()
        {
            secupos_bytes_free(handle);
            return true;
        }
    }
}
