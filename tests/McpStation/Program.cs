using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

// A weather station as an MCP server on standard input and output. It writes the trace context of each call that it gets into the file
// that it is given.
var log = args[0];
var options = new McpServerOptions
{
    ServerInfo = new Implementation { Name = "station", Version = "1.0" },
    ToolCollection =
    [
        McpServerTool.Create(
            (string city, RequestContext<CallToolRequestParams> context) =>
            {
                File.AppendAllText(log, $"{city} {context.Params?.Meta?["traceparent"]}\n");
                return city == "Atlantis" ? throw new McpException("no such city") : $"sunny in {city}";
            },
            new() { Name = "weather", Description = "Tells the weather." }),
    ],
};
await using var server = McpServer.Create(new StdioServerTransport("station"), options);
await server.RunAsync();
