using System.Text.Json;
using RolloutTrace.Import.Input;
using RolloutTrace.Wire;

namespace RolloutTrace.Import.Codex;

/// <summary>A file of a session's log.</summary>
/// <param name="Path">The file.</param>
/// <param name="SessionId">The session; null if its beginning does not say.</param>
/// <param name="FirstTime">The first time that it tells, in milliseconds since the Unix epoch; 0 if its beginning tells none.</param>
/// <param name="Bytes">How long it is.</param>
internal sealed record CodexFile(string Path, string? SessionId, long FirstTime, long Bytes)
{
    /// <summary>The session whose agent spawned this one's; null for one of its own.</summary>
    public string? ParentId { get; private init; }

    /// <summary>The session whose history this one has at its beginning; null for none but its parent's.</summary>
    public string? OriginId { get; private init; }

    /// <summary>The agent's path, as the log has it; null if it has none.</summary>
    public string? AgentPath { get; private init; }

    public string? Nickname { get; private init; }

    public string? Role { get; private init; }

    /// <summary>Looks at the beginning of a file.</summary>
    public static CodexFile Of(InputFile file)
    {
        var head = CodexHead.Read(file.Beginning);
        var found = new CodexFile(file.Path, head.SessionId, head.StartedAtUnixMs ?? 0, new FileInfo(file.Path).Length);
        var metas = CodexHead.Metas(file.Beginning);
        if (metas.Count == 0)
        {
            return found;
        }

        var spawn = CodexHead.SpawnIn(metas[0]);
        return found with
        {
            ParentId = head.ParentSessionId,
            OriginId = JsonText.MemberOrNull(metas[0], "forked_from_id") ?? metas.Skip(1).Select(static meta => JsonText.MemberOrNull(meta, "id")).FirstOrDefault(id => id != head.SessionId),
            AgentPath = Either(spawn, metas[0], "agent_path"),
            Nickname = Either(spawn, metas[0], "agent_nickname"),
            Role = Either(spawn, metas[0], "agent_role"),
        };
    }

    private static string? Either(JsonElement spawn, JsonElement meta, string name) =>
        (JsonText.MemberOrNull(spawn, name) ?? JsonText.MemberOrNull(meta, name)) is { Length: > 0 } value ? value : null;
}
