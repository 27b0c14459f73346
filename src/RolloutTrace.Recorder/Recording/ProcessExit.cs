using System.Runtime.InteropServices;

namespace RolloutTrace.Recorder.Recording;

/// <summary>
/// Calls back when the process is about to end in a way that it can notice: by leaving Main, Environment.Exit, an unhandled
/// exception, or a signal that asks it to end. The end waits for the callback; whether there is one is not decided here.
/// </summary>
internal sealed class ProcessExit : IDisposable
{
    // The runtime leaves these to the system, which ends the process on the spot.
    private static readonly PosixSignal[] Signals = [PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGHUP, PosixSignal.SIGQUIT];

    private readonly Action callback;
    private readonly List<PosixSignalRegistration> registrations = [];

    public ProcessExit(Action callback)
    {
        this.callback = callback;
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        AppDomain.CurrentDomain.UnhandledException += OnUnhandledException;
        foreach (var signal in Signals)
        {
            Register(signal);
        }
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        AppDomain.CurrentDomain.UnhandledException -= OnUnhandledException;
        registrations.ForEach(static r => r.Dispose());
    }

    private void Register(PosixSignal signal)
    {
        try
        {
            registrations.Add(PosixSignalRegistration.Create(signal, _ => callback()));
        }
        catch (Exception e) when (e is PlatformNotSupportedException or IOException)
        {
            // Where a signal cannot be noticed, what was handed over a moment ago is on disk anyway.
        }
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
