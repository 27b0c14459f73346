using System.Globalization;

namespace RolloutTrace.Import.Tests.Codex;

/// <summary>Writes a log of Codex's, a second a line.</summary>
internal sealed class CodexLog(int startSecond = 0)
{
    public const string Session = "019f740f-cdc6-738e-a378-8bcf7f73ad65";

    private readonly List<string> lines = [];

    public IReadOnlyList<string> Lines => lines;

    public CodexLog Meta(string id = Session, string members = "\"source\":\"cli\"") => Line("session_meta", $$"""{"id":"{{id}}","timestamp":"2026-11-20T09:00:00.000Z","cwd":"/home/shop",{{members}},"model_provider":"openai","base_instructions":{"text":"Be precise."} }""");

    public CodexLog Started(string turn) => Event($$"""{"type":"task_started","turn_id":"{{turn}}"}""");

    public CodexLog Context(string? turn, string model = "gpt-5.3-codex") =>
        Line("turn_context", $$"""{{{(turn is null ? "" : $"\"turn_id\":\"{turn}\",")}}"cwd":"/home/shop","model":"{{model}}","effort":"medium"}""");

    public CodexLog Completed(string turn) => Event($$"""{"type":"task_complete","turn_id":"{{turn}}"}""");

    public CodexLog Aborted(string turn) => Event($$"""{"type":"turn_aborted","turn_id":"{{turn}}","reason":"interrupted"}""");

    public CodexLog User(string text) => Item($$"""{"type":"message","role":"user","content":[{"type":"input_text","text":"{{text}}"}]}""");

    public CodexLog Says(string text) => Item($$"""{"type":"message","role":"assistant","content":[{"type":"output_text","text":"{{text}}"}]}""");

    public CodexLog Calls(string id, string name = "shell", string arguments = "{}") =>
        Item($$"""{"type":"function_call","name":"{{name}}","arguments":"{{arguments.Replace("\"", "\\\"", StringComparison.Ordinal)}}","call_id":"{{id}}"}""");

    public CodexLog Output(string id, string output = "\"done\"") => Item($$"""{"type":"function_call_output","call_id":"{{id}}","output":{{output}}}""");

    public CodexLog Item(string item) => Line("response_item", item);

    public CodexLog Event(string e) => Line("event_msg", e);

    /// <summary>The sums so far: input, cached, output.</summary>
    public CodexLog Count(int input, int cached, int output) => Event(
        $$$"""{"type":"token_count","info":{"total_token_usage":{"input_tokens":{{{input}}},"cached_input_tokens":{{{cached}}},"output_tokens":{{{output}}},"reasoning_output_tokens":0,"total_tokens":{{{input + output}}}}},"rate_limits":null}""");

    public CodexLog Line(string type, string payload) => Raw(
        $$"""{"timestamp":"{{new DateTime(2026, 11, 20, 9, 0, 0, DateTimeKind.Utc).AddSeconds(startSecond + lines.Count).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)}}","type":"{{type}}","payload":{{payload}}}""");

    /// <summary>Lines of another log, written anew as a fork does.</summary>
    public CodexLog Copy(IEnumerable<string> others)
    {
        lines.AddRange(others.Select(line => string.Concat(lines[0].AsSpan(0, line.IndexOf(",\"type\"", StringComparison.Ordinal)), line.AsSpan(line.IndexOf(",\"type\"", StringComparison.Ordinal)))));
        return this;
    }

    public CodexLog Raw(string line)
    {
        lines.Add(line);
        return this;
    }

    /// <summary>Imports it.</summary>
    public ImportedSession Import()
    {
        using var directory = new ImportDirectory();
        return directory.With("rollout.jsonl", lines).RunOne().Loaded();
    }
}
