using System.Runtime.InteropServices;
using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Import.Input;
using RolloutTrace.Import.Sessions;
using RolloutTrace.Import.Writing;
using RolloutTrace.Wire;

namespace RolloutTrace.Import.Codex;

/// <summary>Reads a log line by line, and writes its rollout.</summary>
/// <param name="run">The run.</param>
/// <param name="files">Its files, in order.</param>
internal sealed class CodexSession(ImportRun run, IReadOnlyList<CodexFile> files) : IDisposable
{
    private readonly List<(string Type, ReadOnlyMemory<byte> Line, long Time)> early = [];
    private readonly LogSpool spool = new(run.InMemory);
    private ImportedBundle? bundle;
    private CodexConversation? conversation;
    private bool isRefused;
    private CodexFile file = files[0];
    private long time;

    /// <summary>Reads all of it. A file that cannot be read on has given what it gave.</summary>
    public void Read()
    {
        var lines = new CodexLines(run);
        foreach (var next in files)
        {
            file = next;
            try
            {
                Read(lines);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                run.Diagnostics.Add(ImportSeverity.Error, ImportCodes.FileUnreadable, file.Path, line: null, $"cannot be read: {e.Message}");
            }
        }

        Complete();
    }

    public void Dispose()
    {
        bundle?.Dispose();
        spool.Close();
    }

    private void Read(CodexLines lines)
    {
        using var input = InputFile.Open(file.Path);
        var any = false;
        foreach (var line in lines.Read(input, isAlone: files.Count == 1))
        {
            any = true;
            time = LogTime.Read(JsonText.Member(line.Root, "timestamp")) ?? time;
            Take(line);
            if (isRefused)
            {
                return;
            }
        }

        if (!any && file != files[0])
        {
            run.Diagnostics.Add(ImportSeverity.Error, ImportCodes.RolloutRepeated, file.Path, line: null, $"holds rollout {file.SessionId}, which another file has given already");
        }
    }

    private void Take(JsonLine line)
    {
        var type = JsonText.MemberOrNull(line.Root, "type") ?? "";
        var payload = JsonText.Member(line.Root, "payload");
        var isKnown = type switch
        {
            "session_meta" => Meta(payload),
            "turn_context" or "response_item" or "compacted" or "event_msg" when payload.ValueKind == JsonValueKind.Object => Begun(line) && Known(type, payload),
            "" when payload.ValueKind == JsonValueKind.Undefined && CodexHead.IsOldMeta(line.Root) => Meta(line.Root),
            _ when payload.ValueKind == JsonValueKind.Undefined && CodexHead.IsOldItem(type) => Begun(line) && Known("response_item", line.Root),
            _ => false,
        };
        if (isKnown || isRefused)
        {
            return;
        }

        if (!IsExpected(type, payload, line.Root) && JsonText.MemberOrNull(line.Root, "record_type") is null)
        {
            var what = IsItem(type, payload) ? $"holds no readable {NameOf(type, payload)}" : $"is of the unknown type {NameOf(type, payload)}";
            run.Diagnostics.Add(ImportSeverity.Information, ImportCodes.LineUnknown, file.Path, line.Number, $"{what}, and is kept as a breadcrumb");
        }

        Leave(type.Length > 0 ? type : JsonText.MemberOrNull(line.Root, "record_type") ?? "", line.Root);
    }

    private bool Known(string type, JsonElement payload)
    {
        switch (type)
        {
            case "turn_context":
                conversation!.Context(payload, time);
                return true;
            case "compacted":
                conversation!.Compacted(payload, time);
                return true;
            case "event_msg":
                return conversation!.Event(payload, time);
            default:
                return conversation!.Item(payload, time);
        }
    }

