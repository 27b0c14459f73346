namespace RolloutTrace.Collecting.Journal;

/// <summary>What a frame of a journal holds.</summary>
internal enum FrameKind : byte
{
    /// <summary>The manifest.</summary>
    Manifest = 1,

    /// <summary>The line of a raw event.</summary>
    Event = 2,

    /// <summary>A decoded chunk of a payload file.</summary>
    Chunk = 3,

    /// <summary>The chunks of a payload file that were before it are none: what they gave was wrong.</summary>
    Dropped = 4,

    /// <summary>What was packed before is in what is before it.</summary>
    Seeded = 5,
}
