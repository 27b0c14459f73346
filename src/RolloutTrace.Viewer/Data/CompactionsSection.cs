using System.Text.Json;
using RolloutTrace.Analysis.Given;

namespace RolloutTrace.Viewer.Data;

/// <summary><c>compactions</c> that were installed: which items gave way to which.</summary>
internal static class CompactionsSection
{
    public static void Write(Utf8JsonWriter json, ViewScope scope)
    {
        json.WriteStartArray("compactions");
        foreach (var compaction in scope.Graph.Compactions.Values
            .OrderBy(compaction => scope.Rollout.Facts.CompactionSeqs.GetValueOrDefault(compaction.CompactionId))
            .ThenBy(static compaction => compaction.InstalledAtUnixMs))
        {
            var change = new CompactionChange(scope.Rollout, compaction);
            json.WriteStartObject();
            json.WriteString("id", compaction.CompactionId);
            json.Number("thread", scope.ThreadOf(compaction.ThreadId));
            json.WriteString("turn", compaction.CodexTurnId);
            json.WriteNumber("at", compaction.InstalledAtUnixMs);
            json.WriteNumber("marker", scope.ItemOf(compaction.MarkerItemId));
            json.Runs("input", compaction.InputItemIds.Select(scope.ItemOf));
            json.Runs("replacement", compaction.ReplacementItemIds.Select(scope.ItemOf));
            json.Runs("gone", change.Gone.Select(item => scope.ItemOf(item.ItemId)));
            json.Runs("stayed", change.Kept.Select(kept => scope.ItemOf(kept.Is.ItemId)));
            json.Texts("requests", compaction.RequestIds);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
