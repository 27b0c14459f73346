namespace RolloutTrace.Records;

/// <summary>How the records are called in which a bundle travels as OTLP logs: one for its manifest, one a raw event, one a chunk of a payload file.</summary>
public static class RecordNames
{
    /// <summary>Name of the instrumentation scope of them all.</summary>
    public const string Scope = "RolloutTrace";

    /// <summary>Event name of the record whose body is the manifest.</summary>
    public const string Manifest = "rollout.manifest";

    /// <summary>Event name of a record whose body is the line of a raw event, without its newline.</summary>
    public const string RawEvent = "rollout.raw_event";

    /// <summary>Event name of a record whose body is a chunk of a payload file.</summary>
    public const string Payload = "rollout.payload";
}
