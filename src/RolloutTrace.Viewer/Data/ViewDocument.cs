using System.Buffers;
using System.Text.Json;
using RolloutTrace.Analysis;

namespace RolloutTrace.Viewer.Data;

/// <summary>
/// The document that the page shows, whole or in two parts: the second has what the first view does not need, and is a large half. Each section writes what is in
/// the member of its name.
/// </summary>
internal static class ViewDocument
{
    public const int Version = 1;

    /// <summary>Writes the document.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="options">What to show.</param>
    /// <param name="destination">Where to.</param>
    /// <param name="rest">Where the second part goes; null to write all as one.</param>
    public static void Write(OpenRollout rollout, RolloutPageOptions options, Stream destination, Stream? rest = null)
    {
        var scope = new ViewScope(rollout, options);

        // What requests gave is read from their payloads, once. Only the sections behind the items want it.
        var given = Task.Run(() => rollout.Graph.InferenceCalls.Values.FirstOrDefault() is { } first ? rollout.GivenOf(first) : null);

        // These need nothing that the others write, and take as long as all of them. The first does not wait for what is read, and few threads are there.
        var beside = Task.Run(() => Rest(scope, rest));
        var findings = Task.Run(() => Apart(json => FindingsSection.Write(json, scope)));
        using var json = ViewJson.WriterTo(destination);
        json.WriteStartObject();
        json.WriteString("format", "rollout-trace-view");
        json.WriteNumber("version", Version);
        json.WriteBoolean("has_content", scope.HasContent);
        Head(json, scope);
        NodesSection.Write(json, scope);
        ThreadsSection.Write(json, scope);
        ItemsSection.Write(json, scope);
        given.GetAwaiter().GetResult();
        RequestsSection.Write(json, scope);
        ToolsSection.Write(json, scope);
        CompactionsSection.Write(json, scope);
        EdgesSection.Write(json, scope);

        // Known only now: the sections before have put them there.
        json.Texts("texts", scope.Texts.Texts);
        json.Flush();
        destination.Write(","u8);
        destination.Write(findings.GetAwaiter().GetResult().Span);
        if (beside.GetAwaiter().GetResult() is { IsEmpty: false } members)
        {
            destination.Write(","u8);
            destination.Write(members.Span);
        }

        json.WriteEndObject();
    }

    private static ReadOnlyMemory<byte> Rest(ViewScope scope, Stream? destination)
    {
        if (destination is null)
        {
            return Apart(Write);
        }

        using var json = ViewJson.WriterTo(destination);
        json.WriteStartObject();
        Write(json);
        json.WriteEndObject();
        return default;

        void Write(Utf8JsonWriter to)
        {
            OperationsSection.Write(to, scope);
            ThingsSection.Write(to, scope);
        }
    }

    private static ReadOnlyMemory<byte> Apart(Action<Utf8JsonWriter> write)
    {
        var members = new ArrayBufferWriter<byte>();
        using (var json = ViewJson.WriterTo(members))
        {
            write(json);
        }

        return members.WrittenMemory;
    }

    private static void Head(Utf8JsonWriter json, ViewScope scope)
    {
        var graph = scope.Graph;
        json.WriteStartObject("rollout");
        json.WriteString("rollout_id", graph.RolloutId);
        json.WriteString("trace_id", graph.TraceId);
        json.Text("bundle", scope.Rollout.Bundle?.Name);
        json.WriteString("status", KindName.Of(scope.Rollout.Liveness.Status));
        json.Text("status_evidence", scope.Rollout.Liveness.Evidence);
        json.WriteNumber("started_at_unix_ms", graph.StartedAtUnixMs);
        json.Number("ended_at_unix_ms", graph.EndedAtUnixMs ?? scope.Rollout.Facts.LastEventAtUnixMs);
        json.Usage("usage", Analysis.Answers.InspectAnswer.Of(scope.Rollout, []).Usage);
        json.WriteEndObject();
    }
}
