// Marks a public static method without arguments as a test.

using System;

namespace Secupos.Tests
{
    [AttributeUsage(AttributeTargets.Method)]
    public sealed class TestAttribute : Attribute
    {
        /// <summary>It is about what only POSIX has, or wants a C compiler: on Windows there is no such test.</summary>
        public bool OnlyOnPosix { get; set; }
    }
}
