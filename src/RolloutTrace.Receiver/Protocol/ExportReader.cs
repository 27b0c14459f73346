namespace RolloutTrace.Receiver.Protocol;

/// <summary>Reads a request's message, and has it taken: what HTTP and gRPC have alike.</summary>
internal sealed class ExportReader(IExportSink sink)
{
    // Enough for a few of the largest at once; small ones are thousands.
    private const long Reading = 128L << 20;
    private const long Unzipping = 128L << 20;

    private static readonly TimeSpan LongestReading = TimeSpan.FromMinutes(1);

    private readonly ByteBudget reading = new(Reading);
    private readonly ByteBudget unzipping = new(Unzipping);

    public bool IsReady => sink.IsReady;

    /// <summary>Reads the body, unzips the message in it and has it taken.</summary>
    /// <param name="body">The body.</param>
    /// <param name="signal">What it is about.</param>
    /// <param name="isJson">Whether the message is JSON.</param>
    /// <param name="begin">Reads what stands before the message: how long that is, null if nothing says it, and whether it is zipped.</param>
    /// <param name="gone">The sender has gone.</param>
    /// <exception cref="RefusedException">It is not taken.</exception>
    /// <exception cref="OperationCanceledException">The sender has gone.</exception>
    public async Task<ExportAnswer> ReadAsync(
        Stream body, ExportSignal signal, bool isJson, Func<CancellationToken, ValueTask<(long? Length, bool IsZipped)>> begin, CancellationToken gone)
    {
        if (!sink.IsReady)
        {
            return new ExportAnswer(ExportFate.Unwritable, "it is starting, or ending");
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(gone);
        limit.CancelAfter(LongestReading);
        try
        {
            var (length, isZipped) = await begin(limit.Token).ConfigureAwait(false);
            using var read = await RequestBytes.ReadAsync(body, length, reading, limit.Token).ConfigureAwait(false);
            if (!isZipped)
            {
                return sink.Take(signal, read.Bytes, isJson);
            }

            using var unzipped = await RequestBytes.UnzipAsync(read, unzipping, limit.Token).ConfigureAwait(false);
            read.Dispose();
            return sink.Take(signal, unzipped.Bytes, isJson);
        }
        catch (OperationCanceledException) when (!gone.IsCancellationRequested)
        {
            return new ExportAnswer(ExportFate.Late, $"it did not come within {LongestReading.TotalSeconds} seconds");
        }
    }
}
