using System.Buffers;
using System.Text;

namespace RolloutTrace.Benchmarks.Generation;

/// <summary>
/// The conversation as each request repeats it: the bytes of every item so far, verbatim, between the members
/// that stand around <c>input</c>.
/// </summary>
internal sealed class ModelHistory
{
    private const string Placeholder = "input-items-go-here";

    private readonly JsonText json;
    private readonly byte[] before;
    private readonly byte[] after;
    private readonly ArrayBufferWriter<byte> items = new(1 << 20);
    private readonly byte[] listBefore;
    private readonly byte[] listAfter;

    public ModelHistory(JsonText json, TextSource text, string model, string threadId)
    {
        this.json = json;
        (before, after) = Split(json.Bytes(new
        {
            model,
            instructions = "You are a coding agent in a terminal.\n" + text.Prose(200),
            input = new[] { Placeholder },
            tools = new object[]
            {
                new
                {
                    type = "function",
                    name = "exec_command",
                    description = "Runs a command and returns its output.",
                    strict = false,
                    parameters = new
                    {
                        type = "object",
                        properties = new { cmd = new { type = "string" }, workdir = new { type = "string" }, yield_time_ms = new { type = "number" } },
                        required = new[] { "cmd" },
                        additionalProperties = false,
                    },
                },
                new { type = "custom", name = "apply_patch", description = text.Prose(30), format = new { type = "grammar", syntax = "lark" } },
                new { type = "web_search" },
            },
            tool_choice = "auto",
            parallel_tool_calls = true,
            reasoning = new { effort = "medium", summary = "auto" },
            store = false,
            stream = true,
            include = new[] { "reasoning.encrypted_content" },
            prompt_cache_key = threadId,
            text = new { verbosity = "medium" },
        }));
        (listBefore, listAfter) = Split(json.Bytes(new { input_history = new[] { Placeholder }, replacement_history = Array.Empty<object>() }));
    }

    public void Add(object item)
    {
        if (items.WrittenCount > 0)
        {
            items.Write(json.ItemSeparator);
        }

        items.Write(json.ItemBytes(item));
    }

    /// <summary>The request as it would go out now.</summary>
    public ReadOnlyMemory<byte>[] Request() => [before, items.WrittenMemory.ToArray(), after];

    /// <summary>Puts <paramref name="replacement"/> in place of everything and gives the checkpoint that says so.</summary>
    public ReadOnlyMemory<byte>[] Replace(object[] replacement)
    {
        var replaced = items.WrittenMemory.ToArray();
        items.ResetWrittenCount();
        foreach (var item in replacement)
        {
            Add(item);
        }

        var end = Encoding.UTF8.GetString(listAfter).LastIndexOf("[]", StringComparison.Ordinal) + 1;
        return [listBefore, replaced, listAfter.AsMemory(0, end), items.WrittenMemory.ToArray(), listAfter.AsMemory(end)];
    }

    private static (byte[] Before, byte[] After) Split(byte[] document)
    {
        var marker = Encoding.UTF8.GetBytes($"\"{Placeholder}\"");
        var at = document.AsSpan().IndexOf(marker);
        return (document[..at], document[(at + marker.Length)..]);
    }
}
