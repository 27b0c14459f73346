namespace RolloutTrace.Reducer.Reading;

/// <summary>Tells at every hundredth of the log how much of it is done.</summary>
internal sealed class LogProgress(IProgress<double> progress, long logBytes)
{
    private long next;

    public void Report(long doneBytes)
    {
        if (doneBytes >= next)
        {
            progress.Report(Math.Min(1, (double)doneBytes / Math.Max(logBytes, 1)));
            next = doneBytes + (logBytes / 100);
        }
    }
}
