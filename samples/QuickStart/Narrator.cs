using System.Text.Json.Nodes;

namespace QuickStart;

/// <summary>Says what the agents do while they do it, a line an item.</summary>
internal sealed class Narrator(TextWriter output)
{
    public void Tell(string agent, string line) => output.WriteLine($"{agent,-9} {line.TrimEnd().ReplaceLineEndings("\n" + new string(' ', 10))}");

    public void TellItem(string agent, string item)
    {
        var json = JsonNode.Parse(item)!;
        Tell(agent, (string)json["type"]! switch
        {
            "reasoning" => $"({json["summary"]![0]!["text"]})",
            "function_call" => $"{json["name"]} {json["arguments"]}",
            "custom_tool_call" => $"{json["name"]} {json["input"]}",
            "function_call_output" or "custom_tool_call_output" => $"  | {json["output"]}",
            "agent_message" => $"< {json["author"]}: {json["content"]![0]!["text"]}",
            _ => $"{((string)json["role"]! is "user" ? "> " : "")}{json["content"]![0]!["text"]}",
        });
    }
}
