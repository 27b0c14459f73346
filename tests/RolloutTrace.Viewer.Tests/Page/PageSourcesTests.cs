using System.Security.Cryptography;
using System.Text;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Viewer.Tests.Page;

public class PageSourcesTests
{
    [Fact]
    public void The_policy_lets_nothing_run_but_the_script_and_the_style_that_stand_there()
    {
        var html = Documents.Of(Cases.Open("mixed-1001")).Html;

        var policy = Between(html, "<meta http-equiv=\"Content-Security-Policy\" content=\"", "\">");
        policy.ShouldStartWith("default-src 'none'; ");
        policy.ShouldNotContain("unsafe");
        policy.ShouldContain($"script-src '{Hash(html, "<script>", "</script>")}'");
        policy.ShouldContain($"style-src '{Hash(html, "<style>", "</style>")}'");
        html.IndexOf("Content-Security-Policy", StringComparison.Ordinal).ShouldBeLessThan(html.IndexOf("<style>", StringComparison.Ordinal));
        html.Split("<script").Length.ShouldBe(5, "the script, the document in two parts, and the evidence");
    }

    [Fact]
    public void Nothing_of_a_bundle_is_in_the_markup()
    {
        using var bundle = new TestBundle().WithTurn().Request("</script><script>alert(1)</script>", """{"input":"</script><img src=x onerror=alert(1)>"}""");

        Documents.Of(Analysis.OpenRollout.Open(bundle.Open())).Markup.ShouldBe(Documents.Of(Cases.Open("mixed-1001")).Markup);
    }

    [Fact]
    public void The_same_bundle_gives_the_same_page() =>
        Documents.Of(Cases.Open("mixed-1003")).Html.ShouldBe(Documents.Of(Cases.Open("mixed-1003")).Html);

    private static string Hash(string html, string start, string end) =>
        $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Between(html, start, end))))}";

    private static string Between(string html, string start, string end)
    {
        var from = html.IndexOf(start, StringComparison.Ordinal) + start.Length;
        return html[from..html.IndexOf(end, from, StringComparison.Ordinal)];
    }
}
