namespace ChatApp;

/// <summary>Two visitors who talk to the application over HTTP, at the same time.</summary>
internal static class Visitors
{
    public static async Task TalkAsync(string address, TextWriter output)
    {
        using var http = new HttpClient { BaseAddress = new Uri(address) };
        var said = await Task.WhenAll(
            TalkAsync(http, "ada", "What can I plant this week?", "And on a balcony?"),
            TalkAsync(http, "ben", "My basil is dying. Why?"));
        foreach (var line in said.SelectMany(lines => lines))
        {
            await output.WriteLineAsync(line);
        }
    }

    private static async Task<List<string>> TalkAsync(HttpClient http, string visitor, params string[] messages)
    {
        List<string> lines = [""];
        foreach (var message in messages)
        {
            using var response = await http.PostAsync(new Uri($"/chat/{visitor}", UriKind.Relative), new StringContent(message));
            response.EnsureSuccessStatusCode();
            lines.Add($"{visitor,-6}> {message}");
            lines.Add($"guide   {await response.Content.ReadAsStringAsync()}");
        }

        return lines;
    }
}
