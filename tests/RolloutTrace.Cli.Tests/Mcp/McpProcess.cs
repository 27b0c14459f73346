using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace RolloutTrace.Cli.Tests.Mcp;

/// <summary>The server as a process of its own, with the protocol's own client at its other end.</summary>
internal sealed class McpProcess : IAsyncDisposable
{
    private McpProcess(McpClient client) => Client = client;

    public McpClient Client { get; }

    /// <summary>The command line that starts it.</summary>
    public static string[] CommandLineOf(string root, params string[] options) => ["exec", Path.Join(AppContext.BaseDirectory, "rollout-trace.dll"), "mcp", root, .. options];

    public static async Task<McpProcess> Start(string root, params string[] options) => new(await McpClient.CreateAsync(
        new StdioClientTransport(new StdioClientTransportOptions { Name = "tests", Command = "dotnet", Arguments = CommandLineOf(root, options) })));

    /// <summary>The answer of a call that is answered.</summary>
    public async Task<JsonObject> Ask(string tool, params (string Name, object? Value)[] arguments)
    {
        var (isError, text) = await Call(tool, arguments);
        isError.ShouldBeFalse(text);
        return JsonNode.Parse(text)!.AsObject();
    }

    /// <summary>The words of a call that is refused.</summary>
    public async Task<string> AskInVain(string tool, params (string Name, object? Value)[] arguments)
    {
        var (isError, text) = await Call(tool, arguments);
        isError.ShouldBeTrue(text);
        return text;
    }

    /// <summary>A list of an answer from the first page to the last, and how many pages there were.</summary>
    public async Task<(List<JsonObject> Entries, int Pages)> AskForAll(string tool, string member, params (string Name, object? Value)[] arguments)
    {
        var entries = new List<JsonObject>();
        var pages = 0;
        string? cursor = null;
        do
        {
            var page = await Ask(tool, cursor is null ? arguments : [.. arguments, ("cursor", cursor)]);
            page[member]!.AsArray().Count.ShouldBeGreaterThan(0, $"page {pages} of {tool} has nothing, and says that there is more");
            entries.AddRange(page[member]!.AsArray().Select(static entry => entry!.AsObject()));
            pages++;
            cursor = page["next"]?.GetValue<string>();
        }
        while (cursor is not null);
        return (entries, pages);
    }

    public async ValueTask DisposeAsync() => await Client.DisposeAsync();

    private async Task<(bool IsError, string Text)> Call(string tool, (string Name, object? Value)[] arguments)
    {
        var result = await Client.CallToolAsync(tool, arguments.ToDictionary(static argument => argument.Name, static argument => argument.Value));
        return (result.IsError == true, result.Content.ShouldHaveSingleItem().ShouldBeOfType<TextContentBlock>().Text);
    }
}
