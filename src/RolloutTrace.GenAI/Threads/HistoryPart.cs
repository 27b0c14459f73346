namespace RolloutTrace.GenAI.Threads;

/// <summary>What of a history a key is made of.</summary>
internal enum HistoryPart
{
    /// <summary>All of it.</summary>
    Whole,

    /// <summary>Its last item.</summary>
    End,

    /// <summary>All of it that came before the question of a turn that was left or has failed.</summary>
    BeforeLeft,

    /// <summary>Its first messages, whoever the agent is.</summary>
    Beginning,
}
