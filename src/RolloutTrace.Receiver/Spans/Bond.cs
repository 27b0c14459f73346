namespace RolloutTrace.Receiver.Spans;

/// <summary>What may bind a trace to another.</summary>
/// <param name="Kind">Of what kind it is.</param>
/// <param name="Name">A conversation, a response, or a trace; empty for a history.</param>
/// <param name="History">The hash of a history, or of what was asked.</param>
internal readonly record struct Bond(BondKind Kind, string Name, UInt128 History)
{
    public static Bond Named(string name) => new(BondKind.Name, name, 0);

    public static Bond LinkedTrace(string id) => new(BondKind.LinkedTrace, id, 0);

    public static Bond Answered(UInt128 history) => new(BondKind.Answered, "", history);

    public static Bond Awaited(UInt128 history) => new(BondKind.Awaited, "", history);

    public static Bond Failed(UInt128 asked) => new(BondKind.Failed, "", asked);
}
