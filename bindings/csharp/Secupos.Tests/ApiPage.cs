// The page that shows the whole public surface of the assembly: its signatures by reflection, what is said of them by the XML
// that the compiler makes of the comments. docs/api/csharp.md is this, and ApiPageTests compares the two.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;

namespace Secupos.Tests
{
    public sealed class ApiPage
    {
        /// <summary>What Program prints the page with.</summary>
        public const string Show = "--api-page";

        private const BindingFlags Declared =
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

        private static readonly Dictionary<string, string> Keywords = new Dictionary<string, string>
        {
            ["Boolean"] = "bool", ["Byte"] = "byte", ["Byte[]"] = "byte[]", ["Int32"] = "int", ["Int64"] = "long",
            ["Object"] = "object", ["String"] = "string", ["Void"] = "void",
        };

        private readonly Dictionary<string, XmlElement> comments;
        private readonly StringBuilder page = new StringBuilder();

        private ApiPage(string xml)
        {
            var document = new XmlDocument { PreserveWhitespace = true };
            document.Load(xml);
            comments = document.GetElementsByTagName("member").OfType<XmlElement>()
                .ToDictionary(member => member.GetAttribute("name"));
        }

        /// <summary>The page of the assembly under test.</summary>
        public static string Text()
        {
            var assembly = typeof(Till).Assembly;
            var made = new ApiPage(Path.ChangeExtension(assembly.Location, ".xml"));
            made.Line("<!-- Made by `mono target/csharp/Secupos.Tests.exe --api-page`. Do not edit. -->\n");
            made.Line("# C#: the whole surface\n");
            made.Line("[quick-start-csharp.md](../quick-start-csharp.md) is where to begin; this is for looking things up.\n");
            var types = assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal).ToList();
            made.Line(string.Join(" · ", types.Select(type => $"[{type.Name}](#{Anchor(type)})")));
            foreach (var type in types) made.Add(type);
            return made.page.ToString();
        }

        private void Add(Type type)
        {
            Line($"\n## {type.Name}\n");
            Line($"```csharp\n{Kind(type)} {type.FullName}{Bases(type)}\n```\n");
            var comment = comments[$"T:{type.FullName}"];
            foreach (var part in new[] { "summary", "remarks" }) Paragraph(comment[part]);
            var example = comment["example"];
            if (example != null) Line($"{Prose(example)}\n");
            if (type.IsEnum)
            {
                Numbers(type);
                return;
            }
            var members = type.GetMembers(Declared).Where(IsShown).OrderBy(member => member is ConstructorInfo ? 0 : 1)
                .ThenBy(member => member.Name, StringComparer.Ordinal).ThenBy(Id, StringComparer.Ordinal);
            foreach (var member in members) Add(member);
        }

        private void Add(MemberInfo member)
        {
            Line($"```csharp\n{Signature(member)}\n```\n");
            var comment = comments[Id(member)];
            Paragraph(comment["summary"]);
            Paragraph(comment["remarks"]);
            var lines = Elements(comment, "param").Select(told => $"- `{told.GetAttribute("name")}`: {Prose(told)}")
                .Concat(Elements(comment, "returns").Select(told => $"- returns: {Prose(told)}"))
                .Concat(Elements(comment, "exception").Select(told => $"- throws `{Named(told)}`: {Prose(told)}")).ToList();
            if (lines.Count > 0) Line(string.Join("\n", lines) + "\n");
        }

        private void Numbers(Type type)
        {
            Line("| name | number | meaning |\n| --- | --- | --- |");
            foreach (var value in Enum.GetValues(type).Cast<object>().OrderBy(Convert.ToInt64))
            {
                var comment = comments[$"F:{type.FullName}.{value}"];
                var said = string.Join(" ", comment.ChildNodes.OfType<XmlElement>().Select(Prose));
                Line($"| `{value}` | {Convert.ToInt64(value)} | {said} |");
            }
        }

        private static bool IsShown(MemberInfo member)
        {
            var property = member as PropertyInfo;
            if (property != null) return property.GetAccessors().Any();
            var method = member as MethodBase;
            if (method == null) return false;
            // The compiler's own constructors have no comment, and a reader misses nothing.
            if (method.IsConstructor && method.GetParameters().Length == 0 && method.IsPublic) return false;
            return method.IsConstructor ? method.IsPublic || method.IsFamily : method.IsPublic && !method.IsSpecialName;
        }

        private static string Kind(Type type)
        {
            if (type.IsEnum) return "public enum";
            if (type.IsAbstract) return "public static class";
            return type.IsSealed ? "public sealed class" : "public class";
        }

        private static string Bases(Type type)
        {
            if (type.IsEnum) return "";
            var bases = new[] { type.BaseType }.Where(one => one != typeof(object)).Select(one => one.Name).ToList();
            if (type.BaseType == typeof(object)) bases.AddRange(type.GetInterfaces().Select(one => one.Name));
            return bases.Count == 0 ? "" : $" : {string.Join(", ", bases)}";
        }

