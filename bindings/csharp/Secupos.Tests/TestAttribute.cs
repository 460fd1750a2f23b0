// Marks a public static method without arguments as a test.

using System;

namespace Secupos.Tests
{
    [AttributeUsage(AttributeTargets.Method)]
    public sealed class TestAttribute : Attribute { }
}
