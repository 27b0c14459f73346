using RolloutTrace.Analysis;

namespace RolloutTrace.Cli;

/// <summary>A span as it is sent, no larger than a receiver takes.</summary>
internal static class SizedSpan
{
    private const int SmallestText = 64;

    /// <summary>The bytes of a span. If they are too many its longest texts are cut, as little as it takes to halve and halve again what they may have.</summary>
    /// <param name="span">The span.</param>
    /// <param name="maxBytes">The most bytes. A span whose attributes are too many keeps more, since cutting does not help it.</param>
    /// <param name="encode">Makes bytes of a span.</param>
    public static ReadOnlyMemory<byte> Of(RolloutSpan span, int maxBytes, Func<RolloutSpan, ReadOnlyMemory<byte>> encode)
    {
        var bytes = encode(span);
        for (var limit = maxBytes / 2; bytes.Length > maxBytes && limit >= SmallestText; limit /= 2)
        {
            bytes = encode(span.Cut(limit));
        }

        return bytes;
    }
}
