namespace RolloutTrace.Recorder.Recording;

/// <summary>
/// Calls back when the process is about to end in a way that it can notice: by leaving Main, Environment.Exit, SIGTERM, or an
/// unhandled exception. The exit waits for the callback.
/// </summary>
internal sealed class ProcessExit : IDisposable
{
    private readonly Action callback;

    public ProcessExit(Action callback)
    {
        this.callback = callback;
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        AppDomain.CurrentDomain.UnhandledException += OnUnhandledException;
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        AppDomain.CurrentDomain.UnhandledException -= OnUnhandledException;
    }

    private void OnExit(object? sender, EventArgs e) => callback();

    private void OnUnhandledException(object sender, UnhandledExceptionEventArgs e)
    {
        if (e.IsTerminating)
        {
            callback();
        }
    }
}
