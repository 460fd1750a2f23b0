// include/secupos.h is the contract: the functions, their parameters and the numbers here are the ones there.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Secupos.Tests
{
    public static class HeaderTests
    {
        private const string Function = @"([\w ]+?[ *]+)(?:SECUPOS_CALL\s+)?(secupos_\w+)\s*\(([^()]*)\)\s*;";

        private static readonly string Header = ReadHeader();

        private static readonly Type[] Types = typeof(Till).Assembly.GetTypes();

        /// <summary>What a constant of the header begins with, and an enum that holds those.</summary>
        private static readonly (string, string)[] Enums =
        {
            ("OUTCOME", "Outcome"),
            ("REASON", "Reason"),
            ("ACTION", "NextAction"),
            ("COPY", "ReceiptCopy"),
            ("SIGNATURE", "Signature"),
            ("DECIDED_BY", "DecidedBy"),
            ("PHASE", "Phase"),
            ("REVERSAL", "Reversal"),
            ("REVERSAL_DECISION", "ReversalDecision"),
            ("REPORT", "ReportOutcome"),
            ("REPORT", "ReportFlags"),
            ("DECISION", "Decision"),
            ("ABORT", "AbortResult"),
            ("STATE", "StateFlags"),
            ("LANGUAGE", "CashierLanguage"),
            ("ENVIRONMENT", "ApiEnvironment"),
            ("TIMEOUT", "TimeoutKind"),
            ("LINE", "LineType"),
            ("ALIGNMENT", "Alignment"),
            ("REGISTRATION", "RegistrationState"),
            ("LOG", "SecuposLogLevel"),
            ("FORMAT", "ReceiptFormat"),
            ("CODE_PAGE", "CodePage"),
            ("CUT", "PaperCut"),
            ("STATUS", "Status"),
        };

        [Test]
        public static void Every_constant_has_its_number()
        {
            var constants = Regex.Matches(Header, @"#define\s+SECUPOS_(\w+)\s+\(?(-?\d+)").Cast<Match>().ToDictionary(
                match => match.Groups[1].Value, match => int.Parse(match.Groups[2].Value));
            Expect.Equal(0, Take(constants, "OK"));
            Expect.Equal(SecuposAbiVersion(), Take(constants, "ABI_VERSION"));
            var ours = new List<string>();
            foreach (var pair in Enums)
            {
                var (prefix, name) = pair;
                var type = Types.Single(candidate => candidate.Name == name);
                foreach (var value in Enum.GetValues(type))
                {
                    ours.Add($"{prefix}_{UpperSnake(value.ToString())} = {(int)value}");
                }
            }
            // The enums' own zero: in C these have no name for the number 0.
            foreach (var zero in new[] { "STATUS_OK", "ACTION_NONE", "ABORT_NONE", "STATE_NONE", "REPORT_NONE" })
            {
                Expect.That(ours.Remove($"{zero} = 0"), $"{zero} among ours");
            }
            SameLines(constants.Select(constant => $"{constant.Key} = {constant.Value}"), ours);
        }

        [Test]
        public static void Every_function_has_one_DllImport_with_its_parameters()
        {
            var functions = Regex.Matches(Header, Function);
            var theirs = functions.Cast<Match>().Select(function =>
            {
                var result = Managed(function.Groups[1].Value.Replace("SECUPOS_API", ""), returned: true);
                var name = function.Groups[2].Value;
                var parameters = function.Groups[3].Value.Split(',').Select(text => Regex.Replace(text, @"\w+\s*$", ""))
                    .Where(type => type.Trim() != "").Select(type => Managed(type, returned: false));
                if (name.EndsWith("_free")) parameters = new[] { "IntPtr" };
                return $"{result} {name}({string.Join(", ", parameters)})";
            }).ToList();
            Expect.That(theirs.Count > 50, $"a header full of functions, not {theirs.Count}");
            var methods = Types.Single(type => type.Name == "NativeMethods")
                .GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.DeclaredOnly);
            SameLines(theirs, methods.Select(method =>
            {
                var parameters = method.GetParameters().Select(parameter =>
                    (parameter.IsOut ? "out " : "") + parameter.ParameterType.Name.TrimEnd('&'));
                return $"{method.ReturnType.Name} {method.Name}({string.Join(", ", parameters)})";
            }));
            foreach (var method in methods)
            {
                var import = method.GetCustomAttribute<DllImportAttribute>();
                Expect.Equal("libsecupos", import.Value);
                Expect.Equal(CallingConvention.Cdecl, import.CallingConvention);
            }
        }

        [Test]
        public static void Every_handle_has_one_SafeHandle()
        {
            var nouns = Regex.Matches(Header, @"typedef struct \w+ secupos_(\w+);").Cast<Match>()
                .Select(match => Camel(match.Groups[1].Value) + "Handle");
            var handles = Types.Where(type => typeof(SafeHandle).IsAssignableFrom(type)).Select(type => type.Name);
            SameLines(nouns, handles.Except(new[] { "NativeHandle", "LentErrorHandle", "LentPaymentHandle" }));
        }

        [Test]
        public static void A_name_is_that_of_JSON()
        {
            Expect.Equal("not_started", Outcome.NotStarted.Name());
            Expect.Equal("no_connection", Reason.NoConnection.Name());
            Expect.Equal("print_merchant", NextAction.PrintMerchant.Name());
            Expect.Equal("refused", Reversal.Refused.Name());
            Expect.Equal("none", NextAction.None.Name());
            Expect.Equal("unknown", ((Outcome)77).Name());
        }

        [Test]
        public static void A_number_from_a_newer_library_reads_as_in_doubt()
        {
            var orZero = Types.Single(type => type.Name == "Recognised")
                .GetMethod("OrZero", BindingFlags.Static | BindingFlags.NonPublic).MakeGenericMethod(typeof(Outcome));
            Expect.Equal(Outcome.Unknown, (Outcome)orZero.Invoke(null, new object[] { 6 }));
            Expect.Equal(Outcome.Unknown, (Outcome)orZero.Invoke(null, new object[] { -1 }));
            Expect.Equal(Outcome.Pending, (Outcome)orZero.Invoke(null, new object[] { 5 }));
        }

        /// <summary>The header without its comments.</summary>
        private static string ReadHeader()
        {
            var text = File.ReadAllText(Repository.Find("include/secupos.h", "write it with: make header"));
            return Regex.Replace(text, @"/\*.*?\*/|//[^\n]*", "", RegexOptions.Singleline);
        }

        /// <summary>The type that stands for one of C.</summary>
        private static string Managed(string type, bool returned)
        {
            var plain = type.Replace("const", "").Replace(" ", "").Replace("\n", "").Trim();
            var handle = Regex.Match(plain, @"^secupos_(\w+?)(\*+)$");
            if (handle.Success && Regex.IsMatch(Header, $@"typedef int32_t secupos_{handle.Groups[1].Value};"))
            {
                return "out Int32";
            }
            if (handle.Success)
            {
                var name = Camel(handle.Groups[1].Value) + "Handle";
                return handle.Groups[2].Value == "**" ? $"out {name}" : returned ? $"Lent{name}" : name;
            }
            switch (plain)
            {
                case "char*": return returned ? "IntPtr" : "Byte[]";
                case "size_t": return "UIntPtr";
                case "int32_t*": return "out Int32";
                case "int64_t": return "Int64";
                case "int64_t*": return "out Int64";
                case "uint32_t": return "UInt32";
                case "void": return returned ? "Void" : "";
                case "void*": return "IntPtr";
                case "secupos_log_callback": return "LogCallback";
                case "secupos_done_callback": return "DoneCallback";
                case "secupos_free_callback": return "FreeCallback";
                default: return "Int32";
            }
        }

        private static int SecuposAbiVersion() =>
            (int)(uint)typeof(SecuposLibrary).GetField("AbiVersion", BindingFlags.Static | BindingFlags.NonPublic)
                .GetRawConstantValue();

        private static int Take(Dictionary<string, int> constants, string name)
        {
            Expect.That(constants.ContainsKey(name), $"SECUPOS_{name} in the header");
            var number = constants[name];
            constants.Remove(name);
            return number;
        }

        private static void SameLines(IEnumerable<string> theirs, IEnumerable<string> ours)
        {
            var (there, here) = (theirs.ToList(), ours.ToList());
            Expect.Equal("", string.Join("\n", there.Except(here).Select(line => $"only in the header: {line}")));
            Expect.Equal("", string.Join("\n", here.Except(there).Select(line => $"only in C#: {line}")));
            Expect.Equal(there.Count, here.Count);
        }

        private static string Camel(string snake) =>
            string.Concat(snake.Split('_').Select(part => char.ToUpperInvariant(part[0]) + part.Substring(1)));

        private static string UpperSnake(string camel) =>
            Regex.Replace(camel, "(?<=.)([A-Z])", "_$1").ToUpperInvariant();
    }
}
