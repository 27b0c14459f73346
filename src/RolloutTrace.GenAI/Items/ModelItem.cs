using RolloutTrace.GenAI.Files;

namespace RolloutTrace.GenAI.Items;

/// <summary>One item that a model was given or gave, in the Responses API's form.</summary>
internal sealed class ModelItem
{
    // A shorter one takes less than knowing where it is.
    private const int MinBytesAside = 256;

    private byte[]? json;
    private string? text;
    private SpanSpool? spool;
    private SpoolPlace place;

    public required ItemKind Kind { get; init; }

    /// <summary>The item as a payload has it: one JSON object.</summary>
    public required byte[] Json { get => json ?? spool!.GetItem(place).Json; init => json = value; }

    /// <summary>
    /// Of what the item says, whatever a client adds or drops on the way: equal for an answer and for what is sent back of it.
    /// </summary>
    public required UInt128 Hash { get; init; }

    /// <summary>
    /// A message's role; of what a call gave <c>tool</c> where the program gave it and no provider; empty for other kinds.
    /// </summary>
    public string Role { get; init; } = string.Empty;

    /// <summary>The id of a call or of what it gave; null if the messages have none.</summary>
    public string? CallId { get; init; }

    /// <summary>The name of the tool that is called.</summary>
    public string? Name { get; init; }

    /// <summary>What is called with, or what was said.</summary>
    public string Text { get => text ?? spool?.GetItem(place).Text ?? string.Empty; init => text = value; }

    /// <summary>Whether it is part of the conversation that histories are compared by. Instructions and thoughts come and go.</summary>
    public bool IsCompared => Kind != ItemKind.Reasoning && Role is not ("system" or "developer");

    /// <summary>Whether a model made it.</summary>
    public bool IsAnswer => Kind == ItemKind.Call || (Kind == ItemKind.Message && Role == "assistant");

    /// <summary>It may never be asked for again what it says: that is put aside, and fetched if it is. Who it is stays.</summary>
    public void PutAside(SpanSpool spool)
    {
        if (json is { Length: >= MinBytesAside } && spool.TryPut(json, Text, out place))
        {
            this.spool = spool;
            (json, text) = (null, null);
        }
    }
}
