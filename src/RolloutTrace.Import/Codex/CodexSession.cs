using System.Runtime.InteropServices;
using System.Text.Json;
using RolloutTrace.Import.Input;
using RolloutTrace.Import.Sessions;
using RolloutTrace.Import.Writing;
using RolloutTrace.Wire;

namespace RolloutTrace.Import.Codex;

/// <summary>Reads a log line by line, and writes its thread.</summary>
/// <param name="run">The run.</param>
/// <param name="source">The log.</param>
/// <param name="rollout">The rollout that it belongs to.</param>
internal sealed class CodexSession(ImportRun run, CodexSource source, CodexRollout rollout) : IDisposable
{
    private readonly List<(string Type, ReadOnlyMemory<byte> Line, long Time)> early = [];
    private readonly CodexLines lines = new(run);
    private readonly CodexTakenOver? takenOver = source.Origin is { } origin ? new CodexTakenOver(rollout.Ahead(origin), isSelection: source.Parent == origin) : null;
    private CodexConversation? conversation;
    private InputFile? input;
    private IEnumerator<JsonLine>? at;
    private bool isRefused;
    private bool anyInFile;
    private int files;
    private CodexFile file = source.First;

    public CodexSource Source => source;

    /// <summary>Where what it does waits; null if it is written at once.</summary>
    public QueuedRecording? Queue { get; init; }

    /// <summary>Its thread; null until that has started.</summary>
    public ThreadWriter? Thread => conversation?.Thread;

    /// <summary>Whether nothing was said and nothing was done.</summary>
    public bool IsEmpty => conversation is not { IsEmpty: false };

    /// <summary>Whether all of it was read.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>The latest time that it tells.</summary>
    public long Time { get; private set; }

    /// <summary>Reads a line. A file that cannot be read on has given what it gave.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Step()
    {
        while (!isRefused && (at is not null || files < source.Files.Count))
        {
            try
            {
                if (at is null)
                {
                    Open();
                }

                if (at!.MoveNext())
                {
                    anyInFile = true;
                    Time = LogTime.Read(JsonText.Member(at.Current.Root, "timestamp")) ?? Time;
                    Take(at.Current);
                    return true;
                }

                if (!anyInFile && file != source.First)
                {
                    run.Diagnostics.Add(ImportSeverity.Error, ImportCodes.RolloutRepeated, file.Path, line: null, $"holds rollout {file.SessionId}, which another file has given already");
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                run.Diagnostics.Add(ImportSeverity.Error, ImportCodes.FileUnreadable, file.Path, line: null, $"cannot be read: {e.Message}");
            }

            Close();
        }

        return false;
    }

    /// <summary>There are no more lines.</summary>
    /// <returns>Whether the session came to its end.</returns>
    public bool Finish()
    {
        HasEnded = true;
        if (IsEmpty && !isRefused)
        {
            run.Diagnostics.Add(ImportSeverity.Error, ImportCodes.NothingFound, source.First.Path, line: null, "holds no conversation");
        }

        return conversation?.Finish(Time) == true;
    }

    public void Dispose() => Close();

    private void Open()
    {
        file = source.Files[files++];
        anyInFile = false;
        input = InputFile.Open(file.Path);
        at = lines.Read(input, isAlone: source.Files.Count == 1).GetEnumerator();
    }

    private void Close()
    {
        at?.Dispose();
        input?.Dispose();
        (at, input) = (null, null);
    }

    private void Take(JsonLine line)
    {
        var type = JsonText.MemberOrNull(line.Root, "type") ?? "";
        var payload = JsonText.Member(line.Root, "payload");
        if (conversation is not null && takenOver?.Has(line.Root) == true)
        {
            conversation.Past.Take(type, payload, Time);
            return;
        }

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
                conversation!.Context(payload, Time);
                return true;
            case "compacted":
                conversation!.Compacted(payload, Time);
                return true;
            case "event_msg":
                return conversation!.Event(payload, Time);
            default:
                return conversation!.Item(payload, Time);
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
        var start = rollout.StartOf(source, sessionId, early.Count > 0 && early[0].Time > 0 ? early[0].Time : Time);
        if (start is null)
        {
            isRefused = true;
            return;
        }

        start = start with
        {
            Time = Time,
            Cwd = JsonText.MemberOrNull(meta, "cwd"),
            Provider = JsonText.MemberOrNull(meta, "model_provider"),
            Source = start.Parent is null ? JsonText.MemberOrNull(meta, "source") : null,
            Log = meta.ValueKind == JsonValueKind.Object ? [new("session_meta", Raw(meta))] : [],
        };
        conversation = new CodexConversation(rollout.Writer, start, rollout.Spool, Queue) { Instructions = InstructionsOf(meta), Team = rollout.Team };
        if (start.Parent is not null)
        {
            rollout.Team?.Add(conversation.Thread);
        }

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
            conversation.Leave(type, Raw(line), Time);
        }
        else
        {
            early.Add((type, Raw(line), Time));
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
