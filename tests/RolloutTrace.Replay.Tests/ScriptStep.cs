namespace RolloutTrace.Replay.Tests;

/// <summary>What a scripted model does when it is asked.</summary>
/// <param name="Text">What it says before anything else; may be empty.</param>
/// <param name="Calls">What it calls, with one argument each.</param>
/// <param name="Fails">Whether it fails then.</param>
internal sealed record ScriptStep(string Text, IReadOnlyList<(string Tool, string Argument)> Calls, bool Fails)
{
    /// <summary>The word at which the agent leaves a stream.</summary>
    public const string Leave = "LEAVE";

    /// <summary>The word at which the agent cancels a stream.</summary>
    public const string Cancel = "CANCEL";

    public override string ToString() => $"'{Text}' {string.Join(' ', Calls)}{(Fails ? " fails" : "")}";
}
