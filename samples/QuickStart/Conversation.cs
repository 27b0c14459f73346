using RolloutTrace;

namespace QuickStart;

/// <summary>What an agent's model sees: the items that each of its requests repeats. The model's answers are given beforehand.</summary>
internal sealed class Conversation(AgentSession session, Narrator narrator)
{
    private readonly List<string> items = [];
    private int responses;

    public AgentSession Session => session;

    public Narrator Narrator => narrator;

    /// <summary>All items, a JSON list.</summary>
    public JsonPayload History => JsonPayload.OfJson(List(items));

    /// <summary>The next request as it goes to the model.</summary>
    public JsonPayload Request => JsonPayload.OfJson($$"""{"model":"gpt-5","input":{{List(items)}}}""");

    /// <summary>Adds an item, which is what a tool call completes with.</summary>
    public JsonPayload Add(string item)
    {
        items.Add(item);
        narrator.TellItem(session.AgentName, item);
        return JsonPayload.OfJson(item);
    }

    public void Replace(params ReadOnlySpan<string> replacement)
    {
        narrator.Tell(session.AgentName, $"* the history was compacted: {items.Count} items became {replacement.Length}");
        items.Clear();
        items.AddRange(replacement);
    }

    /// <summary>A request that the provider refuses.</summary>
    public void AskInVain(Turn turn, string error, string errorType)
    {
        using var request = Send(turn);
        request.Fail(error, errorType);
        narrator.Tell(session.AgentName, $"! {error}");
    }

    /// <summary>A request that the user interrupts.</summary>
    public void Interrupt(Turn turn)
    {
        using var request = Send(turn);
        request.Cancel("interrupted by the user");
        narrator.Tell(session.AgentName, "! interrupted by the user");
    }

    /// <summary>A request to which the model answers with the given items.</summary>
    public ModelRequest Ask(Turn turn, params ReadOnlySpan<string> answer)
    {
        using var request = Send(turn);
        var usage = new TokenUsage(InputTokens: 100 * items.Count, OutputTokens: 10, CachedInputTokens: 100 * (items.Count - 1));
        request.Complete($"resp_{session.AgentName}_{++responses}", usage, JsonPayload.OfJson($"[{string.Join(',', answer)}]"), new() { FinishReasons = ["stop"] });
        foreach (var item in answer)
        {
            Add(item);
        }

        return request;
    }

    private ModelRequest Send(Turn turn) => turn.StartModelRequest("gpt-5", Request);

    private static string List(List<string> items) => $"[{string.Join(',', items)}]";
}
