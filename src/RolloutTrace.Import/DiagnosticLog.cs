namespace RolloutTrace.Import;

/// <summary>Gathers diagnostics, one of a kind and a file: a million torn lines are one, with a count.</summary>
internal sealed class DiagnosticLog
{
    private readonly Dictionary<(string File, string Code, string Message), ImportDiagnostic> byKind = [];

    /// <summary>Adds one, or counts it with those before it.</summary>
    /// <param name="severity">How much it costs.</param>
    /// <param name="code">One of <see cref="ImportCodes"/>.</param>
    /// <param name="file">The file.</param>
    /// <param name="line">The line; null for none.</param>
    /// <param name="message">What is the matter. It is part of the kind, so it names nothing that differs from line to line.</param>
    public void Add(ImportSeverity severity, string code, string file, long? line, string message)
    {
        var kind = (file, code, message);
        byKind[kind] = byKind.TryGetValue(kind, out var known)
            ? known with { Count = known.Count + 1 }
            : new ImportDiagnostic { Severity = severity, Code = code, File = file, Line = line, Message = message };
    }

    /// <summary>All, by file and line.</summary>
    public IReadOnlyList<ImportDiagnostic> ToList() =>
    [
        .. byKind.Values
            .OrderBy(static diagnostic => diagnostic.File, StringComparer.Ordinal)
            .ThenBy(static diagnostic => diagnostic.Line ?? 0)
            .ThenBy(static diagnostic => diagnostic.Code, StringComparer.Ordinal)
            .ThenBy(static diagnostic => diagnostic.Message, StringComparer.Ordinal),
    ];
}
