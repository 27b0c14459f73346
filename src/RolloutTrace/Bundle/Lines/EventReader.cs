using System.Buffers;

namespace RolloutTrace.Bundle;

/// <summary>
/// Goes through an event log, the one reader of its lines. A line gives any number of events: one, by the short way if it is in
/// canonical form and by the contract if not; those that <see cref="LineRepair"/> finds on a line that the contract refuses; or none and
/// the reason. Holds a line at a time. Not safe for concurrent use.
/// </summary>
internal sealed class EventReader
{
    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");

    private readonly LineReader lines;
    private readonly long maxLines;
    private readonly CanonicalLine canonical = new();
    private RawEvent? last;

    private EventReader(LineReader lines, long maxLines)
    {
        this.lines = lines;
        this.maxLines = maxLines;
    }

    /// <summary>What the lines of a log that are not blank give, in file order.</summary>
    /// <exception cref="BundleException">The log cannot be opened or read.</exception>
    public static IEnumerable<RawEventLine> Read(BundleFiles files, string log, BundleReaderOptions options)
    {
        using var lines = new LineReader(files.OpenRead(log), files.DisplayNameOf(log), options.MaxLineBytes);
        foreach (var line in new EventReader(lines, options.MaxLines).Read())
        {
            yield return line;
        }
    }

    private IEnumerable<RawEventLine> Read()
    {
        while (lines.MoveNext())
        {
            if (lines.LineNumber > maxLines)
            {
                yield return Defect(new LineDefect(LineDefectKind.TooManyLines, $"the log has more than {maxLines} lines; the rest is not read"));
                yield break;
            }

            if (canonical.TryRead(lines.Current, out var rawEvent))
            {
                yield return Event(rawEvent);
            }
            else
            {
                foreach (var other in ReadOther())
                {
                    yield return other;
                }
            }
        }
    }

    // A line that is not in canonical form, which is rare.
    private IReadOnlyList<RawEventLine> ReadOther()
    {
        if (lines.IsTooLong)
        {
            return [Defect(new LineDefect(LineDefectKind.TooLong, $"the line is longer than {lines.MaxLineBytes} bytes"))];
        }

        var (rawEvent, defect) = ContractLine.Read(lines.Current);
        if (rawEvent is not null)
        {
            return [Event(rawEvent)];
        }

        var found = LineRepair.Read(lines.Current, defect!, lines.LineNumber, last);
        if (found.Count == 0)
        {
            return [Defect(defect!)];
        }

        var given = new RawEventLine[found.Count];
        for (var i = 0; i < given.Length; i++)
        {
            var (read, refusal, repairs) = found[i];
            given[i] = Event(read) with { Defect = refusal, Repairs = repairs };
        }

        return given;
    }

    private RawEventLine Event(RawEvent rawEvent)
    {
        last = rawEvent;
        return rawEvent.Otel is not { } span || IsSpan(span)
            ? new() { LineNumber = lines.LineNumber, EndOffset = lines.EndOffset, Event = rawEvent }
            : new()
            {
                LineNumber = lines.LineNumber,
                EndOffset = lines.EndOffset,
                Event = rawEvent with { Otel = null },
                Repairs = [LineRepair.ForeignSpan],
            };
    }

    private static bool IsSpan(EventSpan span) =>
        span.TraceId.Length == 32 && !span.TraceId.AsSpan().ContainsAnyExcept(Hex) && span.SpanId.Length == 16 && !span.SpanId.AsSpan().ContainsAnyExcept(Hex);

    private RawEventLine Defect(LineDefect defect) => new() { LineNumber = lines.LineNumber, EndOffset = lines.EndOffset, Defect = defect };
}
