namespace RolloutTrace.Bundle;

/// <summary>Whether the recorder that a bundle names can still write to it.</summary>
public enum BundleWriterState
{
    /// <summary>Nothing tells: the bundle names no recorder's lock, or the lock cannot be looked at.</summary>
    Unknown,

    /// <summary>The recorder's process lives and holds its lock.</summary>
    Alive,

    /// <summary>Nobody holds the lock: the recorder's process is gone, or the recorder has ended, or this is a copy of its bundle.</summary>
    Gone,
}
