// What the assembly says of itself, to mcs and to the SDK alike.

using System.Reflection;

[assembly: AssemblyTitle("Secupos")]
[assembly: AssemblyDescription("Card payments on a secuconnect terminal")]
[assembly: AssemblyVersion("0.1.0.0")]
[assembly: AssemblyFileVersion("0.1.0.0")]
[assembly: AssemblyInformationalVersion("0.1.0")]
// No member is found by its name at run time, and no JSON is read by reflection.
[assembly: AssemblyMetadata("IsTrimmable", "True")]
