namespace RolloutTrace.Receiver.Spans;

/// <summary>Traces that are mapped together, since one may go on with the work of another: their spans make one rollout, or a few. For who has the shelf's lock.</summary>
internal sealed class SpanGroup
{
    /// <summary>Its traces; the first is its name.</summary>
    public List<OpenTrace> Traces { get; } = [];

    /// <summary>By what others are bound to it.</summary>
    public HashSet<Bond> Bonds { get; } = [];

    /// <summary>Whether a span tells of an agent, a model or a tool: then it is an open rollout.</summary>
    public bool Tells { get; set; }

    /// <summary>Whether messages were logged for its spans.</summary>
    public bool HasMessages { get; set; }

    /// <summary>Whether more came since it was bound to others by these messages.</summary>
    public bool IsUnbound { get; set; }

    /// <summary>When the last span came.</summary>
    public DateTimeOffset LastAt { get; set; }

    /// <summary>Another number whenever spans were written.</summary>
    public long Version { get; set; }

    /// <summary>Whether it was packed before, and has all that was packed.</summary>
    public bool IsReopened { get; set; }

    /// <summary>Whether somebody is to pack it already.</summary>
    public bool IsQueued { get; set; }

    /// <summary>Before when it is not tried again.</summary>
    public DateTimeOffset NotBefore { get; set; }

    /// <summary>How often in a row it could not be delivered.</summary>
    public int Failures { get; set; }

    /// <summary>Whether a request is writing spans of it.</summary>
    public bool IsWritten => Traces.Exists(static trace => trace.Writers > 0);

    /// <summary>More of it came.</summary>
    /// <param name="hasMessages">Whether messages that were logged are among that.</param>
    /// <param name="at">When.</param>
    public void Came(bool hasMessages, DateTimeOffset at)
    {
        HasMessages |= hasMessages;
        IsUnbound |= HasMessages;
        LastAt = at;
    }
}
