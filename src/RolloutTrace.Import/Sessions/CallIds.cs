using System.Text.Json;

namespace RolloutTrace.Import.Sessions;

/// <summary>
/// The ids of a thread's calls. A program may count them anew in every answer; strict readers take an id for one call and one output
/// only. So a call whose id was used before gets an id of its own, which its output gets too: an output belongs to the latest call
/// of its id. What the log had stands beside it.
/// </summary>
/// <param name="spool">Keeps what items say.</param>
internal sealed class CallIds(LogSpool spool)
{
    private const string Given = "log_call_id";

    private readonly Dictionary<string, string> latest = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> uses = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Id, bool IsOutput), HistoryItem> known = [];

    /// <summary>The item under an id that is free.</summary>
    /// <param name="item">An item that the log has at this place.</param>
    public HistoryItem Take(HistoryItem item) => item.CallId is null ? item : item.IsOutput ? Output(item) : Add(item, item.CallId);

    /// <summary>The item of a new history, which may repeat what was there before.</summary>
    public HistoryItem Again(HistoryItem item) =>
        item.CallId is { } id && known.TryGetValue((latest.GetValueOrDefault(id, id), item.IsOutput), out var before) && before.SaysTheSame(item) ? before : Take(item);

    private HistoryItem Output(HistoryItem item)
    {
        var id = latest.GetValueOrDefault(item.CallId!, item.CallId!);
        return id == item.CallId || known.ContainsKey((id, true)) ? Add(item, id) : Keep(Renamed(item, id), id);
    }

    private HistoryItem Add(HistoryItem item, string id)
    {
        var given = item.CallId!;
        if (known.TryGetValue((id, item.IsOutput), out var before))
        {
            if (item.IsOutput && before.SaysTheSame(item))
            {
                return before;
            }

            id = NewId(given);
            item = Renamed(item, id);
        }

        if (!item.IsOutput)
        {
            latest[given] = id;
        }

        return Keep(item, id);
    }

    private HistoryItem Keep(HistoryItem item, string id)
    {
        known[(id, item.IsOutput)] = item;
        return item;
    }

    private string NewId(string given)
    {
        var count = uses.GetValueOrDefault(given, 1);
        string id;
        do
        {
            id = $"{given}~{++count}";
        }
        while (known.ContainsKey((id, true)) || known.ContainsKey((id, false)));

        uses[given] = count;
        return id;
    }

    private HistoryItem Renamed(HistoryItem item, string id)
    {
        using var document = JsonDocument.Parse(item.Json, new JsonDocumentOptions { MaxDepth = Bundle.BundleReaderOptions.MaxDepth });
        return HistoryItem.Of(JsonBuilder.Make(json =>
        {
            json.WriteStartObject();
            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (member.NameEquals("call_id"))
                {
                    json.WriteString("call_id", id);
                    json.WritePropertyName(Given);
                    json.WriteAsRead(member.Value);
                }
                else
                {
                    json.WritePropertyName(member.Name);
                    json.WriteAsRead(member.Value);
                }
            }

            json.WriteEndObject();
        }))?.KeptIn(spool) ?? item;
    }
}
