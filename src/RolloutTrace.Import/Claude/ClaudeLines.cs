using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using RolloutTrace.Import.Input;
using RolloutTrace.Import.Sessions;
using RolloutTrace.Wire;

namespace RolloutTrace.Import.Claude;

/// <summary>Reads the lines of a file.</summary>
/// <param name="run">The run.</param>
/// <param name="file">The file.</param>
/// <param name="spool">Keeps what lines say.</param>
internal sealed class ClaudeLines(ImportRun run, ClaudeFile file, LogSpool spool)
{
    private const string Synthetic = "<synthetic>";
    private const string Attachment = "attachment";

    private readonly RecentTexts texts = new();
    private long time;
    private ClaudeResponse? response;

    /// <summary>All lines that can be read. Those without a session are the file's first one's.</summary>
    public List<ClaudeLine> Read()
    {
        var lines = new List<ClaudeLine>();
        try
        {
            time = file.FirstTime;
            using var input = InputFile.Open(file.Path);
            foreach (var line in new JsonLines(input, run).Read())
            {
                time = Math.Max(time, TimeOf(line.Root) ?? time);
                lines.Add(Read(line));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            run.Diagnostics.Add(ImportSeverity.Error, ImportCodes.FileUnreadable, file.Path, line: null, $"cannot be read on: {e.Message}");
        }

        return lines;
    }

    /// <summary>When a line was written; null if it does not say.</summary>
    public static long? TimeOf(JsonElement line) =>
        LogTime.Read(JsonText.Member(line, "timestamp")) ?? LogTime.Read(JsonText.Member(JsonText.Member(line, "snapshot"), "timestamp"));

    /// <summary>The words of a prompt; null if a line is none.</summary>
    public static string? PromptIn(JsonElement line)
    {
        var message = JsonText.Member(line, "message");
        if (KindOf(JsonText.MemberOrNull(line, "type") ?? "", line, message) != ClaudeLineKind.Prompt || IsTrue(line, "isMeta"))
        {
            return null;
        }

        var content = ClaudeContent.Read(message, "user", time: 0);
        return content.Results.Count > 0 || content.Text.Length == 0 || content.SaysOnly(IsNote) ? null : content.Text;
    }

    private ClaudeLine Read(JsonLine line)
    {
        var root = line.Root;
        var type = JsonText.MemberOrNull(root, "type") ?? "";
        var message = JsonText.Member(root, "message");
        var kind = KindOf(type, root, message);
        var result = JsonText.Member(root, "toolUseResult");
        var role = type == "assistant" ? "assistant" : "user";
        var content = kind is ClaudeLineKind.Aside or ClaudeLineKind.Boundary or ClaudeLineKind.Failure ? null
            : type == Attachment ? ClaudeContent.ReadBody(JsonText.Member(JsonText.Member(root, Attachment), "prompt"), role, time, spool)
            : ClaudeContent.Read(message, role, time, spool);
        if (kind == ClaudeLineKind.Prompt)
        {
            kind = content!.Results.Count > 0 ? ClaudeLineKind.Results
                : IsTrue(root, "isMeta") || content.SaysOnly(IsNote) ? ClaudeLineKind.Note
                : ClaudeLineKind.Prompt;
        }

        if (kind == ClaudeLineKind.Aside && !IsExpected(type))
        {
            run.Diagnostics.Add(ImportSeverity.Information, ImportCodes.LineUnknown, file.Path, line.Number, $"is of the unknown type '{type}', and is kept as a breadcrumb");
        }

        return new ClaudeLine
        {
            Kind = kind,
            Type = texts.Of(type)!,
            SessionId = texts.Of(JsonText.MemberOrNull(root, "sessionId")) is { Length: > 0 } session ? session : file.Sessions.Count > 0 ? file.Sessions[0] : "",
            Uuid = texts.Of(JsonText.MemberOrNull(root, "uuid")),
            ParentUuid = texts.Of(JsonText.MemberOrNull(root, "parentUuid")),
            IsFirst = JsonText.Member(root, "parentUuid").ValueKind == JsonValueKind.Null,
            IsSidechain = IsTrue(root, "isSidechain"),
            AgentId = texts.Of(JsonText.MemberOrNull(root, "agentId")),
            Time = time,
            File = file.Path,
            Number = line.Number,
            Cwd = texts.Of(JsonText.MemberOrNull(root, "cwd")),
            Version = texts.Of(JsonText.MemberOrNull(root, "version")),
            Raw = kind is ClaudeLineKind.Aside or ClaudeLineKind.Boundary ? spool.Keep(Raw(root)) : default,
            Compaction = kind == ClaudeLineKind.Boundary ? CompactionOf(root) : null,
            Response = kind is ClaudeLineKind.Answer or ClaudeLineKind.Failure ? ResponseOf(root, message, kind) : null,
            Error = kind == ClaudeLineKind.Failure ? ClaudeContent.Read(message, role, time).Text : null,
            IsCopy = JsonText.MemberOrNull(JsonText.Member(root, "forkedFrom"), "sessionId") is not null,
            IsCommand = kind == ClaudeLineKind.Note && IsCommand(content!.Text),
            IsInterruption = kind is ClaudeLineKind.Note or ClaudeLineKind.Results && content!.Says(IsInterruption),
            Items = content?.Items.ToArray() ?? [],
            Calls = content?.Calls.ToArray() ?? [],
            Results = content?.Results.ToArray() ?? [],
            Words = content is not { Text.Length: > 0 } ? default : spool.Keep(Encoding.UTF8.GetBytes(content.Text)),
            HelperId = kind == ClaudeLineKind.Results ? JsonText.MemberOrNull(result, "agentId") : null,
            IsLaunch = IsTrue(result, "isAsync") || JsonText.MemberOrNull(result, "status") == "async_launched",
        };
    }

    // The lines of an answer, one behind the other, mostly say the same of it.
    private ClaudeResponse ResponseOf(JsonElement root, JsonElement message, ClaudeLineKind kind)
    {
        var read = NewResponse(root, message, kind);
        return response == read ? response : response = read;
    }

    private ClaudeResponse NewResponse(JsonElement root, JsonElement message, ClaudeLineKind kind) => new(
        texts.Of(JsonText.MemberOrNull(message, "id")),
        texts.Of(JsonText.MemberOrNull(root, "requestId")),
        texts.Of(JsonText.MemberOrNull(message, "model")) is { } model && model != Synthetic ? model : null,
        texts.Of(JsonText.MemberOrNull(message, "stop_reason")),
        kind == ClaudeLineKind.Answer ? UsageOf(JsonText.Member(message, "usage")) : null);

    private static ClaudeCompaction CompactionOf(JsonElement root)
    {
        var metadata = JsonText.Member(root, "compactMetadata");
        return new ClaudeCompaction(
            JsonText.MemberOrNull(root, "logicalParentUuid"),
            metadata.ValueKind == JsonValueKind.Object ? Raw(metadata) : default,
            KeptBy(JsonText.Member(metadata, "preservedSegment")));
    }

    private static ClaudeLineKind KindOf(string type, JsonElement root, JsonElement message) => type switch
    {
        "system" when JsonText.MemberOrNull(root, "subtype") == "compact_boundary" => ClaudeLineKind.Boundary,
        "user" when message.ValueKind == JsonValueKind.Object => IsTrue(root, "isCompactSummary") ? ClaudeLineKind.Summary : ClaudeLineKind.Prompt,

        // What the user said while the model worked stands here only.
        Attachment when JsonText.Member(root, Attachment) is var attached && JsonText.MemberOrNull(attached, "type") == "queued_command" && JsonText.Member(attached, "prompt").ValueKind != JsonValueKind.Undefined =>
            ClaudeLineKind.Note,
        "assistant" when IsTrue(root, "isApiErrorMessage") => ClaudeLineKind.Failure,
        "assistant" when message.ValueKind == JsonValueKind.Object => JsonText.MemberOrNull(message, "model") != Synthetic ? ClaudeLineKind.Answer
            : JsonText.Member(root, "error").ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null) ? ClaudeLineKind.Failure
            : ClaudeLineKind.Aside,
        _ => ClaudeLineKind.Aside,
    };

