// The names of the assembly are not those that a till's own file has from elsewhere.

using System;
using System.Linq;
using System.Reflection;

namespace Secupos.Tests
{
    public static class NameTests
    {
        /// <summary>Of Microsoft.Extensions.Logging, WPF's FrameworkElement and Windows Forms' TextBoxBase.</summary>
        private static readonly string[] Elsewhere = { "LogLevel", "ILogger", "Language", "Cursor", "Copy", "Cut", "Paste" };

        [Test]
        public static void No_public_type_is_called_like_what_a_till_has_beside_it()
        {
            var ours = typeof(Till).Assembly.GetExportedTypes().Select(type => type.Name).ToList();
            // System, System.Collections.Generic, System.Linq, System.Threading and System.Threading.Tasks.
            var theirs = new[] { typeof(object).Assembly, typeof(Uri).Assembly, typeof(Enumerable).Assembly }
                .SelectMany(assembly => assembly.GetExportedTypes())
                .Where(type => type.Namespace == "System" || type.Namespace.StartsWith("System.Threading")
                    || type.Namespace == "System.Linq" || type.Namespace == "System.Collections.Generic")
                .Select(type => type.Name);
            Expect.Equal("", string.Join(", ", ours.Intersect(Elsewhere.Concat(theirs))));
        }

        [Test]
        public static void The_assembly_says_that_it_can_be_trimmed()
        {
            var told = typeof(Till).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>();
            Expect.That(told.Any(one => one.Key == "IsTrimmable" && one.Value == "True"), "it is trimmable");
        }

        [Test]
        public static void Each_object_shows_itself_by_more_than_its_type()
        {
            // Static classes and exceptions apart, and enums, which do so by themselves.
            var silent = typeof(Till).Assembly.GetExportedTypes()
                .Where(type => type.IsClass && !type.IsAbstract && !typeof(Exception).IsAssignableFrom(type))
                .Where(type => type.GetMethod("ToString", Type.EmptyTypes).DeclaringType == typeof(object))
                .Select(type => type.Name);
            Expect.Equal("", string.Join(", ", silent));
        }
    }
}
