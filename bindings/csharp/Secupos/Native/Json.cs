// Reads the library's JSON: objects as dictionaries, arrays as lists, whole numbers, texts, true, false and null.
// .NET Standard 2.0 brings no reader of its own that a trimmed program could keep.

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Secupos.Native
{
    internal sealed class Json
    {
        private readonly string text;
        private int at;

        private Json(string text)
        {
            this.text = text;
        }

        internal static Dictionary<string, object/*?*/> Object(string text) =>
            (Dictionary<string, object/*?*/>)Read(text)/*!*/;

        internal static List<object/*?*/> Array(string text) => (List<object/*?*/>)Read(text)/*!*/;

        private static object/*?*/ Read(string text)
        {
            var json = new Json(text);
            var value = json.Value();
            if (json.Next() != '\0') throw json.Fault();
            return value;
        }

        private object/*?*/ Value()
        {
            switch (Next())
            {
                case '{': return Members();
                case '[': return Elements();
                case '"': return Text();
                case 't': return Word("true", true);
                case 'f': return Word("false", false);
                case 'n': return Word("null", null);
                default: return Number();
            }
        }

        private Dictionary<string, object/*?*/> Members()
        {
            var members = new Dictionary<string, object/*?*/>();
            at++;
            while (Next() != '}')
            {
                if (members.Count > 0) Take(',');
                Next();
                var name = Text();
                Next();
                Take(':');
                members[name] = Value();
            }
            at++;
            return members;
        }

        private List<object/*?*/> Elements()
        {
            var elements = new List<object/*?*/>();
            at++;
            while (Next() != ']')
            {
                if (elements.Count > 0) Take(',');
                elements.Add(Value());
            }
            at++;
            return elements;
        }

        private string Text()
        {
            Take('"');
            var letters = new StringBuilder();
            while (Here() != '"')
            {
                if (at >= text.Length) throw Fault();
                letters.Append(Here() == '\\' ? Escaped() : text[at++]);
            }
            at++;
            return letters.ToString();
        }

        private char Escaped()
        {
            at += 2;
            switch (text[at - 1])
            {
                case 'b': return '\b';
                case 'f': return '\f';
                case 'n': return '\n';
                case 'r': return '\r';
                case 't': return '\t';
                case 'u':
                    at += 4;
                    return (char)int.Parse(
                        text.Substring(at - 4, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                default: return text[at - 1];
            }
        }

        private object Number()
        {
            var begin = at;
            while (char.IsDigit(Here()) || Here() == '-') at++;
            if (!long.TryParse(
                text.Substring(begin, at - begin), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            {
                throw Fault();
            }
            return number;
        }

        private object/*?*/ Word(string word, object/*?*/ value)
        {
            if (string.CompareOrdinal(text, at, word, 0, word.Length) != 0) throw Fault();
            at += word.Length;
            return value;
        }

        /// <summary>The next letter that is no blank; NUL at the end.</summary>
        private char Next()
        {
            while (" \t\r\n".IndexOf(Here()) >= 0) at++;
            return Here();
        }

        private char Here() => at < text.Length ? text[at] : '\0';

        private void Take(char letter)
        {
            if (Next() != letter) throw Fault();
            at++;
        }

        private FormatException Fault() => new FormatException($"The library's JSON cannot be read at {at}.");
    }
}
