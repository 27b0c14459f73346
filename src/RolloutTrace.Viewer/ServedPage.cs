using System.Text;
using RolloutTrace.Viewer.Page;

namespace RolloutTrace.Viewer;

/// <summary>
/// A page that fetches what it shows from where it came, and shows it as it goes on. It has nothing of any rollout in it. Beside it have to be, with
/// the page's own query: <c>changes</c>, server-sent events that have the tag of what is to be fetched, again when that is another; for the list <c>list</c>, and for a rollout
/// <c>data</c> and <c>evidence</c>, with the tag as <c>ETag</c>. What cannot be given has a status that says so, and words as plain text.
/// </summary>
public sealed class ServedPage
{
    private static readonly Lazy<ServedPage> TheList = new(static () => Of("list.html", "list.txt"));
    private static readonly Lazy<ServedPage> TheRollout = new(static () => Of("served.html", "modules.txt"));

    private ServedPage(byte[] html, string policy) => (Html, Policy) = (html, policy);

    /// <summary>The list of rollouts. Its <c>list</c> is an object with <c>root</c>, the directory, and <c>list</c>, what <c>rollout-trace list</c> prints; it leads to <c>rollout?name=</c> with what is in <c>bundle</c> there.</summary>
    public static ServedPage List => TheList.Value;

    /// <summary>A rollout. Its <c>data</c> is what <see cref="RolloutPage.WriteDocument"/> writes, its <c>evidence</c> what <see cref="RolloutPage.WriteEvidence"/> writes.</summary>
    public static ServedPage Rollout => TheRollout.Value;

    /// <summary>The page, as UTF-8.</summary>
    public ReadOnlyMemory<byte> Html { get; }

    /// <summary>Its content security policy, which stands in it too.</summary>
    public string Policy { get; }

    private static ServedPage Of(string html, string modules)
    {
        var (page, policy) = PageSources.Fill(html, modules);
        return new ServedPage(Encoding.UTF8.GetBytes(page), policy);
    }
}
