namespace RolloutTrace.Payloads;

/// <summary>What a terminal showed, in the form in which code gets it.</summary>
internal sealed record TerminalOutputPayload(string Output);
