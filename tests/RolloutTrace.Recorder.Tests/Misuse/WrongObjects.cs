using System.Collections;

namespace RolloutTrace.Recorder.Tests.Misuse;

/// <summary>An exception that cannot even say what happened.</summary>
internal sealed class Silent : Exception
{
    public override string Message => throw new InvalidOperationException();
}

internal sealed class ThrowingList : IReadOnlyList<string>
{
    public int Count => throw new InvalidOperationException();

    public string this[int index] => throw new InvalidOperationException();

    public IEnumerator<string> GetEnumerator() => throw new InvalidOperationException();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

internal sealed class EndlessList : IReadOnlyList<string>
{
    public int Count => int.MaxValue;

    public string this[int index] => "x";

    public IEnumerator<string> GetEnumerator()
    {
        while (true)
        {
            yield return "x";
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

internal sealed class WrongClock(Func<DateTimeOffset> now) : TimeProvider
{
    public override long TimestampFrequency => 0;

    public override DateTimeOffset GetUtcNow() => now();

    public override long GetTimestamp() => now().Ticks;
}

/// <summary>Each look at it is an hour earlier.</summary>
internal sealed class SteppingBack : TimeProvider
{
    private int looks;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddYears(50).AddHours(-Interlocked.Increment(ref looks));

    public override long GetTimestamp() => GetUtcNow().Ticks;
}
