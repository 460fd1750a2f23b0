// Where the files of the repository are. build.sh puts the tests into target/csharp.

using System;
using System.IO;

namespace Secupos.Tests
{
    public static class Repository
    {
        private static readonly string Root =
            Path.GetFullPath(Path.Combine(AppDomain.CurrentDomain.BaseDirectory, "..", ".."));

        /// <summary>A file that a test cannot do without.</summary>
        public static string Find(string path, string howToMakeIt)
        {
            var file = Path.Combine(Root, path);
            if (!File.Exists(file)) throw new FileNotFoundException($"{file} is missing: {howToMakeIt}");
            return file;
        }
    }
}
