using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer.Reading;

/// <summary>
/// The lines of a log that could not be read. What they started is unknown, and what later events say of it comes from there: it is
/// counted with the line, not told again.
/// </summary>
internal sealed class UnreadableLines
{
    private long? last;

    /// <summary>The cause of what follows from a line that cannot be read.</summary>
    public static string CauseOf(long lineNumber) => $"line {lineNumber}";

    /// <summary>A line could not be read.</summary>
    public void Note(RawEventLine line)
    {
        if (line.Defect!.Kind != LineDefectKind.TooManyLines)
        {
            last = line.LineNumber;
        }
    }

    /// <summary>The cause of an event being about an object that is not known; null if no line before it could have started it.</summary>
    public string? Cause => last is { } line ? CauseOf(line) : null;
}
