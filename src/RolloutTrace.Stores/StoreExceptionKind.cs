namespace RolloutTrace.Stores;

/// <summary>What kept a store, or a queue, from doing what was asked of it.</summary>
public enum StoreExceptionKind
{
    /// <summary>It cannot be reached, or does not do it just now. Tried again later, it may.</summary>
    OutOfReach,

    /// <summary>It answered, and has no such object.</summary>
    NoObject,

    /// <summary>There is no such bucket, object store or directory. A put makes it, except for a bucket of S3.</summary>
    NoStore,

    /// <summary>It refuses whoever asks: no key, a wrong one, or one that may not.</summary>
    Denied,

    /// <summary>The address is none of a store or a queue.</summary>
    Address,

    /// <summary>A file of this machine, which was to be put, cannot be read.</summary>
    File,
}