        private static string Signature(MemberInfo member)
        {
            var made = member as ConstructorInfo;
            if (made != null)
            {
                return $"{(made.IsPublic ? "public" : "protected")} {made.DeclaringType.Name}({Parameters(made)})";
            }
            var method = member as MethodInfo;
            if (method != null)
            {
                return $"public {Modifier(method)}{Shown(method.ReturnType)} {method.Name}({Parameters(method)})";
            }
            var property = (PropertyInfo)member;
            var get = property.GetGetMethod() != null ? " get;" : "";
            var set = property.GetSetMethod() != null ? " set;" : "";
            var accessor = property.GetAccessors()[0];
            return $"public {Modifier(accessor)}{Shown(property.PropertyType)} {property.Name} {{{get}{set} }}";
        }

        private static string Modifier(MethodInfo method)
        {
            if (method.IsStatic) return "static ";
            if (!method.IsVirtual || method.IsFinal) return "";
            return method.GetBaseDefinition() == method ? "virtual " : "override ";
        }

        private static string Parameters(MethodBase method)
        {
            var isExtension = method.IsDefined(typeof(System.Runtime.CompilerServices.ExtensionAttribute), false);
            return string.Join(", ", method.GetParameters().Select((parameter, at) =>
                (isExtension && at == 0 ? "this " : "") + $"{Shown(parameter.ParameterType)} {parameter.Name}{Default(parameter)}"));
        }

        private static string Default(ParameterInfo parameter)
        {
            if (!parameter.IsOptional) return "";
            if (parameter.RawDefaultValue is bool flag) return flag ? " = true" : " = false";
            if (parameter.RawDefaultValue is int number) return $" = {number}";
            var isStruct = parameter.ParameterType.IsValueType && Nullable.GetUnderlyingType(parameter.ParameterType) == null;
            return isStruct ? " = default" : " = null";
        }

        private static string Shown(Type type)
        {
            var inner = Nullable.GetUnderlyingType(type);
            if (inner != null) return Shown(inner) + "?";
            if (Keywords.TryGetValue(type.Name, out var keyword)) return keyword;
            if (!type.IsGenericType) return type.Name;
            var arguments = string.Join(", ", type.GetGenericArguments().Select(Shown));
            return $"{type.Name.Substring(0, type.Name.IndexOf('`'))}<{arguments}>";
        }

        /// <summary>The name of a member in the XML.</summary>
        private static string Id(MemberInfo member)
        {
            var name = $"{member.DeclaringType.FullName}.{member.Name.Replace('.', '#')}";
            if (member is PropertyInfo) return $"P:{name}";
            var parameters = ((MethodBase)member).GetParameters().Select(parameter => IdOf(parameter.ParameterType)).ToList();
            return $"M:{name}{(parameters.Count == 0 ? "" : $"({string.Join(",", parameters)})")}";
        }

        private static string IdOf(Type type)
        {
            if (!type.IsGenericType) return type.FullName;
            var open = type.GetGenericTypeDefinition().FullName;
            return $"{open.Substring(0, open.IndexOf('`'))}{{{string.Join(",", type.GetGenericArguments().Select(IdOf))}}}";
        }

        private static IEnumerable<XmlElement> Elements(XmlElement comment, string name) =>
            comment.ChildNodes.OfType<XmlElement>().Where(element => element.Name == name);

        private static string Prose(XmlElement element)
        {
            var text = new StringBuilder();
            foreach (XmlNode node in element.ChildNodes)
            {
                var inner = node as XmlElement;
                if (inner == null) text.Append(Regex.Replace(node.InnerText, @"\s+", " "));
                else if (inner.Name == "code") text.Append($"\n\n```csharp\n{Unindented(inner.InnerText)}\n```\n\n");
                else text.Append($"`{(inner.Name == "c" ? inner.InnerText : Named(inner))}`");
            }
            return text.ToString().Trim();
        }

        private static string Unindented(string code)
        {
            var lines = code.Split('\n').SkipWhile(line => line.Trim() == "").ToList();
            while (lines.Last().Trim() == "") lines.RemoveAt(lines.Count - 1);
            var indent = lines.Where(line => line.Trim() != "").Min(line => line.Length - line.TrimStart().Length);
            return string.Join("\n", lines.Select(line => line.Length > indent ? line.Substring(indent) : line.Trim()));
        }

        /// <summary>What a cref is called here: "Till.Pay" for "M:Secupos.Till.Pay(Secupos.Sale)".</summary>
        private static string Named(XmlElement reference)
        {
            var name = reference.GetAttribute("cref").Split('(')[0];
            var parts = name.Substring(2).Split('.');
            return name[0] == 'T' ? parts.Last() : string.Join(".", parts.Skip(parts.Length - 2));
        }

        private static string Anchor(Type type) => type.Name.ToLowerInvariant();

        private void Paragraph(XmlElement said)
        {
            if (said != null) Line(Prose(said) + "\n");
        }

        private void Line(string line) => page.Append(line).Append('\n');
    }
}
