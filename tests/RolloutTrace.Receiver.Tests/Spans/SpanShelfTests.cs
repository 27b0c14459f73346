using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using RolloutTrace.Import;
using RolloutTrace.Receiver.Protocol;
using RolloutTrace.Receiver.Rollouts;
using RolloutTrace.Receiver.Spans;

namespace RolloutTrace.Receiver.Tests.Spans;

/// <summary>What is made of the spans that came is what an import of them gives, byte for byte.</summary>
public sealed class SpanShelfTests
{
    // What goes on from one trace to the next: by what a request shows, by a response, by an agent's link; and by a call that waited for somebody's consent.
    private static readonly string[] Conversations =
    [
        Chat(1, "u:Is it dry?", "a:Yes."),
        Chat(2, "u:Is it dry?|a:Yes.|u:And now?", "a:No."),
        Chat(3, "u:Is it dry?|a:Yes.|u:And now?|a:No.|u:Thanks.", "a:Welcome."),
        Chat(4, "u:Water?", "c:hose"),
        Chat(5, "u:Water?|c:hose|o:done", "a:Done."),
        Chat(6, "u:Weeds?", "a:Two.", """{"key":"gen_ai.response.id","value":{"stringValue":"resp_7"}}"""),
        Chat(7, "u:Pull them.", "a:Pulled.", """{"key":"gen_ai.conversation.id","value":{"stringValue":"resp_7"}},{"key":"gen_ai.response.id","value":{"stringValue":"resp_8"}}"""),
        Chat(8, "u:All?", "a:All.", """{"key":"gen_ai.request.previous_response.id","value":{"stringValue":"resp_8"}}"""),
        Agent(9, ""),
        Agent(10, $$"""{"traceId":"{{Trace(9)}}","spanId":"0000000000000001"}"""),
    ];

    private static IEnumerable<string> Files =>
        Directory.EnumerateFiles(Path.Join(Here(), "..", "..", "RolloutTrace.Import.Tests", "Spans", "Traces")).Order(StringComparer.Ordinal);

