namespace RolloutTrace.Reducer;

/// <summary>A strict reduction refuses a bundle. The message says what, which id, and where.</summary>
public sealed class ReductionException : Exception
{
    internal ReductionException(string file, ReductionDiagnostic diagnostic, Exception? innerException)
        : base(Describe(file, diagnostic), innerException)
    {
        Diagnostic = diagnostic;
    }

    /// <summary>What is wrong, as a tolerant reduction would have listed it.</summary>
    public ReductionDiagnostic Diagnostic { get; }

    private static string Describe(string file, ReductionDiagnostic diagnostic) => diagnostic.Seq is { } seq
        ? $"{file}, line {diagnostic.Line}, seq {seq}: {diagnostic.Message}"
        : $"{file}, line {diagnostic.Line}: {diagnostic.Message}";
}
