using RolloutTrace.GenAI.Items;
using RolloutTrace.GenAI.Reading;

namespace RolloutTrace.GenAI.Threads;

/// <summary>The calls that answers of threads have asked for, and that nobody has carried out yet.</summary>
internal sealed class WaitingCalls
{
    private const int MaxKeys = 65_536;
    private const int MaxWaiting = 1_024;

    private readonly Dictionary<string, List<WaitingCall>> openCalls = new(StringComparer.Ordinal);

    /// <summary>The threads that a tool's span may be of, the surest first: by its id, by what it is called with, and, if it has no id, where one alone waits for its tool.</summary>
    public IEnumerable<KnownThread> Of(SpanReading span, ToolReading tool)
    {
        foreach (var key in CallKeys.Of(span.Service, tool.CallId, tool.Name, tool.Arguments))
        {
            if (OfOpenCall(key, span.Span) is { } thread)
            {
                yield return thread;
            }
        }

        var anyOfTool = CallKeys.OfTool(span.Service, tool.Name);
        if (tool.CallId is null && !AreSeveralWaiting(anyOfTool) && OfOpenCall(anyOfTool, span.Span) is { } only)
        {
            yield return only;
        }
    }

    /// <summary>Whether several threads wait for a call of that key.</summary>
    public bool AreSeveralWaiting(string callKey) =>
        openCalls.TryGetValue(callKey, out var waiting) && waiting.Exists(call => call.Thread != waiting[0].Thread);

    /// <summary>A call that a request asked for waits to be carried out, which may happen where nothing else tells whose it is.</summary>
    public void Waits(KnownThread thread, ModelItem call, SpanReading request)
    {
        foreach (var key in CallKeys.OfCall(request.Service, call))
        {
            Waits(thread, key, request.Span);
        }
    }

    /// <summary>A call that a thread has waited for has been carried out.</summary>
    public void IsCarriedOut(KnownThread thread, string service, ModelItem call)
    {
        foreach (var key in CallKeys.OfCall(service, call))
        {
            IsCarriedOut(thread, key);
        }
    }

    // Of several that wait the one whose request is nearest to the tool's span, of those the latest.
    private KnownThread? OfOpenCall(string callKey, ForeignSpan tool)
    {
        if (!openCalls.TryGetValue(callKey, out var waiting))
        {
            return null;
        }

        var (found, nearest) = (waiting[0].Thread, int.MinValue);
        foreach (var call in waiting)
        {
            if (call.NearnessOf(tool) is var near && near >= nearest)
            {
                (found, nearest) = (call.Thread, near);
            }
        }

        return found;
    }

    private void Waits(KnownThread thread, string callKey, ForeignSpan request)
    {
        if (!openCalls.TryGetValue(callKey, out var waiting))
        {
            if (openCalls.Count >= MaxKeys)
            {
                openCalls.Clear();
            }

            openCalls[callKey] = waiting = [];
        }

        if (waiting.Count >= MaxWaiting)
        {
            waiting.RemoveAt(0);
        }

        waiting.Add(new WaitingCall(thread, RequestPlace.Of(request)));
    }

    // One of several with that key, whichever.
    private void IsCarriedOut(KnownThread thread, string callKey)
    {
        if (openCalls.TryGetValue(callKey, out var waiting) && waiting.FindIndex(call => call.Thread == thread) is var at and >= 0)
        {
            waiting.RemoveAt(at);
            if (waiting.Count == 0)
            {
                openCalls.Remove(callKey);
            }
        }
    }
}
