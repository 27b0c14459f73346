using System.Text.Json;
using RolloutTrace.Analysis;

namespace RolloutTrace.Viewer.Data;

/// <summary><c>nodes</c>: everything that ran, in the order of the outline, each below its <c>parent</c>, a number in this list.</summary>
internal static class NodesSection
{
    public static void Write(Utf8JsonWriter json, ViewScope scope)
    {
        json.WriteStartArray("nodes");
        var count = 0;
        foreach (var root in RolloutOutline.Of(scope.Rollout))
        {
            Write(json, scope, root, parent: null, ref count);
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, ViewScope scope, OutlineNode node, int? parent, ref int count)
    {
        var number = count++;
        json.WriteStartObject();
        json.WriteString("kind", KindName.Of(node.Kind));
        json.WriteString("id", node.Id);
        json.Text("name", node.Name);
        json.WriteString("status", node.Status);
        json.Flag("is_failure", node.IsFailure);
        json.WriteNumber("started_at_unix_ms", node.StartedAtUnixMs);
        json.WriteNumber("started_seq", node.StartedSeq);
        json.Number("duration_ms", node.DurationMs);
        json.Usage("usage", node.Usage);
        json.Text("preview", node.Kind == OutlineKind.Compaction ? node.Preview : scope.Content(node.Preview));
        json.Text("error", scope.Content(node.Error));
        if (scope.HasContent && node.Error is not null && RolloutFailures.Of(scope.Rollout, node.Kind, node.Id) is { } words && words != node.Error)
        {
            json.WriteNumber("error_whole", scope.Texts.Add(words));
        }

        json.Number("parent", parent);
        json.EndElement();
        foreach (var child in node.Children)
        {
            Write(json, scope, child, number, ref count);
        }
    }
}
