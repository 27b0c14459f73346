using System.Security.Cryptography;
using System.Text;

namespace RolloutTrace.Viewer.Page;

/// <summary>The page without its data, put together from the sources that this assembly has embedded.</summary>
internal sealed record PageSources
{
    /// <summary>Where the first document goes.</summary>
    public const string DataPlace = "{data}";

    private const string RestPlace = "{rest}";
    private const string EvidencePlace = "{evidence}";
    private const string PolicyPlace = "Content-Security-Policy\" content=\"";

    /// <summary>What stands before the first document.</summary>
    public required byte[] BeforeData { get; init; }

    /// <summary>What stands between it and the evidence, with the script: what is seen first is shown before the others are read.</summary>
    public required byte[] BeforeEvidence { get; init; }

    /// <summary>What stands between the evidence and the rest of the first document, which repeats much of it.</summary>
    public required byte[] BeforeRest { get; init; }

    /// <summary>What stands at the end.</summary>
    public required byte[] AfterRest { get; init; }

    /// <summary>
    /// The script and the style stand in the page itself, and its policy names them by their hashes: nothing else runs, and nothing is fetched.
    /// </summary>
    public static PageSources Assemble()
    {
        var (html, _) = Fill("page.html", "modules.txt");
        var data = html.IndexOf(DataPlace, StringComparison.Ordinal);
        var rest = html.LastIndexOf(RestPlace, StringComparison.Ordinal);
        var evidence = html.LastIndexOf(EvidencePlace, StringComparison.Ordinal);
        return new PageSources
        {
            BeforeData = Encoding.UTF8.GetBytes(html[..data]),
            BeforeEvidence = Encoding.UTF8.GetBytes(html[(data + DataPlace.Length)..evidence]),
            BeforeRest = Encoding.UTF8.GetBytes(html[(evidence + EvidencePlace.Length)..rest]),
            AfterRest = Encoding.UTF8.GetBytes(html[(rest + RestPlace.Length)..]),
        };
    }

    /// <summary>A page with its script and its style in their places, and its policy.</summary>
    /// <param name="page">The page's source.</param>
    /// <param name="modules">The list of its modules.</param>
    public static (string Html, string Policy) Fill(string page, string modules)
    {
        var script = Normalized(ModuleLinker.Link(Read(modules), static name => Read(name + ".js")));
        var style = Normalized(Read("page.css"));
        var html = Normalized(Read(page))
            .Replace("{script-hash}", Hash(script), StringComparison.Ordinal)
            .Replace("{style-hash}", Hash(style), StringComparison.Ordinal);
        var policy = html[(html.IndexOf(PolicyPlace, StringComparison.Ordinal) + PolicyPlace.Length)..];
        return (
            html.Replace("{style}", style, StringComparison.Ordinal).Replace("{script}", script, StringComparison.Ordinal),
            policy[..policy.IndexOf('"', StringComparison.Ordinal)]);
    }

    /// <summary>The text of an embedded source.</summary>
    public static string Read(string name)
    {
        using var stream = typeof(PageSources).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"the page has no source {name}");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    // A parser of HTML makes one line end of all, before anything is hashed.
    private static string Normalized(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal);

    private static string Hash(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";
}
