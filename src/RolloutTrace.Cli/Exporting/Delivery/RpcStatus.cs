namespace RolloutTrace.Cli;

/// <summary>The message <c>google.rpc.Status</c>: what a receiver says of a request that it did not take.</summary>
/// <param name="Words">Its words; null for none.</param>
/// <param name="RetryAfter">How long it asks to be left alone; null if it does not say.</param>
internal readonly record struct RpcStatus(string? Words, TimeSpan? RetryAfter)
{
    private const string RetryInfo = "google.rpc.RetryInfo";
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    public static RpcStatus Read(ReadOnlySpan<byte> message)
    {
        string? words = null;
        TimeSpan? retryAfter = null;
        var status = new ProtobufReader(message);
        while (status.Read())
        {
            switch (status.Field)
            {
                case 2 when !status.Bytes.IsEmpty:
                    words = status.Text;
                    break;
                case 3:
                    retryAfter = RetryDelayOf(status.Bytes) ?? retryAfter;
                    break;
                default:
                    break;
            }
        }

        return new RpcStatus(words, retryAfter);
    }

    // One of the details, of any type.
    private static TimeSpan? RetryDelayOf(ReadOnlySpan<byte> detail)
    {
        var type = "";
        TimeSpan? delay = null;
        var any = new ProtobufReader(detail);
        while (any.Read())
        {
            switch (any.Field)
            {
                case 1:
                    type = any.Text;
                    break;
                case 2:
                    delay = Find(any.Bytes, 1) is { Length: > 0 } duration ? DurationOf(duration) : TimeSpan.Zero;
                    break;
                default:
                    break;
            }
        }

        return type.EndsWith(RetryInfo, StringComparison.Ordinal) ? delay : null;
    }

    private static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> message, int field)
    {
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            if (reader.Field == field)
            {
                return reader.Bytes;
            }
        }

        return default;
    }

    private static TimeSpan DurationOf(ReadOnlySpan<byte> message)
    {
        double seconds = 0;
        var duration = new ProtobufReader(message);
        while (duration.Read())
        {
            seconds += duration.Field switch
            {
                1 => (long)duration.Number,
                2 => (int)duration.Number / 1e9,
                _ => 0,
            };
        }

        return TimeSpan.FromSeconds(Math.Clamp(seconds, 0, Longest.TotalSeconds));
    }
}
