namespace RolloutTrace.Receiver.Spans;

/// <summary>One trace that is open, and its files.</summary>
/// <param name="id">Its id, in hexadecimal digits.</param>
/// <param name="directory">Where its files are.</param>
/// <param name="generation">What tells this process's files from others.</param>
internal sealed class OpenTrace(string id, string directory, string generation)
{
    private readonly Lock writing = new();
    private readonly SpanFile messages = new(directory, id, generation, ".pb");
    private readonly SpanFile lines = new(directory, id, generation, ".jsonl");
    private readonly List<string> earlier = [];

    public string Id => id;

    /// <summary>What it belongs to. For who has the shelf's lock.</summary>
    public required SpanGroup Group { get; set; }

    /// <summary>How many requests are writing. For who has the shelf's lock.</summary>
    public int Writers { get; set; }

    /// <summary>Its files, those of earlier processes first.</summary>
    public IReadOnlyList<string> Files
    {
        get
        {
            lock (writing)
            {
                return [.. earlier, .. messages.Paths, .. lines.Paths];
            }
        }
    }

    public long Bytes
    {
        get
        {
            lock (writing)
            {
                return messages.Bytes + lines.Bytes;
            }
        }
    }

    /// <summary>A file that an earlier process has written, or that has been packed.</summary>
    public void AddEarlier(string path)
    {
        lock (writing)
        {
            earlier.Add(path);
        }
    }

    /// <summary>Writes spans.</summary>
    /// <param name="spans">The spans.</param>
    /// <param name="isDurable">Whether the device has them when this returns.</param>
    /// <exception cref="IOException">They cannot be written; all of them have to come again.</exception>
    public void Write(TraceSpans spans, bool isDurable)
    {
        lock (writing)
        {
            if (!spans.Messages.IsEmpty)
            {
                messages.Append(spans.Messages, isDurable);
            }

            if (!spans.Lines.IsEmpty)
            {
                lines.Append(spans.Lines, isDurable);
            }
        }
    }
}
