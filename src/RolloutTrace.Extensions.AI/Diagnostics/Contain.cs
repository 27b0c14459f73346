namespace RolloutTrace.Extensions.AI.Diagnostics;

/// <summary>Keeps what goes wrong while tracing from the observed program, and reports it.</summary>
internal static class Contain
{
    public static void Run<TState>(string where, TState state, Action<TState> trace)
    {
        try
        {
            trace(state);
        }
        catch (Exception e)
        {
            MiddlewareEventSource.Log.Contained(where, e.GetType().FullName ?? e.GetType().Name);
        }
    }

    /// <summary>What tracing gave; null if it failed.</summary>
    public static TResult? Run<TState, TResult>(string where, TState state, Func<TState, TResult?> trace)
        where TResult : class
    {
        try
        {
            return trace(state);
        }
        catch (Exception e)
        {
            MiddlewareEventSource.Log.Contained(where, e.GetType().FullName ?? e.GetType().Name);
            return null;
        }
    }
}
