// What the assembly says of itself, to mcs and to the SDK alike.

using System.Reflection;

[assembly: AssemblyTitle("Secupos")]
[assembly: AssemblyDescription("Card payments on a secuconnect terminal")]
[assembly: AssemblyVersion("0.1.0.0")]
[assembly: AssemblyFileVersion("0.1.0.0")]
[assembly: AssemblyInformationalVersion("0.1.0")]
