namespace RolloutTrace.Replay.Answers;

/// <summary>What an item of an answer is.</summary>
internal enum AnswerItemKind
{
    Message,
    Reasoning,
    Call,

    /// <summary>A call of a tool that takes free text.</summary>
    CustomCall,

    /// <summary>What a call gave that the service itself carried out.</summary>
    Output,

    /// <summary>Anything else, which is known by its JSON only.</summary>
    Other,
}
