using System.Text.Json;
using RolloutTrace.Wire;

namespace RolloutTrace.Replay.Requests;

/// <summary>Reads what requests of any API gave a model. Safe for concurrent use.</summary>
internal sealed class RequestReader(CanonicalTexts texts)
{
    /// <summary>A request.</summary>
    /// <param name="request">The request in any API's words.</param>
    /// <param name="clockMs">What the clock shows, in milliseconds since the Unix epoch.</param>
    /// <param name="before">The request whose response it continues, and what that said; null where it continues none.</param>
    /// <returns>Null if it has no list of what the model is shown.</returns>
    public RequestShape? Read(JsonElement request, long clockMs, (RequestShape Request, IReadOnlyList<CanonicalText> Response)? before)
    {
        var dialect = Dialects.OfRequest(request);
        var list = Dialects.ListOf(request);
        if (list.ValueKind is not (JsonValueKind.Array or JsonValueKind.String))
        {
            return null;
        }

        var items = new WireItems();
        if (list.ValueKind == JsonValueKind.String)
        {
            Dialects.Read(list, dialect, items);
        }
        else
        {
            Dialects.ReadList(list, dialect, items);
        }

        var given = dialect.ReadGiven(request);
        var leading = new List<string>(before?.Request.Leading ?? []);
        var shown = new List<CanonicalText>([.. before?.Request.Items ?? [], .. before?.Response ?? []]);
        Add(items, clockMs, leading, shown);
        return new RequestShape
        {
            Model = JsonText.MemberOrNull(request, "model"),
            Instructions = texts.Of(string.Join('\n', given.Instructions is { Length: > 0 } beside ? [beside, .. leading] : leading), clockMs),
            Leading = leading,
            Items = shown,
            ItemsKey = CanonicalTexts.Join(shown.Select(static item => item.Key)),
            Tools = [.. given.Tools.Select(tool => KeyValuePair.Create(tool.Name ?? "", texts.Of(ToolReader.Of(tool), clockMs)))],
            NeedsLimit = dialect.Name == "messages",
            Parameters = ParameterReader.Read(request),
        };
    }

    /// <summary>What a response showed of itself to the requests that continue it.</summary>
    public IReadOnlyList<CanonicalText> ReadResponse(JsonElement response, long clockMs)
    {
        var items = new WireItems();
        Dialects.ReadResponse(response, items);
        var said = new List<CanonicalText>();
        Add(items, clockMs, leading: null, said);
        return said;
    }

    private void Add(WireItems items, long clockMs, List<string>? leading, List<CanonicalText> shown)
    {
        foreach (var item in items)
        {
            if (leading is not null && shown.Count == 0 && ItemWords.OfSystem(item) is { } system)
            {
                leading.Add(system);
            }
            else if (ItemWords.Of(item) is { } words)
            {
                shown.Add(texts.Of(words, clockMs));
            }
        }
    }
}
