using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer.Reading;

/// <summary>
/// The lines of a log that could not be read. What they started is unknown, and what later events say of it comes from there: it is
/// counted with the line, not told again.
/// </summary>
internal sealed class UnreadableLines
{
    /// <summary>So many lines have a diagnostic each; all behind them have one together. A log may have a hundred million.</summary>
    public const int MostTold = 1_000;

    /// <summary>The cause under which the lines behind those are counted.</summary>
    public const string NotTold = "lines that are no events";

    private int told;
    private long? last;

    /// <summary>The cause of what follows from a line that cannot be read.</summary>
    public static string CauseOf(long lineNumber) => $"line {lineNumber}";

    /// <summary>A line could not be read. Gives its cause, under which it is told or counted.</summary>
    public string Note(RawEventLine line)
    {
        if (line.Defect!.Kind == LineDefectKind.TooManyLines)
        {
            return CauseOf(line.LineNumber);
        }

        if (told == MostTold)
        {
            return NotTold;
        }

        told++;
        last = line.LineNumber;
        return Cause!;
    }

    /// <summary>The cause of an event being about an object that is not known; null if no line before it could have started it.</summary>
    public string? Cause => last is { } line ? CauseOf(line) : null;
}
