using System.Text;
using RolloutTrace.Import.Sessions;

namespace RolloutTrace.Import.Claude;

/// <summary>A line of a log, as far as it is needed.</summary>
internal sealed class ClaudeLine
{
    public required ClaudeLineKind Kind { get; set; }

    /// <summary>The word of the line's <c>type</c>.</summary>
    public required string Type { get; init; }

    public required string SessionId { get; set; }

    public string? Uuid { get; init; }

    public string? ParentUuid { get; init; }

    /// <summary>Of a boundary, the line before it.</summary>
    public string? LogicalParentUuid => Compaction?.LogicalParentUuid;

    /// <summary>Whether it names no parent, which is where a conversation begins.</summary>
    public bool IsFirst { get; init; }

    public bool IsSidechain { get; init; }

    public string? AgentId { get; init; }

    /// <summary>In milliseconds since the Unix epoch; that of the line before where it has none.</summary>
    public required long Time { get; init; }

    /// <summary>The file, and the line's number there.</summary>
    public required string File { get; init; }

    public required long Number { get; init; }

    public string? Cwd { get; init; }

    public string? Version { get; init; }

    /// <summary>The whole line, of one that is kept as it is.</summary>
    public LogText Raw { get; init; }

    /// <summary>What only a boundary says; null for other lines, which are many.</summary>
    public ClaudeCompaction? Compaction { get; init; }

    /// <summary>What all lines of an answer share, and those of a failure; null for others.</summary>
    public ClaudeResponse? Response { get; init; }

    public string? MessageId => Response?.MessageId;

    public string? RequestId => Response?.RequestId;

    public string? Model => Response?.Model;

    public string? StopReason => Response?.StopReason;

    public TokenUsage? Usage => Response?.Usage;

    /// <summary>Of a failure, its words.</summary>
    public string? Error { get; init; }

    /// <summary>Whether it says that it was copied from another session, which this one goes on from.</summary>
    public bool IsCopy { get; init; }

    /// <summary>Whether it is a command of the user's, which a model may answer.</summary>
    public bool IsCommand { get; init; }

    /// <summary>Whether it says that the user stopped what went on.</summary>
    public bool IsInterruption { get; init; }

    /// <summary>What it adds to the conversation.</summary>
    public IReadOnlyList<HistoryItem> Items { get; set; } = [];

    /// <summary>The calls in it.</summary>
    public IReadOnlyList<ClaudeCall> Calls { get; set; } = [];

    /// <summary>The results in it.</summary>
    public IReadOnlyList<ClaudeResult> Results { get; set; } = [];

    /// <summary>The words in it.</summary>
    public string Text => Encoding.UTF8.GetString(Words.Bytes.Span);

    /// <summary>The words in it, as UTF-8.</summary>
    public LogText Words { get; init; }

    /// <summary>Of results, the helper that gave them; null if none did, or nobody says.</summary>
    public string? HelperId { get; init; }

    /// <summary>Of results, whether the helper has only been set to work: what it finds comes by another way.</summary>
    public bool IsLaunch { get; init; }

    /// <summary>Whether another line adds the same to the conversation.</summary>
    public bool SaysTheSame(ClaudeLine other) =>
        Raw.SaysTheSame(other.Raw) && Items.Count == other.Items.Count && Items.Zip(other.Items).All(static pair => pair.First.SaysTheSame(pair.Second));

    /// <summary>Its place among the lines of all files.</summary>
    public int Order { get; set; }

    /// <summary>The thread that it belongs to.</summary>
    public ClaudeThread? Thread { get; set; }

    /// <summary>Where it stands in its conversation.</summary>
    public ClaudeUnit? Unit { get; set; }
}

/// <summary>What lines of an answer say of it.</summary>
/// <param name="MessageId">What they share.</param>
/// <param name="RequestId">The provider's id of the request.</param>
/// <param name="Model">The model.</param>
/// <param name="StopReason">Why it ended.</param>
/// <param name="Usage">What it used until then.</param>
internal sealed record ClaudeResponse(string? MessageId, string? RequestId, string? Model, string? StopReason, TokenUsage? Usage);

/// <summary>What a boundary says of its compaction.</summary>
/// <param name="LogicalParentUuid">The line before it.</param>
/// <param name="Metadata">What it says of itself, as JSON; empty if nothing.</param>
/// <param name="Kept">The lines that it keeps of the history before; null if none.</param>
internal sealed record ClaudeCompaction(string? LogicalParentUuid, ReadOnlyMemory<byte> Metadata, ClaudeKept? Kept);

/// <summary>What a compaction keeps of the history before it.</summary>
/// <param name="Head">The first line.</param>
/// <param name="Tail">The last line, which what comes next follows.</param>
/// <param name="Anchor">The line behind which it stands now: the summary, or the boundary itself.</param>
internal sealed record ClaudeKept(string Head, string Tail, string? Anchor);

/// <summary>A call of a tool.</summary>
/// <param name="Use">The call.</param>
/// <param name="Prompt">What a helper is told, if it is a call for one; null otherwise.</param>
/// <param name="Task">The task in a few words.</param>
/// <param name="Role">The kind of helper.</param>
/// <param name="Item">The item of the conversation that it is.</param>
internal sealed record ClaudeCall(ToolUse Use, string? Prompt, string? Task, string? Role, HistoryItem? Item);

/// <summary>The result of a tool.</summary>
/// <param name="CallId">The call that it answers.</param>
/// <param name="Item">What the model got.</param>
/// <param name="IsError">Whether the tool failed.</param>
internal sealed record ClaudeResult(string CallId, HistoryItem Item, bool IsError);