    // The first one says whose log it is. One that comes later is that of a session whose history this one took over, or of the same.
    private bool Meta(JsonElement meta)
    {
        if (conversation is not null || meta.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        var id = JsonText.MemberOrNull(meta, "id");
        Begin(string.IsNullOrEmpty(id) || id.Length > Arguments.EventText.MaxName ? DerivedId.Of(CodexImporter.Format, ToolUse.TextOf(meta)) : id, meta);
        return true;
    }

    private bool Begun(JsonLine line)
    {
        if (conversation is null && !isRefused)
        {
            run.Diagnostics.Add(ImportSeverity.Warning, ImportCodes.ReferenceMissing, file.Path, line.Number, "comes before any session_meta: the session's id is derived from the line, and its instructions are not known");
            Begin(DerivedId.Of(CodexImporter.Format, ToolUse.TextOf(line.Root)), meta: default);
        }

        return !isRefused;
    }

    private void Begin(string sessionId, JsonElement meta)
    {
        bundle = run.CreateBundle(
            new BundleManifest
            {
                TraceId = DerivedId.Of(CodexImporter.Format, sessionId),
                RolloutId = sessionId,
                RootThreadId = sessionId,
                StartedAtUnixMs = early.Count > 0 && early[0].Time > 0 ? early[0].Time : time,
            },
            file.Path);
        if (bundle is null)
        {
            isRefused = true;
            return;
        }

        conversation = new CodexConversation(new RolloutWriter(bundle), new AgentStart
        {
            ThreadId = sessionId,
            Time = time,
            Cwd = JsonText.MemberOrNull(meta, "cwd"),
            Provider = JsonText.MemberOrNull(meta, "model_provider"),
            Source = JsonText.MemberOrNull(meta, "source"),
            Log = meta.ValueKind == JsonValueKind.Object ? [new("session_meta", Raw(meta))] : [],
        }, spool)
        {
            Instructions = InstructionsOf(meta),
        };
        foreach (var (type, line, at) in early)
        {
            conversation.Leave(type, line, at);
        }

        early.Clear();
    }

    private static ReadOnlyMemory<byte>? InstructionsOf(JsonElement meta)
    {
        var instructions = JsonText.Member(meta, "base_instructions");
        instructions = instructions.ValueKind == JsonValueKind.Object ? JsonText.Member(instructions, "text") : instructions;
        instructions = instructions.ValueKind == JsonValueKind.String ? instructions : JsonText.Member(meta, "instructions");
        return instructions.ValueKind == JsonValueKind.String ? Raw(instructions) : default(ReadOnlyMemory<byte>?);
    }

    private void Leave(string type, JsonElement line)
    {
        if (conversation is not null)
        {
            conversation.Leave(type, Raw(line), time);
        }
        else
        {
            early.Add((type, Raw(line), time));
        }
    }

    private void Complete()
    {
        conversation?.Finish(time);
        if (bundle is not null && conversation is { IsEmpty: false })
        {
            run.Complete(bundle, CodexImporter.Format, files[0].Path);
            bundle = null;
        }
        else if (!isRefused)
        {
            run.Diagnostics.Add(ImportSeverity.Error, ImportCodes.NothingFound, files[0].Path, line: null, "holds no conversation");
        }
    }

    // Known, and of no interest to a conversation: kept, and no reason to tell anybody.
    private static bool IsExpected(string type, JsonElement payload, JsonElement line) =>
        type is "session_meta"
        || (type is "event_msg" && CodexEvents.IsExpected(JsonText.MemberOrNull(payload, "type")))
        || (type is "response_item" && JsonText.MemberOrNull(payload, "type") is "ghost_snapshot")
        || (type is "response_item" or "reasoning" && CodexItem.SaysNothing(payload.ValueKind == JsonValueKind.Object ? payload : line));

    private static bool IsItem(string type, JsonElement payload) => type is "response_item" && CodexItem.KindOf(payload) != CodexItemKind.Unknown;

    private static string NameOf(string type, JsonElement payload) =>
        type is "event_msg" or "response_item" && JsonText.MemberOrNull(payload, "type") is { } inner ? $"'{type}' with '{inner}'" : $"'{type}'";

    private static ReadOnlyMemory<byte> Raw(JsonElement value) => JsonMarshal.GetRawUtf8Value(value).ToArray();
}
