using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using RolloutTrace.Import.Input;
using RolloutTrace.Import.Sessions;
using RolloutTrace.Wire;

namespace RolloutTrace.Import.Codex;

/// <summary>What is known of a log before it is written: its lines by their hashes, for those who took them over, and which calls spawned agents.</summary>
internal sealed class CodexLookAhead
{
    private readonly Dictionary<string, string> spawns = new(StringComparer.Ordinal);

    /// <summary>The lines in their order, and of each whether it is part of the conversation.</summary>
    public List<(UInt128 Hash, bool IsItem)> Lines { get; } = [];

    /// <summary>Reads a log. What is wrong with it is told when it is written.</summary>
    public static CodexLookAhead Of(CodexSource log, ImportRun run)
    {
        var ahead = new CodexLookAhead();
        var lines = new CodexLines(run.Silent());
        foreach (var file in log.Files)
        {
            try
            {
                using var input = InputFile.Open(file.Path);
                foreach (var line in lines.Read(input, isAlone: log.Files.Count == 1))
                {
                    ahead.Add(line.Root);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                // What was read of it is all there is.
            }
        }

        return ahead;
    }

    /// <summary>The call that spawned an agent; null if the log does not say.</summary>
    public string? SpawnOf(CodexFile helper) =>
        (helper.SessionId is null ? null : spawns.GetValueOrDefault(helper.SessionId)) ?? (helper.AgentPath is null ? null : spawns.GetValueOrDefault(helper.AgentPath));

    /// <summary>What a line says, whenever it was written; null for one about the session.</summary>
    public static UInt128? HashOf(JsonElement line)
    {
        var type = JsonText.MemberOrNull(line, "type");
        var payload = JsonText.Member(line, "payload");
        if (type is null or "session_meta" || payload.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(JsonMarshal.GetRawUtf8Value(payload), hash);
        return MemoryMarshal.Read<UInt128>(hash);
    }

    private void Add(JsonElement line)
    {
        if (HashOf(line) is not { } hash)
        {
            return;
        }

        var type = JsonText.MemberOrNull(line, "type");
        Lines.Add((hash, type is "response_item" or "compacted"));
        var payload = JsonText.Member(line, "payload");
        if (JsonText.MemberOrNull(payload, "call_id") is not { Length: > 0 } callId)
        {
            return;
        }

        if (JsonText.MemberOrNull(payload, "type") == "collab_agent_spawn_end" && JsonText.MemberOrNull(payload, "new_thread_id") is { } spawned)
        {
            spawns.TryAdd(spawned, callId);
        }
        else if (type == "response_item" && CodexItem.KindOf(payload) == CodexItemKind.Output)
        {
            AddNamed(ToolUse.TextOf(JsonText.Member(payload, "output")), callId);
        }
    }

    // What a call of spawn_agent gives: the agent's id, or its path.
    private void AddNamed(string output, string callId)
    {
        if (output.AsSpan().TrimStart() is not ['{', ..] || !(output.Contains("\"agent_id\"", StringComparison.Ordinal) || output.Contains("\"task_name\"", StringComparison.Ordinal)))
        {
            return;
        }

        try
        {
            using var document = JsonDocument.Parse(output);
            if ((JsonText.MemberOrNull(document.RootElement, "agent_id") ?? JsonText.MemberOrNull(document.RootElement, "task_name")) is { } name)
            {
                spawns.TryAdd(name, callId);
            }
        }
        catch (JsonException)
        {
            // It is no such output.
        }
    }
}
