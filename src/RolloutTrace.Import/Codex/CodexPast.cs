using System.Text.Json;
using RolloutTrace.Import.Sessions;
using RolloutTrace.Wire;

namespace RolloutTrace.Import.Codex;

/// <summary>What a session took over from another one: it is seen, and was asked, answered and done elsewhere.</summary>
/// <param name="history">The session's history.</param>
/// <param name="tokens">The session's counts, which go on from where they were.</param>
/// <param name="callIds">The ids of its calls.</param>
/// <param name="spool">Keeps what items say.</param>
internal sealed class CodexPast(CodexHistory history, CodexTokens tokens, CallIds callIds, LogSpool spool)
{
    /// <summary>A line came.</summary>
    public void Take(string type, JsonElement payload, long time)
    {
        switch (type, JsonText.MemberOrNull(payload, "type"))
        {
            case ("compacted", _):
                var replacement = ReplacementOf(payload) ?? [];
                replacement.ForEach(static item => item.IsShown = true);
                history.Replace(replacement, time);
                break;
            case ("event_msg", "task_started" or "turn_started"):
                history.BeginTurn();
                break;
            case ("event_msg", "token_count"):
                tokens.Add(payload);
                break;
            case ("event_msg", "thread_rolled_back"):
                history.RollBack(CountOfTurns(payload), static _ => { });
                break;
            case ("response_item", _) when CodexItem.KindOf(payload) != CodexItemKind.Unknown && HistoryItem.Of(payload) is { } item:
                item = callIds.Take(item.KeptIn(spool));
                item.IsShown = true;
                history.See(item, time, CodexItem.IsUsers(payload));
                break;
        }
    }

    /// <summary>The items of a new history; null if the log does not have it.</summary>
    public List<HistoryItem>? ReplacementOf(JsonElement compacted) =>
        JsonText.Member(compacted, "replacement_history") is { ValueKind: JsonValueKind.Array } list
            ? [.. list.EnumerateArray().Where(static entry => CodexItem.KindOf(entry) != CodexItemKind.Unknown).Select(HistoryItem.Of).OfType<HistoryItem>().Select(item => callIds.Again(item.KeptIn(spool)))]
            : null;

    /// <summary>How many turns were taken back.</summary>
    public static int CountOfTurns(JsonElement rollback) =>
        JsonText.Member(rollback, "num_turns") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var given) ? given : 1;
}
