using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using RolloutTrace.Analysis;
using RolloutTrace.Lake.Columns;
using RolloutTrace.Reducer;

namespace RolloutTrace.Lake.Tables;

/// <summary>One row an item of a conversation.</summary>
internal sealed class ItemsTable : Table<ItemRow>
{
    public override string Name => "items";

    protected override ColumnList<Entry> Describe(ColumnList<Entry> columns) => columns
        .Key("item_id", static entry => entry.Row.Item.ItemId)
        .Number("number", static entry => NumberOf(entry.Row.Item.ItemId))
        .Text("thread_id", static entry => entry.Row.Item.ThreadId)
        .Text("turn_id", static entry => entry.Row.Item.CodexTurnId)
        .Text("role", static entry => WireName.Of(entry.Row.Item.Role))
        .Text("channel", static entry => entry.Row.Item.Channel is { } channel ? WireName.Of(channel) : null)
        .Text("kind", static entry => WireName.Of(entry.Row.Item.Kind))
        .Text("call_id", static entry => entry.Row.Item.CallId)
        .Time("first_seen_at", static entry => entry.Row.Item.FirstSeenAtUnixMs)
        .Number("bytes", static entry => entry.Row.Bytes)
        .Text("sha256", static entry => entry.Row.Sha256)
        .Text("text", static entry => entry.Row.Text);

    protected override IEnumerable<ItemRow> Rows(TableSource source)
    {
        var texts = new WholeItemText(source.Rollout);
        return source.Rollout.Graph.ConversationItems.Values.Select(item =>
        {
            var text = texts.Of(item);
            var bytes = Encoding.UTF8.GetBytes(text);
            return new ItemRow { Item = item, Bytes = bytes.Length, Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)), Text = source.WithText ? text : null };
        });
    }

    private static long? NumberOf(string itemId) =>
        long.TryParse(itemId.AsSpan(itemId.LastIndexOf(':') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
