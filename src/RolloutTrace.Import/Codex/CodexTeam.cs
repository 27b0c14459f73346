using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Import.Sessions;
using RolloutTrace.Wire;

namespace RolloutTrace.Import.Codex;

/// <summary>The agents of a rollout, and what came back of those that were spawned.</summary>
/// <param name="bundle">The rollout's.</param>
internal sealed class CodexTeam(IRolloutRecording bundle)
{
    private readonly Dictionary<string, (ThreadWriter Thread, string? TurnId, string? Words)> results = new(StringComparer.Ordinal);

    /// <summary>An agent was spawned.</summary>
    public void Add(ThreadWriter helper) => results[helper.ThreadId] = (helper, null, null);

    /// <summary>An agent's turn has ended with an answer.</summary>
    public void Answered(ThreadWriter helper, string turnId, string words)
    {
        if (results.ContainsKey(helper.ThreadId))
        {
            results[helper.ThreadId] = (helper, turnId, words);
        }
    }

    /// <summary>The answers of agents that an output has, by their ids, as a call that waits for them gives them.</summary>
    public static IReadOnlyList<(string Helper, string Words)> AnswersIn(JsonElement item)
    {
        var output = ToolUse.TextOf(JsonText.Member(item, "output"));
        if (output.AsSpan().TrimStart() is not ['{', ..] || !output.Contains("\"completed\"", StringComparison.Ordinal))
        {
            return [];
        }

        try
        {
            using var document = JsonDocument.Parse(output);
            var agents = JsonText.Member(document.RootElement, "status");
            return agents.ValueKind != JsonValueKind.Object ? [] :
            [
                .. agents.EnumerateObject()
                    .Select(static agent => (Helper: agent.Name, Words: JsonText.Read(JsonText.Member(agent.Value, "completed"), out _)))
                    .Where(static told => told.Words is not null)
                    .Select(static told => (told.Helper, told.Words!)),
            ];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    /// <summary>The answers of agents came back as the output of a call. One that is not the agent's last is nobody's.</summary>
    public void Deliver(IReadOnlyList<(string Helper, string Words)> answers, ThreadWriter to, string callId, long time)
    {
        foreach (var (id, words) in answers)
        {
            if (results.TryGetValue(id, out var result) && result.TurnId is not null && result.Words == words && result.Thread.IsBelow(to) && to.ToolOf(callId) is { } toolCallId)
            {
                result.Thread.Deliver(to, toolCallId, result.TurnId, words, ExecutionStatus.Completed, time, bundle);
            }
        }
    }
}
