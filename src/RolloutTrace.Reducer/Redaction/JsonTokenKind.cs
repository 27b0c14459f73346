namespace RolloutTrace.Reducer.Redaction;

/// <summary>What a <see cref="JsonToken"/> is.</summary>
internal enum JsonTokenKind
{
    /// <summary>The name of a member.</summary>
    Name,

    /// <summary>A string.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,
}
