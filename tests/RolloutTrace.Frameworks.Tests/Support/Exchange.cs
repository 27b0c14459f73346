using System.Text.Json.Nodes;

namespace RolloutTrace.Frameworks.Tests.Support;

/// <summary>A request as the model got it, and what it answered.</summary>
internal sealed record Exchange(JsonObject Request)
{
    /// <summary>Null if it failed.</summary>
    public JsonObject? Answer { get; set; }

    public string? ResponseId { get; set; }

    /// <summary>Whether the whole request was made of these texts, in order: what anybody said, called or gave.</summary>
    public IReadOnlyList<string> Saw => [.. Request["messages"]!.AsArray().SelectMany(message => WireTexts.Of(message!.AsObject()))];

    /// <summary>What the model said or called.</summary>
    public IReadOnlyList<string> Gave => Answer is null ? [] : [.. WireTexts.Of(Answer)];
}
