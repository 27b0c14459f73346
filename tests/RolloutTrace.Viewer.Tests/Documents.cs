using System.IO.Compression;
using System.Text;
using System.Text.Json;
using RolloutTrace.Analysis;

namespace RolloutTrace.Viewer.Tests;

/// <summary>A page, what it shows, which is in two parts there, and the evidence.</summary>
internal sealed record Documents(string Html, JsonElement Data, EvidenceBytes Evidence)
{
    private static readonly JsonSerializerOptions Deep = new() { MaxDepth = 256 };

    public static Documents Of(OpenRollout rollout, RolloutPageOptions? options = null)
    {
        using var page = new MemoryStream();
        RolloutPage.Write(rollout, page, options);
        var html = Encoding.UTF8.GetString(page.ToArray());
        var evidence = new EvidenceBytes(Bytes(html, "evidence"));
        return new Documents(html, Together(Read(Bytes(html, "data")), Read(Repeats.Undo(Bytes(html, "rest"), evidence.Bytes))), evidence);
    }

    /// <summary>The numbers that runs stand for.</summary>
    public static IEnumerable<int> Expand(JsonElement runs) =>
        runs.EnumerateArray().SelectMany(static run => Enumerable.Range(run[0].GetInt32(), run[1].GetInt32() - run[0].GetInt32() + 1));

    /// <summary>The page without its documents.</summary>
    public string Markup => Without(Without(Without(Html, "data"), "rest"), "evidence");

    private static JsonElement Together(params JsonElement[] parts)
    {
        var members = parts.SelectMany(static part => part.EnumerateObject()).ToArray();
        members.Select(static member => member.Name).ShouldBeUnique();
        return JsonSerializer.SerializeToElement(members.ToDictionary(static member => member.Name, static member => member.Value), Deep);
    }

    private static string Without(string html, string id)
    {
        var (start, end) = Place(html, id);
        return html[..start] + html[end..];
    }

    private static JsonElement Read(byte[] json) => JsonSerializer.Deserialize<JsonElement>(json, Deep);

    private static byte[] Bytes(string html, string id)
    {
        var (start, end) = Place(html, id);
        using var gzip = new GZipStream(new MemoryStream(Convert.FromBase64String(html[start..end])), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        gzip.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static (int Start, int End) Place(string html, string id)
    {
        var tag = $"""<script type="text/plain" id="{id}">""";
        var start = html.IndexOf(tag, StringComparison.Ordinal) + tag.Length;
        return (start, html.IndexOf("</script>", start, StringComparison.Ordinal));
    }
}
