using RolloutTrace.Arguments;

namespace RolloutTrace.Spans;

/// <summary>
/// The ids that callers give to what there is once in a rollout. Where one comes again the later object gets an id of its own, since
/// readers refuse the whole rollout over a second one. Safe for concurrent use.
/// </summary>
internal sealed class GivenIds
{
    public IdClaims Threads { get; } = new();

    public IdClaims Turns { get; } = new();

    public IdClaims Requests { get; } = new();

    public IdClaims ToolCalls { get; } = new();

    public IdClaims Compactions { get; } = new();

    /// <summary>The id as events have it; null if there is none, or another object has it.</summary>
    public static string? Take(IdClaims claims, string? given) =>
        EventText.Id(given) is { } id && claims.TryClaim(id) ? id : null;

    /// <summary>The id of a thread as events have it; null if there is none, or another agent has it.</summary>
    /// <param name="given">The id.</param>
    /// <param name="agentPath">Whose it is.</param>
    /// <param name="again">Whether the agent has it already: it is loaded again.</param>
    public string? TakeThread(string? given, string agentPath, out bool again)
    {
        again = false;
        return EventText.Id(given) is { } id && Threads.TryClaim(id, agentPath, out again) ? id : null;
    }
}
