using RolloutTrace;

namespace QuickStart;

/// <summary>What an agent's model sees: the items that each of its requests repeats. The model's answers are given beforehand.</summary>
internal sealed class Conversation(AgentSession session)
{
    private readonly List<string> items = [];
    private int responses;

    public AgentSession Session => session;

    /// <summary>All items, a JSON list.</summary>
    public JsonPayload History => JsonPayload.OfJson(List(items));

    /// <summary>The next request as it goes to the model.</summary>
    public JsonPayload Request => JsonPayload.OfJson($$"""{"model":"gpt-5","input":{{List(items)}}}""");

    /// <summary>Adds an item, which is what a tool call completes with.</summary>
    public JsonPayload Add(string item)
    {
        items.Add(item);
        return JsonPayload.OfJson(item);
    }

    public void Replace(params ReadOnlySpan<string> replacement)
    {
        items.Clear();
        items.AddRange(replacement);
    }

    public ModelRequest Send(Turn turn) => turn.StartModelRequest("gpt-5", Request);

    /// <summary>A request to which the model answers with the given items.</summary>
    public ModelRequest Ask(Turn turn, params ReadOnlySpan<string> answer)
    {
        using var request = Send(turn);
        var usage = new TokenUsage(InputTokens: 100 * items.Count, OutputTokens: 10, CachedInputTokens: 100 * (items.Count - 1));
        request.Complete($"resp_{session.AgentName}_{++responses}", usage, JsonPayload.OfJson($"[{string.Join(',', answer)}]"), new() { FinishReasons = ["stop"] });
        items.AddRange(answer);
        return request;
    }

    private static string List(List<string> items) => $"[{string.Join(',', items)}]";
}
