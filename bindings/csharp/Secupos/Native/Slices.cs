// How C# waits for the library: in slices. mono ends a program only when no thread is inside a native call any more, and
// no runtime can interrupt a thread there. Between the slices the object is held, so that a wait ends well although it is
// disposed meanwhile.

using System;
using System.Diagnostics;
using System.Threading;

namespace Secupos.Native
{
    internal static class Slices
    {
        private const long Slice = 100;

        /// <summary>
        /// Asks again and again, giving the milliseconds to wait, until the answer is not `pending` any more or the
        /// time is over.
        /// </summary>
        internal static T Wait<THandle, T>(THandle owner, TimeSpan limit, T pending, Func<THandle, long, T> ask)
            where THandle : NativeHandle => Lent.Read(owner, held =>
        {
            var milliseconds = (long)Math.Ceiling(limit.TotalMilliseconds);
            var watch = Stopwatch.StartNew();
            while (true)
            {
                var left = limit == Timeout.InfiniteTimeSpan ? long.MaxValue
                    : milliseconds < 0 ? milliseconds // for the library to refuse
                    : Math.Max(0, milliseconds - watch.ElapsedMilliseconds);
                var answer = ask(held, Math.Min(left, Slice));
                if (!Equals(answer, pending) || left <= Slice) return answer;
            }
        });
    }
}
