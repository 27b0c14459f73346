namespace RolloutTrace.Recorder.Diagnostics;

/// <summary>Why a bundle takes no more events.</summary>
internal enum StopCause
{
    /// <summary>It takes events.</summary>
    None,

    /// <summary>The queue was full for longer than callers may be kept waiting.</summary>
    QueueFull,

    /// <summary>The rollout started during an overload and has no bundle.</summary>
    Refused,

    /// <summary>No space left, or the quota is used up.</summary>
    DiskFull,

    /// <summary>No permission to write, or a file system that is mounted read-only.</summary>
    NoPermission,

    /// <summary>The bundle's directory is gone, or something else is in its place.</summary>
    DirectoryLost,

    /// <summary>Somebody else truncated, replaced or deleted the bundle's event log.</summary>
    LogChanged,

    /// <summary>Any other failure of input or output.</summary>
    IoError,

    /// <summary>The exporter failed.</summary>
    ExporterFailed,

    /// <summary>No receiver has taken events; this stops no bundle.</summary>
    NotSent,

    /// <summary>The rollout had ended, and its bundle is packed.</summary>
    Packed,

    /// <summary>The tracer provider was shut down.</summary>
    ShutDown,

    /// <summary>Something unexpected in the recorder.</summary>
    InternalError,
}
