using System.Globalization;

namespace RolloutTrace.Import.Tests.Claude;

/// <summary>Writes a log of Claude Code's, a second a line. Each line follows the one before it, unless told otherwise.</summary>
internal sealed class ClaudeLog(string session = ClaudeLog.Session, string? agent = null, int startSecond = 0)
{
    public const string Session = "f8d35189-1a2f-491e-a543-d75ec1246526";

    private readonly List<string> lines = [];
    private string? tip;
    private int seconds = startSecond;
    private bool sidechain;

    public IReadOnlyList<string> Lines => lines;

    public ClaudeLog User(string uuid, string text, string more = "", string? after = "-") => Message("user", uuid, $"\"{text}\"", "", more, after);

    public ClaudeLog UserBlocks(string uuid, string blocks, string more = "", string? after = "-") => Message("user", uuid, $"[{blocks}]", "", more, after);

    public ClaudeLog Result(string uuid, string call, string content, string more = "", string? after = "-", bool isError = false) =>
        Message("user", uuid, $$"""[{"tool_use_id":"{{call}}","type":"tool_result","content":{{content}}{{(isError ? ",\"is_error\":true" : "")}}}]""", "", more, after);

    public ClaudeLog Says(string uuid, string id, string text, int output = 1, string? after = "-") => Answer(uuid, id, $$"""{"type":"text","text":"{{text}}"}""", output, after);

    public ClaudeLog Calls(string uuid, string id, string call, string name = "Bash", string input = """{"command":"ls"}""", int output = 1, string? after = "-") =>
        Answer(uuid, id, $$"""{"type":"tool_use","id":"{{call}}","name":"{{name}}","input":{{input}}}""", output, after);

    public ClaudeLog Answer(string uuid, string id, string block, int output = 1, string? after = "-") => Message(
        "assistant", uuid, $"[{block}]",
        $$""","id":"{{id}}","model":"claude-sonnet","stop_reason":null,"usage":{"input_tokens":1,"cache_creation_input_tokens":10,"cache_read_input_tokens":100,"output_tokens":{{output}}}""",
        ",\"requestId\":\"req_1\"", after);

    public ClaudeLog Message(string role, string uuid, string content, string members, string more = "", string? after = "-") =>
        Line(role, uuid, $$""" "message":{"role":"{{role}}","content":{{content}}{{members}}}{{more}}""", after);

    /// <summary>From now on, lines are a helper's inside the same file.</summary>
    public ClaudeLog Sidechain(bool isOn, string? tipNow = null)
    {
        sidechain = isOn;
        tip = tipNow;
        return this;
    }

    public ClaudeLog Line(string type, string uuid, string members, string? after = "-")
    {
        var parent = after == "-" ? tip : after;
        tip = uuid;
        return Raw($$"""{"parentUuid":{{(parent is null ? "null" : $"\"{parent}\"")}},"isSidechain":{{(sidechain || agent is not null ? "true" : "false")}},{{(agent is null ? "" : $"\"agentId\":\"{agent}\",")}}"cwd":"/home/garden","sessionId":"{{session}}","version":"2.1.40","type":"{{type}}",{{members}},"uuid":"{{uuid}}","timestamp":"{{Time()}}"}""");
    }

    public ClaudeLog Raw(string line)
    {
        lines.Add(line);
        return this;
    }

    /// <summary>Imports it.</summary>
    public ImportedSession Import()
    {
        using var directory = new ImportDirectory();
        return directory.With("session.jsonl", lines).RunOne().Loaded();
    }

    private string Time() => new DateTime(2026, 11, 20, 13, 0, 0, DateTimeKind.Utc).AddSeconds(seconds++).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
