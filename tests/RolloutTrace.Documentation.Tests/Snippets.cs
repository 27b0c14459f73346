using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace RolloutTrace.Documentation.Tests;

/// <summary>
/// Compiles what a document shows, as a new console program with implicit usings and nullable references would: the blocks of a section are
/// one program, in their order, and nothing is put in between.
/// </summary>
internal static class Snippets
{
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    /// <summary>A function of a program that is shown, and called by the reader.</summary>
    private const string UnusedFunction = "CS8321";

    /// <summary>What the SDK does not say either: that a library is newer than the one that another was built with.</summary>
    private static readonly string[] NotSaid = [UnusedFunction, "CS1701", "CS1702"];

    private static readonly CSharpParseOptions Parsing = new(LanguageVersion.Latest);

    private static readonly MetadataReference[] References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))];

    /// <summary>Compiles the blocks of one section.</summary>
    /// <returns>The program, and what the compiler has against it, each with the document's line.</returns>
    public static (CSharpCompilation Program, IReadOnlyList<string> Complaints) Compile(string document, IEnumerable<CodeBlock> blocks)
    {
        var source = CSharpSyntaxTree.ParseText(Source(document, blocks), Parsing);

        // A test is a class, which others run.
        var isProgram = source.GetRoot().ChildNodes().Any(static node => node.IsKind(SyntaxKind.GlobalStatement));
        var program = CSharpCompilation.Create(
            "Snippet",
            [CSharpSyntaxTree.ParseText(ImplicitUsings, Parsing), source],
            References,
            new CSharpCompilationOptions(isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        return (program, [.. program.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning && !NotSaid.Contains(d.Id)).Select(Say)]);
    }

    /// <summary>One program: usings come first, whichever block they stand in.</summary>
    private static string Source(string document, IEnumerable<CodeBlock> blocks)
    {
        List<string> usings = [];
        List<string> rest = [];
        foreach (var block in blocks)
        {
            var lines = block.Text.Split('\n');
            for (var i = 0; i < lines.Length; i++)
            {
                if (IsUsing(lines[i]))
                {
                    usings.Add($"#line {block.Line + i} \"{document}\"\n{lines[i]}");
                    lines[i] = "";
                }
            }

            rest.Add($"#line {block.Line} \"{document}\"\n{string.Join('\n', lines)}");
        }

        return string.Join('\n', usings.Concat(rest));
    }

    private static bool IsUsing(string line) =>
        line.StartsWith("using ", StringComparison.Ordinal) && line.EndsWith(';') && !line.Contains('=', StringComparison.Ordinal) && !line.Contains('(', StringComparison.Ordinal);

    private static string Say(Diagnostic diagnostic)
    {
        var place = diagnostic.Location.GetMappedLineSpan();
        return $"{place.Path}:{place.StartLinePosition.Line + 1}: {diagnostic.Id} {diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}";
    }
}
