using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;

namespace CodingAgent.CodeMode;

/// <summary>A cell's code, compiled.</summary>
internal static class CellScript
{
    private static readonly ScriptOptions Options = ScriptOptions.Default
        .WithMetadataResolver(new CellReferences())
        .WithReferences(CellReferences.All)
        .WithImports("System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Text.Json.Nodes", "System.Threading.Tasks");

    /// <exception cref="CompilationErrorException">The code has errors.</exception>
    public static async Task RunAsync(string source, CellGlobals globals, CancellationToken cancellation)
    {
        var script = CSharpScript.Create(source, Options, typeof(CellGlobals));
        var errors = script.Compile(cancellation).Where(d => d.Severity == DiagnosticSeverity.Error).ToList();
        if (errors.Count > 0)
        {
            throw new CompilationErrorException(string.Join('\n', errors), [.. errors]);
        }

        await script.RunAsync(globals, cancellation);
    }
}
