namespace RolloutTrace.Receiver.Spans;

/// <summary>How traces are bound to one another.</summary>
internal enum BondKind
{
    /// <summary>They name the same conversation or response.</summary>
    Name,

    /// <summary>An agent of one links to the other, which has not come.</summary>
    LinkedTrace,

    /// <summary>A conversation with which one has ended.</summary>
    Answered,

    /// <summary>A conversation from which one goes on, and which has not come.</summary>
    Awaited,

    /// <summary>What one has asked and got no answer to, since a request failed.</summary>
    Failed,
}
