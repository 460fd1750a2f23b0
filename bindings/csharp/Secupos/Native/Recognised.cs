// Numbers from the library as enums. A newer library may know more than this assembly; by its contract 0 is then the
// safe reading (an outcome that is not recognised is in doubt, never paid and never unpaid).

using System;

namespace Secupos.Native
{
    internal static class Recognised
    {
        internal static T OrZero<T>(int number) where T : struct =>
            Enum.IsDefined(typeof(T), number) ? (T)(object)number : default(T);
    }
}
