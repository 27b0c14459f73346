namespace RolloutTrace.Records;

/// <summary>What a record holds of its bundle.</summary>
public enum BundleRecordKind
{
    /// <summary>The manifest.</summary>
    Manifest,

    /// <summary>One raw event.</summary>
    RawEvent,

    /// <summary>One chunk of a payload file.</summary>
    Payload,
}
