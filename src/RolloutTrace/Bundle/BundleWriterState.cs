namespace RolloutTrace.Bundle;

/// <summary>Whether the recorder that a bundle names can still write to it.</summary>
public enum BundleWriterState
{
    /// <summary>Nothing tells: the bundle names no recorder's lock, or the lock cannot be looked at.</summary>
    Unknown,

    /// <summary>The recorder's process lives and holds its lock.</summary>
    Alive,

    /// <summary>The lock is there, and nobody holds it: the recorder's process is gone.</summary>
    Gone,

    /// <summary>The lock is not there: the recorder has ended in order, another has cleaned up behind it, or this is a copy of its bundle.</summary>
    NoLock,
}
