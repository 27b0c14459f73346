namespace RolloutTrace.GenAI.Threads;

/// <summary>Whether an answer without content asks for calls.</summary>
internal enum UnseenAnswer
{
    /// <summary>It does not, or one can see which.</summary>
    None,

    /// <summary>It does not tell.</summary>
    MayAsk,

    /// <summary>It says so.</summary>
    Asks,

    /// <summary>Calls have been carried out since.</summary>
    CarriedOut,
}
