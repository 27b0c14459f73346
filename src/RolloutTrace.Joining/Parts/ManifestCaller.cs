using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Wire;

namespace RolloutTrace.Joining.Parts;

/// <summary>Looks at what a manifest says of a caller. Readers ignore what is odd about it; whoever joins says so.</summary>
internal static class ManifestCaller
{
    private static readonly string[] Ids = ["rollout_id", "thread_id", "tool_call_id"];

    /// <summary>What is wrong; null if nothing, or nobody is named.</summary>
    public static string? Problem(JsonElement manifest)
    {
        var caller = JsonText.Member(manifest, "caller");
        if (caller.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return null;
        }

        if (caller.ValueKind != JsonValueKind.Object)
        {
            return "its caller is no object";
        }

        foreach (var member in Ids)
        {
            var id = JsonText.Member(caller, member);
            if (id.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null) && JsonText.OrNull(id) is not { Length: > 0 })
            {
                return $"its caller's {member} is malformed";
            }
        }

        var span = JsonText.Member(caller, "otel");
        return span.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null) && CallerReferenceConverter.SpanOf(span) is null ? "its caller's otel is malformed"
            : CallerReferenceConverter.Of(caller) is null ? "its caller names nobody"
            : null;
    }
}
