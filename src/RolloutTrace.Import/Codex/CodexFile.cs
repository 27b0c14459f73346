using RolloutTrace.Import.Input;

namespace RolloutTrace.Import.Codex;

/// <summary>A file of a session's log.</summary>
/// <param name="Path">The file.</param>
/// <param name="SessionId">The session; null if its beginning does not say.</param>
/// <param name="FirstTime">The first time that it tells, in milliseconds since the Unix epoch; 0 if its beginning tells none.</param>
/// <param name="Bytes">How long it is.</param>
internal sealed record CodexFile(string Path, string? SessionId, long FirstTime, long Bytes)
{
    /// <summary>Looks at the beginning of a file.</summary>
    public static CodexFile Of(InputFile file)
    {
        var head = CodexHead.Read(file.Beginning);
        return new CodexFile(file.Path, head.SessionId, head.StartedAtUnixMs ?? 0, new FileInfo(file.Path).Length);
    }
}
