namespace RolloutTrace.GenAI.Threads;

/// <summary>What of a history a key is made of.</summary>
internal enum HistoryPart
{
    /// <summary>All of it.</summary>
    Whole,

    /// <summary>All of it, with what the model has said in its latest turn as one text: calls may stand between.</summary>
    Joined,

    /// <summary>Its last item.</summary>
    End,

    /// <summary>All of it that came before the question of a turn that was left or has failed.</summary>
    BeforeLeft,

    /// <summary>What its first turn has asked, which has failed, with what the model was told.</summary>
    Failed,

    /// <summary>Its first messages, whoever the agent is.</summary>
    Beginning,
}
