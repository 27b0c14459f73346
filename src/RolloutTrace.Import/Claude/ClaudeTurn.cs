namespace RolloutTrace.Import.Claude;

/// <summary>A turn that goes on.</summary>
/// <param name="turnId">Its id in the bundle.</param>
internal sealed class ClaudeTurn(string turnId)
{
    public string TurnId => turnId;

    /// <summary>Whether nothing more is to come: the model has answered and called nothing, its request failed, or the user stopped it.</summary>
    public bool IsAnswered { get; set; }

    /// <summary>Whether its last request failed.</summary>
    public bool HasFailed { get; set; }

    /// <summary>Whether the user stopped it.</summary>
    public bool IsInterrupted { get; set; }

    /// <summary>The words of the last answer; null if there was none.</summary>
    public string? LastWords { get; set; }
}
