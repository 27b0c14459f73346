using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer.Reading;

/// <summary>
/// The lines of a log that could not be read. What they started is unknown, and what later events say of it comes from there: it is
/// counted with the line, not told again.
/// </summary>
internal sealed class UnreadableLines
{
    /// <summary>So many lines have a diagnostic each; all behind them are counted with the last of these. A log may have a hundred million.</summary>
    public const int MostTold = 1_000;

    private int told;
    private long? last;

    /// <summary>The cause of what follows from a line that cannot be read.</summary>
    public static string CauseOf(long lineNumber) => $"line {lineNumber}";

    /// <summary>A line could not be read. Gives its cause, under which it is told or counted.</summary>
    public string Note(RawEventLine line)
    {
        if (line.Defect!.Kind != LineDefectKind.TooManyLines && told < MostTold)
        {
            told++;
            last = line.LineNumber;
        }

        return line.Defect.Kind == LineDefectKind.TooManyLines ? CauseOf(line.LineNumber) : Cause!;
    }

    /// <summary>The cause of an event being about an object that is not known; null if no line before it could have started it.</summary>
    public string? Cause => last is { } line ? CauseOf(line) : null;
}
