using System.Text.Json;
using RolloutTrace.Wire;

namespace RolloutTrace.Content;

/// <summary>Instructions that stand beside the messages of a request, as parts of the conventions.</summary>
internal static class SystemInstructions
{
    /// <summary>The parts; empty if the request has none beside its messages.</summary>
    public static List<InstructionPart> Of(JsonElement request)
    {
        var parts = new List<InstructionPart>();
        if (Dialects.OfRequest(request).Instructions is { } member)
        {
            var instructions = JsonText.Member(request, member);
            Add(parts, instructions.ValueKind == JsonValueKind.Undefined && member == "systemInstruction" ? JsonText.Member(request, "system_instruction") : instructions);
        }

        return parts;
    }

    // A text, a block with one, or blocks, in a list or in a message with parts.
    private static void Add(List<InstructionPart> parts, JsonElement instructions)
    {
        if (MessageItems.IsText(instructions))
        {
            parts.Add(new InstructionPart(GenAIPart.Text(instructions)));
        }
        else if (instructions.ValueKind == JsonValueKind.Array)
        {
            foreach (var block in instructions.EnumerateArray())
            {
                Add(parts, block);
            }
        }
        else if (instructions.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in (string[])["text", "content", "parts"])
            {
                if (JsonText.Member(instructions, member) is { ValueKind: JsonValueKind.String or JsonValueKind.Array } inner)
                {
                    Add(parts, inner);
                    return;
                }
            }

            parts.Add(new InstructionPart(GenAIPart.Source(instructions, label: null)));
        }
    }
}
