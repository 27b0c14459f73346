using System.Text;
using System.Text.Json;
using OpenAI.Responses;

namespace CodingAgent.Narration;

/// <summary>What one agent does, in words. Code that an agent runs may speak beside it.</summary>
internal sealed class AgentVoice(Narrator narrator, string path, string name)
{
    private const int MostLines = 8;
    private const int LongestLine = 160;

    // What few people care for.
    private static readonly string[] Details = ["yield_time_ms", "max_output_tokens"];

    private readonly StringBuilder sentence = new();

    public void Task(string text) => Tell($"> {text}");

    /// <summary>A piece of a message; it is told line by line.</summary>
    public void Say(string delta)
    {
        sentence.Append(delta);
        if (delta.Contains('\n'))
        {
            var text = sentence.ToString();
            var end = text.LastIndexOf('\n');
            sentence.Clear().Append(text, end + 1, text.Length - end - 1);
            Tell(text[..end].Split('\n'));
        }

        narrator.Hear(path, delta);
    }

    /// <summary>An item of an answer has arrived whole.</summary>
    public void Item(ResponseItem item)
    {
        if (item is ReasoningResponseItem reasoning && reasoning.GetSummaryText() is { Length: > 0 } thought)
        {
            Tell($"({thought})");
        }
        else if (item is MessageResponseItem)
        {
            EndSentence("");
        }
    }

    public void Calls(string tool, string input) => Call("", tool, input);

    /// <summary>The agent's code calls a tool.</summary>
    public void CodeCalls(string tool, string input) => Call("  from code: ", tool, input);

    /// <summary>What came of a call.</summary>
    public void Gets(string text) => Tell(Shorten(text).Select(l => $"  | {l}"));

    public void Message(string author, string text) => Tell($"message from {author}: {Line(text)}");

    public void Retrying(Exception exception, TimeSpan delay)
    {
        sentence.Clear();
        Tell($"! the request failed ({Line(exception.Message)}); again in {delay.TotalMilliseconds:0} ms");
    }

    public void Compacted(int before, int after) => Tell($"* the history was compacted: {before} items became {after}");

    public void Interrupted()
    {
        EndSentence("...");
        Tell("! interrupted");
    }

    public void Failed(Exception exception)
    {
        EndSentence("...");
        Tell($"! the turn failed: {Line(exception.Message)}");
    }

    private static IEnumerable<string> Shorten(string text)
    {
        var lines = text.TrimEnd('\n').Split('\n');
        foreach (var line in lines.Take(MostLines))
        {
            yield return Line(line);
        }

        if (lines.Length > MostLines)
        {
            yield return $"... and {lines.Length - MostLines} more";
        }
    }

    private static string Line(string text)
    {
        text = text.ReplaceLineEndings(" ");
        return text.Length <= LongestLine ? text : $"{text[..LongestLine]}...";
    }

    private void Call(string before, string tool, string input)
    {
        var shown = Arguments(input) is not { } arguments ? $"{tool} {input}"
            : tool == "exec_command" && arguments.TryGetProperty("cmd", out var command) ? $"$ {command}"
            : $"{tool} {string.Join(", ", arguments.EnumerateObject().Where(a => !Details.Contains(a.Name)).Select(a => $"{a.Name}: {Printable(a.Value)}"))}";
        Tell(Shorten(shown).Select((l, i) => before + (i == 0 ? l : $"  {l}")));
    }

    private static string Printable(JsonElement value) => (value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText()).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\u0004", "^D", StringComparison.Ordinal);

    private static JsonElement? Arguments(string input)
    {
        try
        {
            return JsonElement.Parse(input) is { ValueKind: JsonValueKind.Object } arguments ? arguments : null;
        }
        catch (JsonException)
        {
            // It is only shown here: what the model wrote instead is shown as it is.
            return null;
        }
    }

    private void EndSentence(string mark)
    {
        if (sentence.Length > 0)
        {
            var text = sentence.Append(mark).ToString();
            sentence.Clear();
            Tell(text.Split('\n'));
        }
    }

    private void Tell(string line) => Tell([line]);

    private void Tell(IEnumerable<string> lines) => narrator.Block(lines.Select(l => $"{name} {l}"));
}
