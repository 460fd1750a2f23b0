// Compiles C# files as a newer compiler does, with nullable annotations, and prints what it says of them: Check.exe ROSLYN FILE…
// mcs knows no such annotations, and Debian has no other compiler. Roslyn as a library runs on CoreCLR; it is found there by
// name, because mcs cannot refer to it either.

using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;

public static class Check
{
    private static Assembly core;
    private static Assembly csharp;

    public static int Main(string[] arguments)
    {
        core = Assembly.LoadFrom(Path.Combine(arguments[0], "Microsoft.CodeAnalysis.dll"));
        csharp = Assembly.LoadFrom(Path.Combine(arguments[0], "Microsoft.CodeAnalysis.CSharp.dll"));
        foreach (var fault in Diagnostics(Compilation(arguments.Skip(1)))) Console.WriteLine(fault);
        return 0;
    }

    private static object Compilation(IEnumerable<string> files)
    {
        var parse = Overload(csharp, "CSharp.CSharpSyntaxTree", "ParseText", typeof(string));
        var trees = files.Select(file => Call(parse, null, File.ReadAllText(file), null, file));
        var refer = Overload(core, "MetadataReference", "CreateFromFile", typeof(string));
        var platform = ((string)AppDomain.CurrentDomain.GetData("TRUSTED_PLATFORM_ASSEMBLIES")).Split(Path.PathSeparator);
        var references = platform.Where(path => path.EndsWith(".dll")).Select(path => Call(refer, null, path));
        var create = Overload(csharp, "CSharp.CSharpCompilation", "Create", typeof(string));
        return Call(
            create, null, "Secupos", Listed("SyntaxTree", trees), Listed("MetadataReference", references), Options());
    }

    private static object Options()
    {
        var type = csharp.GetType("Microsoft.CodeAnalysis.CSharp.CSharpCompilationOptions");
        var make = type.GetConstructors().OrderBy(one => one.GetParameters().Length).Last();
        // Nullable in the files that say so themselves.
        return make.Invoke(Filled(make, new[] { Named("OutputKind", "DynamicallyLinkedLibrary") }));
    }

    private static IEnumerable<string> Diagnostics(object compilation)
    {
        var get = compilation.GetType().GetMethod("GetDiagnostics");
        return ((IEnumerable)Call(get, compilation)).Cast<object>()
            .Select(one => one.ToString()).Where(told => told.Contains(": warning CS") || told.Contains(": error "));
    }

    private static object Named(string type, string value) => Enum.Parse(core.GetType($"Microsoft.CodeAnalysis.{type}"), value);

    private static Array Listed(string type, IEnumerable<object> objects)
    {
        var all = objects.ToArray();
        var typed = Array.CreateInstance(core.GetType($"Microsoft.CodeAnalysis.{type}"), all.Length);
        all.CopyTo(typed, 0);
        return typed;
    }

    /// The overload with the most parameters that begins with one of this type.
    private static MethodInfo Overload(Assembly assembly, string type, string name, Type first) =>
        assembly.GetType($"Microsoft.CodeAnalysis.{type}").GetMethods()
            .Where(method => method.Name == name && method.GetParameters()[0].ParameterType == first)
            .Where(method => method.GetParameters().All(one => one.ParameterType.Name != "Boolean&"))
            .OrderBy(method => method.GetParameters().Length).Last();

    private static object Call(MethodBase method, object on, params object[] given) =>
        method.Invoke(on, Filled(method, given));

    /// What is not given has its default.
    private static object[] Filled(MethodBase method, object[] given) =>
        method.GetParameters().Select((parameter, at) =>
        {
            if (at < given.Length) return given[at];
            if (parameter.HasDefaultValue && parameter.DefaultValue != null) return parameter.DefaultValue;
            return parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType) : null;
        }).ToArray();
}
