// Texts across the boundary, by hand: .NET Framework, mono and .NET Standard 2.0 marshal no UTF-8.

using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;

namespace Secupos.Native
{
    internal static class Utf8
    {
        /// <summary>
        /// A text as NUL-terminated UTF-8; null stays null. Nothing is replaced or cut: a NUL within the text and half
        /// a surrogate pair become bytes that are not valid UTF-8, so the library refuses them and names the argument.
        /// </summary>
        internal static byte[]/*?*/ Encode(string/*?*/ text)
        {
            if (text == null) return null;
            var bytes = new List<byte>(text.Length + 1);
            for (var i = 0; i < text.Length; i++)
            {
                var point = char.IsSurrogatePair(text, i) ? char.ConvertToUtf32(text, i++) : text[i];
                if (point > 0 && point < 0x80)
                {
                    bytes.Add((byte)point);
                }
                else if (point < 0x800)
                {
                    bytes.Add((byte)(0xC0 | point >> 6));
                    bytes.Add(Continuation(point));
                }
                else if (point < 0x10000)
                {
                    bytes.Add((byte)(0xE0 | point >> 12));
                    bytes.Add(Continuation(point >> 6));
                    bytes.Add(Continuation(point));
                }
                else
                {
                    bytes.Add((byte)(0xF0 | point >> 18));
                    bytes.Add(Continuation(point >> 12));
                    bytes.Add(Continuation(point >> 6));
                    bytes.Add(Continuation(point));
                }
            }
            bytes.Add(0);
            return bytes.ToArray();
        }

        /// <summary>Copies a NUL-terminated text; null for NULL.</summary>
        internal static string/*?*/ Decode(IntPtr text)
        {
            if (text == IntPtr.Zero) return null;
            var length = 0;
            while (Marshal.ReadByte(text, length) != 0) length++;
            return Decode(text, length);
        }

        /// <summary>Copies a text of so many bytes.</summary>
        internal static string Decode(IntPtr text, int length)
        {
            var bytes = new byte[length];
            Marshal.Copy(text, bytes, 0, length);
            return Encoding.UTF8.GetString(bytes);
        }

        private static byte Continuation(int bits) => (byte)(0x80 | bits & 0x3F);
    }
}
