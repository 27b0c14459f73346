namespace RolloutTrace.Recorder.Recording;

/// <summary>
/// Does what may touch a disk on a thread of its own, so that whoever waits for it can stop waiting. The thread does not keep the
/// process alive, and needs none of the pool.
/// </summary>
internal static class Aside
{
    /// <summary>Does it and waits for it, so long at most.</summary>
    /// <param name="action">What to do. It is not stopped when nobody waits any more.</param>
    /// <param name="milliseconds">How long to wait; -1 for as long as it takes.</param>
    /// <param name="failed">Is given what it throws.</param>
    /// <returns>Whether it was done in time.</returns>
    public static bool TryRun(Action action, int milliseconds, Action<Exception> failed)
    {
        var thread = new Thread(() =>
        {
            try
            {
                action();
            }
            catch (Exception e)
            {
                failed(e);
            }
        })
        {
            IsBackground = true,
            Name = "RolloutTrace recorder, ending",
        };
        thread.UnsafeStart();
        return thread.Join(milliseconds);
    }
}