    // What the program says in the user's place, without the flag that says so.
    private static bool IsNote(string text)
    {
        var start = text.AsSpan().TrimStart();
        return start.StartsWith("<system-reminder>") || IsCommand(text) || start.StartsWith("<local-command-") || start.StartsWith("<bash-input>") || start.StartsWith("<bash-stdout>")
            || IsInterruption(text);
    }

    private static bool IsCommand(string text) => text.AsSpan().TrimStart() is var start && (start.StartsWith("<command-name>") || start.StartsWith("<command-message>"));

    // The program's own words and nothing else: a user may quote them.
    private static bool IsInterruption(string text) => text.AsSpan().Trim() is "[Request interrupted by user]" or "[Request interrupted by user for tool use]";

    private static bool IsExpected(string type) => type is "summary" or "system" or "assistant" or "file-history-snapshot" or "queue-operation" or "ai-title"
        or "custom-title" or "last-prompt" or "progress" or "attachment" or "tag" or "agent-name" or "agent-color" or "agent-setting" or "pr-link" or "mode"
        or "permission-mode" or "hook" or "worktree-state" or "content-replacement" or "speculation-accept";

    private static ClaudeKept? KeptBy(JsonElement segment) =>
        JsonText.MemberOrNull(segment, "headUuid") is { } head && JsonText.MemberOrNull(segment, "tailUuid") is { } tail ? new ClaudeKept(head, tail, JsonText.MemberOrNull(segment, "anchorUuid")) : null;

    private static TokenUsage? UsageOf(JsonElement usage) => usage.ValueKind != JsonValueKind.Object ? null : new TokenUsage(
        Number(usage, "input_tokens") + Number(usage, "cache_creation_input_tokens") + Number(usage, "cache_read_input_tokens"),
        Number(usage, "output_tokens"),
        Number(usage, "cache_read_input_tokens"),
        Number(usage, "cache_creation_input_tokens"));

    private static long Number(JsonElement usage, string name) =>
        JsonText.Member(usage, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) ? Math.Max(0, number) : 0;

    private static bool IsTrue(JsonElement root, string name) => JsonText.Member(root, name).ValueKind == JsonValueKind.True;

    private static ReadOnlyMemory<byte> Raw(JsonElement value) => JsonMarshal.GetRawUtf8Value(value).ToArray();
}
