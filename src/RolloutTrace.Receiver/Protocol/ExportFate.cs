namespace RolloutTrace.Receiver.Protocol;

/// <summary>What became of a request.</summary>
internal enum ExportFate
{
    /// <summary>All of it that can be kept is safe; what cannot be kept is named, and must not come again.</summary>
    Taken,

    /// <summary>It is no such message.</summary>
    NoOtlp,

    /// <summary>It has no key, or a wrong one.</summary>
    Unauthenticated,

    /// <summary>There is nothing at this address.</summary>
    NotFound,

    /// <summary>It is asked for in another way.</summary>
    WrongMethod,

    /// <summary>It did not come in the time that one may take.</summary>
    Late,

    /// <summary>It is larger than what is taken.</summary>
    TooLarge,

    /// <summary>It has another content type or encoding than those that are read.</summary>
    Unsupported,

    /// <summary>Too much is open just now; it may come again.</summary>
    Busy,

    /// <summary>It cannot be written just now; it may come again.</summary>
    Unwritable,

    /// <summary>Something went wrong here that nobody foresaw.</summary>
    Failed,
}
