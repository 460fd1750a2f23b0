// State files for tests, in a directory that is gone when they end.

using System;
using System.Diagnostics;
using System.IO;
using System.Threading;

namespace Secupos.Tests
{
    public static class StateFiles
    {
        private static readonly string Directory = MakeDirectory();
        private static int count;

        /// <summary>Where no state file is yet.</summary>
        public static string Fresh() => Path.Combine(Directory, $"{++count}.state");

        /// <summary>Opens a till whose state file another one has just let go of, which takes that a moment.</summary>
        public static Till OpenAgain(Config config)
        {
            var watch = Stopwatch.StartNew();
            while (true)
            {
                try
                {
                    return Till.Open(config);
                }
                catch (SecuposException fault)
                {
                    if (fault.Status != Status.StateFileLocked || watch.Elapsed > TimeSpan.FromSeconds(20)) throw;
                    Thread.Sleep(10);
                }
            }
        }

        private static string MakeDirectory()
        {
            var directory = Path.Combine(Path.GetTempPath(), $"secupos-tests-{Guid.NewGuid():N}");
            System.IO.Directory.CreateDirectory(directory);
            AppDomain.CurrentDomain.ProcessExit +=
                (sender, arguments) => System.IO.Directory.Delete(directory, recursive: true);
            return directory;
        }
    }
}
