namespace RolloutTrace.Wire;

/// <summary>What a part of an item is.</summary>
public enum WirePartKind
{
    /// <summary>Text. A part whose value is no string is a text part without text, and says nothing.</summary>
    Text,

    /// <summary>A summary of reasoning; the value is a string.</summary>
    Summary,

    /// <summary>Something that only the provider can read; the value is a string, the label says what it is called.</summary>
    Encoded,

    /// <summary>Source code; the value is a string, the label is the language.</summary>
    Code,

    /// <summary>Any JSON.</summary>
    Json,

    /// <summary>What a function is called with: JSON, or a string that holds JSON if the model wrote it well, and else is text.</summary>
    Arguments,

    /// <summary>The whole item as JSON; the value is the item.</summary>
    Item,

    /// <summary>What is to be looked up in the payload, such as an image; the label says what is there, and the value is undefined.</summary>
    Reference,

    /// <summary>
    /// Text in a form that Codex does not read: to its reducer it is a reference with the label. The value is the text, a string.
    /// </summary>
    TextOrReference,
}
