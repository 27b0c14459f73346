namespace RolloutTrace.Replay.Tests;

/// <summary>What a user says, and what the model does until it has answered.</summary>
internal sealed record ScriptTurn(string User, bool Streams, IReadOnlyList<ScriptStep> Steps)
{
    public override string ToString() => $"user '{User}'{(Streams ? " streams" : "")}: {string.Join("; ", Steps)}";
}
