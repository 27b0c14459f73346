using System.Runtime.InteropServices;

namespace RolloutTrace.Recorder.Recording;

/// <summary>
/// Calls back when the process is about to end in a way that it can notice: by leaving Main, Environment.Exit, an unhandled
/// exception, or a signal that asks it to end. The end waits for the callback; whether there is one is not decided here: a program
/// may handle a signal, and go on.
/// </summary>
internal sealed class ProcessExit : IDisposable
{
    // The runtime leaves these to the system, which ends the process on the spot.
    private static readonly PosixSignal[] Signals = [PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGHUP, PosixSignal.SIGQUIT];

    private static long began;

    private readonly Action<bool> callback;
    private readonly List<PosixSignalRegistration> registrations = [];

    /// <param name="callback">Is told whether the end is certain.</param>
    public ProcessExit(Action<bool> callback)
    {
        this.callback = callback;
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        AppDomain.CurrentDomain.UnhandledException += OnUnhandledException;
        foreach (var signal in Signals)
        {
            Register(signal);
        }
    }

    /// <summary>
    /// What is left of a time that began with the end of the process, in milliseconds; all of it before that. So several recorders do
    /// not keep a process one after another.
    /// </summary>
    public static long Left(TimeSpan limit)
    {
        var since = Volatile.Read(ref began);
        var left = (long)limit.TotalMilliseconds - (since == 0 ? 0 : Environment.TickCount64 - since);
        return Math.Clamp(left, 0, int.MaxValue);
    }

    /// <summary>The process ends: the time runs.</summary>
    public static void Begin() => Interlocked.CompareExchange(ref began, Math.Max(1, Environment.TickCount64), 0);

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
            registrations.Add(PosixSignalRegistration.Create(signal, _ => callback(false)));
        }
        catch (Exception e) when (e is PlatformNotSupportedException or IOException)
        {
            // Where a signal cannot be noticed, what was handed over a moment ago is on disk anyway.
        }
    }

    private void OnExit(object? sender, EventArgs e)
    {
        Begin();
        callback(true);
    }

    private void OnUnhandledException(object sender, UnhandledExceptionEventArgs e)
    {
        if (e.IsTerminating)
        {
            Begin();
            callback(true);
        }
    }
}
