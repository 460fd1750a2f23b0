// How C# waits for something of the library's that is done once: on the library's notice, with or without a thread. No thread
// waits inside the library: no runtime can interrupt one there, and mono ends a program only when it has come out.

using System;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;

namespace Secupos.Native
{
    internal sealed class Completion<THandle, TState> where THandle : NativeHandle
    {
        private readonly THandle handle;
        private readonly TState pending;
        private readonly Func<THandle, TState> ask;
        private readonly Notice.Asking<THandle> askForNotice;
        private readonly object turn = new object();
        private Task/*?*/ notice;

        /// <summary>`ask` tells how it stands, and waits for nothing.</summary>
        internal Completion(
            THandle handle, TState pending, Func<THandle, TState> ask, Notice.Asking<THandle> askForNotice)
        {
            this.handle = handle;
            this.pending = pending;
            this.ask = ask;
            this.askForNotice = askForNotice;
        }

        internal TState Wait(TimeSpan limit)
        {
            Check(limit);
            // Held, so that the wait ends well although the object is disposed meanwhile.
            return Lent.Read(handle, held =>
            {
                var watch = Stopwatch.StartNew();
                while (true)
                {
                    var state = ask(held);
                    var left = limit == Timeout.InfiniteTimeSpan ? limit : limit - watch.Elapsed;
                    if (!IsPending(state) || (left != Timeout.InfiniteTimeSpan && left <= TimeSpan.Zero)) return state;
                    // In whole milliseconds, rounded up: it is not over before it is.
                    NextNotice().Wait((int)Math.Ceiling(left.TotalMilliseconds));
                }
            });
        }

        internal async Task<TState> WaitAsync(TimeSpan limit, CancellationToken cancellation)
        {
            Check(limit);
            cancellation.ThrowIfCancellationRequested();
            var held = false;
            handle.DangerousAddRef(ref held);
            try
            {
                using (var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellation))
                {
                    var timer = Task.Delay(limit, leaving.Token);
                    while (true)
                    {
                        var state = ask(handle);
                        if (!IsPending(state) || timer.IsCompleted)
                        {
                            if (IsPending(state)) cancellation.ThrowIfCancellationRequested();
                            leaving.Cancel();
                            return state;
                        }
                        await Task.WhenAny(NextNotice(), timer).ConfigureAwait(false);
                    }
                }
            }
            finally
            {
                handle.DangerousRelease();
            }
        }

        private bool IsPending(TState state) => Equals(state, pending);

        /// <summary>One for all who wait. Another one if that was taken back.</summary>
        private Task NextNotice()
        {
            lock (turn)
            {
                if (notice == null || notice.IsCompleted) notice = Notice.Of(handle, askForNotice);
                return notice;
            }
        }

        private static void Check(TimeSpan limit)
        {
            if (limit == Timeout.InfiniteTimeSpan) return;
            if (limit < TimeSpan.Zero || limit.TotalMilliseconds > int.MaxValue)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(limit), limit, "It must be Timeout.InfiniteTimeSpan, or from zero to 24 days.");
            }
        }
    }
}
