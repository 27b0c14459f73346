namespace RolloutTrace.Records;

/// <summary>
/// Names of the attributes on records, besides <see cref="RolloutAttributes.Bundle"/> and <see cref="RolloutAttributes.Id"/>, which all of them have, and
/// <see cref="RolloutAttributes.Thread.Id"/> and <see cref="RolloutAttributes.Turn.Id"/> of raw events. Values are strings unless said otherwise.
/// </summary>
public static class RecordAttributes
{
    /// <summary>The record's event name, from senders that have no other place for it.</summary>
    public const string EventName = "event.name";

    /// <summary>Place of a raw event in its bundle, from 1 on. An integer.</summary>
    public const string Seq = "rollout.event.seq";

    /// <summary>Type of a raw event.</summary>
    public const string EventType = "rollout.event.type";

    /// <summary>The payload file, such as <c>payloads/12.json</c>.</summary>
    public const string Path = "rollout.payload.path";

    /// <summary>Length of the whole payload file in bytes. An integer.</summary>
    public const string Bytes = "rollout.payload.bytes";

    /// <summary>SHA-256 of the whole payload file, in hexadecimal digits.</summary>
    public const string Sha256 = "rollout.payload.sha256";

    /// <summary>How chunks hold the file: a word of <see cref="PayloadEncoding"/>.</summary>
    public const string Encoding = "rollout.payload.encoding";

    /// <summary>Which chunk of the file it is, from 1 on. An integer.</summary>
    public const string ChunkNumber = "rollout.chunk.number";

    /// <summary>How many chunks the file has. An integer.</summary>
    public const string ChunkCount = "rollout.chunk.count";
}
