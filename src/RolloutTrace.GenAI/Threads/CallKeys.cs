using RolloutTrace.GenAI.Items;

namespace RolloutTrace.GenAI.Threads;

/// <summary>What a call can be known by where nothing else tells whose it is.</summary>
internal static class CallKeys
{
    // The span of a call that hands over says to whom, and not by which tool.
    private const string HandOff = "handoff to ";

    public static IEnumerable<string> Of(string service, string? callId, string? name, string? arguments)
    {
        if (callId is not null)
        {
            yield return $"id\0{service}\0{callId}";
        }

        if (name is not null && arguments is not null)
        {
            yield return $"name\0{service}\0{name}\0{ItemBuilder.Canonical(arguments)}";
        }
    }

    /// <summary>All that a call of a model's may be known by.</summary>
    public static IEnumerable<string> OfCall(string service, ModelItem call)
    {
        var keys = Of(service, call.CallId, call.Name, call.Text);
        return call.Name is { } name ? keys.Append(OfTool(service, name)) : keys;
    }

    /// <summary>By its tool alone: a program may change what is called with before it is carried out.</summary>
    public static string OfTool(string service, string name) => $"tool\0{service}\0{name}";

    /// <summary>Whether a tool's name is the one that the model called it by, which may have the plugin's before it.</summary>
    public static bool IsSameTool(string? called, string name) =>
        called is not null
        && (called == name
            || IsEndOf(called, name)
            || IsEndOf(name, called)
            || (name.StartsWith(HandOff, StringComparison.Ordinal) && Mapping.HandOffs.Is(called)));

    private static bool IsEndOf(string longer, string shorter) =>
        longer.Length > shorter.Length
        && longer.EndsWith(shorter, StringComparison.Ordinal)
        && longer[longer.Length - shorter.Length - 1] is '-' or '_' or '.';
}
