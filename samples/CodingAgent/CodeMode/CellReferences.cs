using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace CodingAgent.CodeMode;

/// <summary>
/// The assemblies that cells may use, read once. Left to itself the compiler looks for what these need in turn, and reads it
/// again for each cell, which takes five times as long as compiling.
/// </summary>
internal sealed class CellReferences : MetadataReferenceResolver
{
    private static readonly string[] Names =
    [
        "System.Private.CoreLib", "System.Private.Uri", "System.Runtime", "System.Collections", "System.Collections.Concurrent",
        "System.ComponentModel.Primitives", "System.Console", "System.Diagnostics.Process", "System.Linq", "System.Memory",
        "System.Net.Http", "System.Net.Primitives", "System.Text.Json", "System.Text.RegularExpressions", "System.Threading",
    ];

    public static IEnumerable<MetadataReference> All { get; } =
    [
        .. Names.Select(name => MetadataReference.CreateFromFile(Path.Join(Path.GetDirectoryName(typeof(object).Assembly.Location), $"{name}.dll"))),
        MetadataReference.CreateFromFile(typeof(CellGlobals).Assembly.Location),
    ];

    public override bool ResolveMissingAssemblies => false;

    public override ImmutableArray<PortableExecutableReference> ResolveReference(string reference, string? baseFilePath, MetadataReferenceProperties properties) => [];

    public override bool Equals(object? other) => other is CellReferences;

    public override int GetHashCode() => Names.Length;
}
