using System.Text;
using System.Text.Json;
using RolloutTrace.Wire;

namespace RolloutTrace.Tests.Wire;

/// <summary>Prints all that is read of a request and of a response.</summary>
internal static class DialectPrinter
{
    public static string Request(string json)
    {
        var request = JsonElement.Parse(json);
        var dialect = Dialects.OfRequest(request);
        var text = new StringBuilder($"request in {dialect.Name}\n");
        var items = new WireItems();
        Dialects.ReadList(Dialects.ListOf(request), dialect, items);
        text.Append(WirePrinter.Print(items));

        var given = dialect.ReadGiven(request);
        text.Append($"instructions: {given.Instructions?.ReplaceLineEndings(" / ")}\n");
        foreach (var tool in given.Tools)
        {
            text.Append($"tool {tool.Name} ({tool.Description}) {(tool.Schema.ValueKind == JsonValueKind.Undefined ? "no schema" : tool.Schema.GetRawText())}, {tool.Bytes} bytes\n");
        }

        foreach (var (name, value) in given.Parameters)
        {
            text.Append($"{name}: {value.GetRawText()}\n");
        }

        return text.ToString();
    }

    public static string Response(string json)
    {
        var items = new WireItems();
        var said = Dialects.ReadResponse(JsonElement.Parse(json), items);
        return $"response {said.Id} {said.UpstreamRequestId} {said.Usage} {(said.Defect?.IsShortForm == true ? "in a short form: " : "")}{said.Defect?.Describe("p")}\n{WirePrinter.Print(items)}";
    }
}
