using System.Text.Json.Nodes;
using RolloutTrace.Analysis;
using RolloutTrace.Bundle;
using RolloutTrace.Lake;
using RolloutTrace.Reducer;

namespace RolloutTrace.Query.Tests;

/// <summary>What stands in the tables, read by another engine than the one that wrote them, against the reference's states.</summary>
public sealed class TablesTests : IDisposable
{
    private readonly string lake = Directory.CreateTempSubdirectory("rollout-trace-lake-").FullName;

    private string only = "true";

    public void Dispose() => Directory.Delete(lake, recursive: true);

    public static TheoryData<string> FieldBundles => [.. FieldCase.Names];

    public static TheoryData<string> Cases => [.. ConformanceCase.Names.Where(static name => !ConformanceCase.Named(name).IsRefused)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Every_row_is_what_the_state_says(string name)
    {
        var given = ConformanceCase.Named(name);
        await PutAsync(given.Bundle);
        ShouldBeWhatTheStateSays(JsonNode.Parse(given.ExpectedState)!);
    }

    [Theory]
    [MemberData(nameof(FieldBundles))]
    public async Task So_is_every_row_of_recordings_from_the_field_put_twice_and_compacted(string path)
    {
        var bundle = FieldCase.Bundle(path);
        await PutAsync(bundle);
        await PutAsync(bundle);
        using var saved = new MemoryStream();
        RolloutReducer.Reduce(bundle).Graph.Save(saved);
        var state = JsonNode.Parse(saved.ToArray())!;
        ShouldBeWhatTheStateSays(state);

        // Beside another of the same day, so that there is something to do.
        only = $"bundle = '{BundleName.Of(BundleReader.Open(bundle).Manifest)}'";
        using var other = new TestBundle().WithTurn();
        await new RolloutLake(lake).PutAsync("other", BundleName.DayOf(BundleReader.Open(bundle).Manifest.StartedAtUnixMs), await RolloutTables.WriteAsync(OpenRollout.Open(other.Open()), "other"));
        (await new RolloutLake(lake).CompactAsync()).ShouldHaveSingleItem();
        ShouldBeWhatTheStateSays(state);
        await PutAsync(bundle);
        ShouldBeWhatTheStateSays(state);
    }

    private void ShouldBeWhatTheStateSays(JsonNode state)
    {
        Rows("SELECT thread_id, agent_path, nickname, origin, parent_thread_id, default_model, status, duration_ms, items FROM threads ORDER BY thread_id").ShouldBe(
            Expected(state, "threads", static thread => [thread["thread_id"], thread["agent_path"], thread["nickname"], thread["origin"]!["type"], thread["origin"]!["parent_thread_id"], thread["default_model"], .. Window(thread), thread["conversation_item_ids"]!.AsArray().Count]));
        Rows("SELECT turn_id, thread_id, status, duration_ms FROM turns ORDER BY turn_id").ShouldBe(
            Expected(state, "codex_turns", static turn => [turn["codex_turn_id"], turn["thread_id"], .. Window(turn)]));
        Rows("SELECT request_id, thread_id, turn_id, model, provider_name, status, duration_ms, response_id, input_items, output_items, input_tokens, cached_input_tokens, output_tokens FROM requests WHERE kind = 'inference' ORDER BY request_id").ShouldBe(
            Expected(state, "inference_calls", static call =>
            [
                call["inference_call_id"], call["thread_id"], call["codex_turn_id"], call["model"], call["provider_name"], .. Window(call), call["response_id"],
                call["request_item_ids"]!.AsArray().Count, call["response_item_ids"]!.AsArray().Count,
                call["usage"]?["input_tokens"], call["usage"]?["cached_input_tokens"], call["usage"]?["output_tokens"],
            ]));
        Rows("SELECT request_id, compaction_id, status FROM requests WHERE kind = 'compaction' ORDER BY request_id").ShouldBe(
            Expected(state, "compaction_requests", static request => [request["compaction_request_id"], request["compaction_id"], request["execution"]!["status"]]));
        Rows("SELECT item_id, number, thread_id, turn_id, role, channel, kind, call_id FROM items ORDER BY item_id").ShouldBe(
            Expected(state, "conversation_items", static item => [item["item_id"], long.Parse(((string)item["item_id"]!).Split(':')[^1]), item["thread_id"], item["codex_turn_id"], item["role"], item["channel"], item["kind"], item["call_id"]]));
        Rows("SELECT tool_call_id, thread_id, turn_id, call_id, requester, kind, status, duration_ms, exit_code FROM tool_calls ORDER BY tool_call_id").ShouldBe(
            Expected(state, "tool_calls", call => [call["tool_call_id"], call["thread_id"], call["started_by_codex_turn_id"], call["model_visible_call_id"], call["requester"]!["type"], call["kind"]!["type"], .. Window(call), (string?)call["terminal_operation_id"] is { } id ? state["terminal_operations"]![id]?["result"]?["exit_code"] : null]));
        Rows("SELECT edge_id, kind, source_type, target_type FROM edges ORDER BY edge_id").ShouldBe(
            Expected(state, "interaction_edges", static edge => [edge["edge_id"], edge["kind"], edge["source"]!["type"], edge["target"]!["type"]]));
        Rows("SELECT compaction_id, thread_id, turn_id, epoch_ms(installed_at), requests, input_items, replacement_items FROM compactions ORDER BY compaction_id").ShouldBe(
            Expected(state, "compactions", static compaction =>
            [
                compaction["compaction_id"], compaction["thread_id"], compaction["codex_turn_id"], compaction["installed_at_unix_ms"],
                compaction["request_ids"]!.AsArray().Count, compaction["input_item_ids"]!.AsArray().Count, compaction["replacement_item_ids"]!.AsArray().Count,
            ]));
        Rows("SELECT status, epoch_ms(started_at), epoch_ms(ended_at), threads, turns, requests, tool_calls, items FROM rollouts").ShouldBe(
        [
            Line([state["status"], state["started_at_unix_ms"], state["ended_at_unix_ms"], Count("threads"), Count("codex_turns"), Count("inference_calls") + Count("compaction_requests"), Count("tool_calls"), Count("conversation_items")]),
        ]);

        int Count(string member) => state[member]!.AsObject().Count;
    }

    [Fact]
    public async Task A_rollout_as_a_whole()
    {
        await PutAsync(FieldCase.Bundle("tokens-of-compaction/bundle"), withText: true);

        Snapshot.Match(string.Join("\n", RolloutTables.Names.Select(table => $"{table}\n{Csv($"FROM {table}").ReplaceLineEndings("\n")}")), "csv");
    }

    [Fact]
    public async Task A_long_argument_has_its_whole_length_and_hash()
    {
        var argument = $$"""{"text": "{{new string('x', 5_000)}}", "n": 1.50}""";
        using var bundle = new TestBundle().WithTurn().Request("c1", """{"input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"go"}]}]}""")
            .Respond("c1", $$"""{"output_items":[{"type":"function_call","call_id":"1","name":"put","arguments":{{System.Text.Json.JsonSerializer.Serialize(argument)}}}]}""");
        bundle.Open();
        await PutAsync(bundle.Directory, withText: true);

        Csv("SELECT bytes = strlen(text) AS same, sha256 = sha256(text) AS hash, text FROM items WHERE kind = 'function_call'")
            .ShouldBe($"same,hash,text\r\ntrue,true,\"{argument.Replace("\": ", "\":").Replace(", \"n", ",\"n").Replace("\"", "\"\"")}\"\r\n");
    }

    private async Task PutAsync(string directory, bool withText = false)
    {
        var bundle = BundleReader.Open(directory);
        var name = BundleName.Of(bundle.Manifest);
        await new RolloutLake(lake).PutAsync(name, BundleName.DayOf(bundle.Manifest.StartedAtUnixMs), await RolloutTables.WriteAsync(OpenRollout.Open(bundle), name, new RolloutTablesOptions { WithText = withText }));
    }

    private string Csv(string sql) => Ask(sql, "csv");

    private IReadOnlyList<string> Rows(string sql) => [.. JsonNode.Parse(Ask(Only(sql), "json"))!.AsArray().Select(static row => Line(row!.AsObject().Select(static member => member.Value)))];

    private string Only(string sql) => System.Text.RegularExpressions.Regex.Replace(sql, @"(?<=FROM )\w+", $"(SELECT * FROM $0 WHERE {only})", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromMinutes(1));

    private string Ask(string sql, string format)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        QueryProgram.Run([lake, sql, "--format", format], output, error, width: 0).ShouldBe(0, $"{sql}: {error}");
        return output.ToString();
    }

    private static IReadOnlyList<string> Expected(JsonNode state, string member, Func<JsonNode, IEnumerable<JsonNode?>> values) =>
        [.. state[member]!.AsObject().OrderBy(static entry => entry.Key, StringComparer.Ordinal).Select(entry => Line(values(entry.Value!)))];

    private static IEnumerable<JsonNode?> Window(JsonNode thing)
    {
        var run = thing["execution"]!;
        yield return run["status"];
        yield return (long?)run["ended_at_unix_ms"] is { } end && end >= (long)run["started_at_unix_ms"]! ? end - (long)run["started_at_unix_ms"]! : null;
    }

    private static string Line(IEnumerable<JsonNode?> values) => string.Join(" | ", values.Select(static value => value?.ToJsonString() ?? "null"));
}
