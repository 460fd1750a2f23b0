// Where the files of the repository are. The tests stand somewhere below it, in target/.

using System;
using System.IO;

namespace Secupos.Tests
{
    public static class Repository
    {
        private static readonly string Root = Above(new DirectoryInfo(AppDomain.CurrentDomain.BaseDirectory));

        /// <summary>A file that a test cannot do without.</summary>
        public static string Find(string path, string howToMakeIt)
        {
            var file = Path.Combine(Root, path);
            if (!File.Exists(file)) throw new FileNotFoundException($"{file} is missing: {howToMakeIt}");
            return file;
        }

        private static string Above(DirectoryInfo folder)
        {
            while (!File.Exists(Path.Combine(folder.FullName, "Cargo.lock")))
            {
                folder = folder.Parent ?? throw new DirectoryNotFoundException("these tests stand outside the repository");
            }
            return folder.FullName;
        }
    }
}