    [Fact]
    public void Traces_of_every_dialect_in_batches_of_any_size_in_any_order_some_twice_in_both_encodings_are_what_an_import_gives()
    {
        var entries = Files.SelectMany(File.ReadLines).SelectMany(static line => Entries(JsonNode.Parse(line)!)).Select(static entry => entry.ToJsonString()).Concat(Conversations).ToArray();
        using var directory = new Scratch();
        Import(directory.Path, "conversations", Conversations).Count.ShouldBe(4);
        var expected = Contents(Import(directory.Path, "all", entries));
        expected.Count.ShouldBeGreaterThan(250);

        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            using var spool = new Scratch();
            var received = Contents(Receive(spool.Path, entries, new Random(seed)));
            received.Except(expected).Concat(expected.Except(received)).Select(static f => f.Path).ShouldBeEmpty();
        }).ShouldHold(2);
    }

    [Fact]
    public void Conversations_that_begin_with_the_same_words_are_not_all_one_group_however_many_they_are()
    {
        using var directory = new Scratch();
        var shelf = new SpanShelf(directory.Path, new OpenLimit(10_000), TimeProvider.System);
        for (var i = 0; i < 20; i++)
        {
            Send(shelf, [Chat(2 * i, "u:Hi", "a:Hello! How can I help?"), Chat((2 * i) + 1, $"u:Hi|a:Hello! How can I help?|u:Question {i}", "a:Answer.")], isJson: true);
        }

        var groups = shelf.TakeDue(DateTimeOffset.MaxValue, TimeSpan.FromMinutes(30));
        groups.Count.ShouldBe(20);
        groups.ShouldAllBe(static group => group.Traces.Count == 2);
    }

    private static List<string> Import(string directory, string name, IEnumerable<string> entries)
    {
        File.WriteAllLines(Path.Join(directory, $"{name}.jsonl"), entries);
        return [.. RolloutImport.Run([Path.Join(directory, $"{name}.jsonl")], Path.Join(directory, name)).Rollouts.Select(static rollout => rollout.Bundle)];
    }

    private static List<string> Receive(string directory, IEnumerable<string> sent, Random random)
    {
        var entries = sent.ToArray();
        random.Shuffle(entries);
        var limit = new OpenLimit(10_000);
        var shelf = new SpanShelf(Path.Join(directory, "spool"), limit, TimeProvider.System);
        for (var at = 0; at < entries.Length;)
        {
            var batch = entries.Skip(at).Take(random.Next(1, 40)).ToList();
            at += batch.Count;
            var isAgain = random.Next(4) == 0;
            Send(shelf, batch, random.Next(2) == 0);
            if (isAgain)
            {
                Send(shelf, batch, random.Next(2) == 0);
            }

            if (random.Next(10) == 0)
            {
                limit = new OpenLimit(10_000);
                shelf = new SpanShelf(Path.Join(directory, "spool"), limit, TimeProvider.System);
                shelf.Reopen();
            }
        }

        var bundles = new List<string>();
        while (shelf.TakeDue(DateTimeOffset.MaxValue, TimeSpan.FromMinutes(30)) is { Count: > 0 } due)
        {
            foreach (var group in due.Where(group => !shelf.TryBind(group) && group.Traces.Count > 0))
            {
                var (version, files) = shelf.Look(group);
                bundles.AddRange(SpanMapping.Map([.. files.Values.SelectMany(static paths => paths)], Path.Join(directory, $"{bundles.Count}"), out var lost));
                lost.ShouldBe(0);
                shelf.TryEnd(group, version, copies: null).ShouldBeTrue();
            }

            due.ToList().ForEach(static group => group.IsQueued = false);
        }

        limit.Count.ShouldBe(0);
        return bundles;
    }

    private static string Trace(int number) => $"{number + 1:x32}";

    private static string Chat(int trace, string asked, string answered, string attributes = "") => Export(trace, "chat big", 3, links: "", $$$"""
        {"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},{"key":"gen_ai.request.model","value":{"stringValue":"big"}},
        {"key":"gen_ai.input.messages","value":{"stringValue":{{{JsonValue.Create(Messages(asked)).ToJsonString()}}}}},
        {"key":"gen_ai.output.messages","value":{"stringValue":{{{JsonValue.Create(Messages(answered)).ToJsonString()}}}}}{{{(attributes.Length > 0 ? "," : "")}}}{{{attributes}}}
        """);

    private static string Agent(int trace, string link) =>
        Export(trace, "invoke_agent", 1, link, $$$"""{"key":"gen_ai.operation.name","value":{"stringValue":"invoke_agent"}},{"key":"gen_ai.agent.name","value":{"stringValue":"gardener-{{{trace}}}"}}""");

    private static string Export(int trace, string name, int kind, string links, string attributes) => $$$"""
        {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"garden"}}]},"scopeSpans":[{"scope":{"name":"lib"},"spans":[
        {"traceId":"{{{Trace(trace)}}}","spanId":"0000000000000001","name":"{{{name}}}","kind":{{{kind}}},"links":[{{{links}}}],
        "startTimeUnixNano":"{{{1_795_165_200_000 + (trace * 100)}}}000000","endTimeUnixNano":"{{{1_795_165_200_050 + (trace * 100)}}}000000","attributes":[{{{attributes}}}]}]}]}]}
        """.ReplaceLineEndings(" ");

    // u: the user, a: the model, c: a call, o: what it gave.
    private static string Messages(string words) => new JsonArray([.. words.Split('|').Select(static word => (JsonNode)new JsonObject
    {
        ["role"] = word[0] switch { 'u' => "user", 'o' => "tool", _ => "assistant" },
        ["parts"] = new JsonArray(word[0] switch
        {
            'c' => new JsonObject { ["type"] = "tool_call", ["id"] = "call-1", ["name"] = word[2..], ["arguments"] = new JsonObject() },
            'o' => new JsonObject { ["type"] = "tool_call_response", ["id"] = "call-1", ["response"] = word[2..] },
            _ => new JsonObject { ["type"] = "text", ["content"] = word[2..] },
        }),
    })]).ToJsonString();

    private static void Send(SpanShelf shelf, IEnumerable<string> entries, bool isJson)
    {
        foreach (var (list, take) in ((string, Func<ReadOnlyMemory<byte>, bool, ExportAnswer>)[])[("resourceSpans", shelf.Take), ("resourceLogs", shelf.TakeLogs)])
        {
            var export = new JsonObject { [list] = new JsonArray([.. entries.Select(static entry => JsonNode.Parse(entry)!).SelectMany(entry => entry[list]?.AsArray().Select(static resource => resource!.DeepClone()) ?? [])]) };
            take(isJson ? Encoding.UTF8.GetBytes(export.ToJsonString()) : OtlpMessage.Of(export), isJson).ShouldBe(new ExportAnswer(ExportFate.Taken, "", 0));
        }
    }

    private static List<(string Path, string Content)> Contents(IEnumerable<string> bundles) =>
        [.. bundles.SelectMany(static bundle => Directory.EnumerateFiles(bundle, "*", SearchOption.AllDirectories).Select(file => (Path.GetRelativePath(Path.GetDirectoryName(bundle)!, file), File.ReadAllText(file))))];

    // Each span and each log record as an export of its own.
    private static IEnumerable<JsonNode> Entries(JsonNode export)
    {
        foreach (var (list, scopes, entries) in ((string, string, string)[])[("resourceSpans", "scopeSpans", "spans"), ("resourceLogs", "scopeLogs", "logRecords")])
        {
            var resources = export[list]?.AsArray() ?? [];
            foreach (var (resource, scope, entry) in resources.SelectMany(r => r![scopes]!.AsArray().SelectMany(s => s![entries]!.AsArray().Select(e => (r, s, e)))))
            {
                yield return new JsonObject
                {
                    [list] = new JsonArray(new JsonObject
                    {
                        ["resource"] = resource["resource"]!.DeepClone(),
                        [scopes] = new JsonArray(new JsonObject { ["scope"] = scope["scope"]!.DeepClone(), [entries] = new JsonArray(entry!.DeepClone()) }),
                    }),
                };
            }
        }
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    private sealed class Scratch : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("rollout-trace-receiver-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
