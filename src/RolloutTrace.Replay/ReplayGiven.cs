namespace RolloutTrace.Replay;

/// <summary>What of a request has to be as recorded, beside its items, which always have to.</summary>
[Flags]
public enum ReplayGiven
{
    /// <summary>The items alone.</summary>
    None = 0,

    /// <summary>The instructions, and system messages that stand before all others.</summary>
    Instructions = 1,

    /// <summary>The tools: names, descriptions, schemas, and their order.</summary>
    Tools = 2,

    /// <summary>Temperature and the like, the choice of tools, and the form of the answer.</summary>
    Parameters = 4,

    /// <summary>The model, where both say which.</summary>
    Model = 8,

    /// <summary>All of these.</summary>
    All = Instructions | Tools | Parameters | Model,
}
