namespace RolloutTrace.Wire;

/// <summary>How a document is known that stands for a payload which could not be recorded.</summary>
public static class PayloadMarkerName
{
    /// <summary>The member of the document that says why, in words.</summary>
    public const string Error = "rollout_trace_error";
}
