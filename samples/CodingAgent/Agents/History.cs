using CodingAgent.Model;
using OpenAI.Responses;

namespace CodingAgent.Agents;

/// <summary>What an agent's model sees, and how much of it the provider has already.</summary>
internal sealed class History
{
    private readonly List<ResponseItem> items = [];
    private string? lastResponse;
    private int known;

    public IReadOnlyList<ResponseItem> Items => items;

    /// <summary>Tokens of the history, as the provider counted them with its last response.</summary>
    public long Tokens { get; private set; }

    public void Add(ResponseItem item) => items.Add(item);

    public void Add(ModelResponse response)
    {
        items.AddRange(response.Items);
        lastResponse = response.Id;
        known = items.Count;
        Tokens = response.TotalTokens ?? 0;
    }

    /// <summary>The next request repeats everything.</summary>
    public void ForgetResponses() => lastResponse = null;

    public void Replace(IEnumerable<ResponseItem> replacement)
    {
        items.Clear();
        items.AddRange(replacement);
        ForgetResponses();
        Tokens = 0;
    }

    /// <summary>Puts what the model is to see into a request: all of it, or what is new since the response that it names.</summary>
    public void WriteTo(CreateResponseOptions request, bool whole)
    {
        var from = 0;
        if (!whole && lastResponse is not null)
        {
            request.PreviousResponseId = lastResponse;
            from = known;
        }

        foreach (var item in items.Skip(from))
        {
            request.InputItems.Add(item);
        }
    }

    /// <summary>Answers each call that nobody has answered: a history with an open call is refused.</summary>
    public void AnswerOpenCalls(string output)
    {
        var answered = items.Select(ToolCallItem.AnsweredBy).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var call in items.Select(ToolCallItem.Of).OfType<ToolCallItem>().Where(c => !answered.Contains(c.CallId)).ToList())
        {
            items.Add(call.Output(output));
        }
    }
}
