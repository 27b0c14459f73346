using System.Text;
using RolloutTrace.Analysis;
using RolloutTrace.Analysis.Comparing;
using RolloutTrace.Viewer.Data;
using RolloutTrace.Viewer.Page;

namespace RolloutTrace.Viewer;

/// <summary>
/// The conversations of two runs side by side as one HTML file, which needs no other file and no network: aligned as <c>diff</c> does it, with what differed
/// first marked. As on a rollout's page nothing of the bundles reaches the markup.
/// </summary>
public static class ComparisonPage
{
    /// <summary>Writes the page, as UTF-8.</summary>
    /// <param name="comparison">What the two differ in.</param>
    /// <param name="a">The first run.</param>
    /// <param name="b">The second run.</param>
    /// <param name="destination">Where to; it is left open.</param>
    /// <param name="options">What to show; null for the defaults.</param>
    /// <param name="comparing">What is volatile, as it was for the comparison; null for the defaults.</param>
    public static void Write(
        RolloutComparison comparison, OpenRollout a, OpenRollout b, Stream destination, RolloutPageOptions? options = null, ComparisonOptions? comparing = null)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        ArgumentNullException.ThrowIfNull(destination);
        using var document = new MemoryStream();
        RolloutPage.Pack(document, stream => ComparisonDocument.Write(comparison, AlignedConversation.Of(a, b, comparing), a, b, options ?? new RolloutPageOptions(), stream));
        document.Position = 0;
        var (html, _) = PageSources.Fill("compare.html", "compare.txt");
        var place = html.IndexOf(PageSources.DataPlace, StringComparison.Ordinal);
        destination.Write(Encoding.UTF8.GetBytes(html[..place]));
        Base64Lines.Write(document, destination);
        destination.Write(Encoding.UTF8.GetBytes(html[(place + PageSources.DataPlace.Length)..]));
    }
}
