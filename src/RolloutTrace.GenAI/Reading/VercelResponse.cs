using System.Text.Json;
using RolloutTrace.GenAI.Items;

namespace RolloutTrace.GenAI.Reading;

/// <summary>What a model gave, as the Vercel AI SDK has it: text, thoughts and calls, each in an attribute.</summary>
internal static class VercelResponse
{
    public static ItemBuilder Read(TagTable tags, ItemBuilder input)
    {
        var output = input.Continue();
        output.Begin("assistant");
        output.Think(tags.Text("ai.response.reasoning"), null);
        output.Say(tags.Text("ai.response.text", "ai.response.object", "ai.result.text"));
        if (tags.Json("ai.response.files") is { ValueKind: JsonValueKind.Array } files)
        {
            foreach (var file in files.EnumerateArray())
            {
                output.Add(file);
            }
        }

        if (tags.Json("ai.response.toolCalls", "ai.result.toolCalls") is { } calls)
        {
            ChatMessages.ReadCalls(calls, output);
        }

        output.End();
        return output;
    }
}
