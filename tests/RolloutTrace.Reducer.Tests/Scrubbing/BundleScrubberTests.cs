using System.Text;
using System.Text.Json.Nodes;
using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Reducer.Tests.Scrubbing;

public sealed class BundleScrubberTests : IDisposable
{
    private static readonly byte[] Key = Encoding.UTF8.GetBytes("a key for the tests, and no other");

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("rollout-trace-scrub-");

    public static TheoryData<string> Cases => [.. ConformanceCase.Names];

    private string Target => Path.Join(directory.FullName, "scrubbed");

    public void Dispose() => directory.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Cases))]
    public void EveryConformanceCase_HasTheSameGraphAndNoneOfItsTexts(string name)
    {
        var source = ConformanceCase.Named(name).Bundle;

        Scrub(source);

        SameShape.Differences(State(source), State(Target), sameIds: true).ShouldBeEmpty();
        var secrets = new FreeTexts(source).Secrets;
        var copy = FreeTexts.AllOf(Target);
        secrets.Where(secret => copy.Contains(secret, StringComparison.Ordinal)).ShouldBeEmpty();
        Refusal(Target).ShouldBe(Refusal(source));
    }

    public static TheoryData<string> Fields => [.. FieldCase.Names];

    [Theory]
    [MemberData(nameof(Fields))]
    public void EveryFieldCase_HasTheSameGraphAndNoneOfItsTexts(string name)
    {
        var source = FieldCase.Bundle(name);

        Scrub(source);

        SameShape.Differences(State(source), State(Target), sameIds: true).ShouldBeEmpty();
    }

    // Each API in turn, so that what one of them calls an id is kept where another one asks for it.
    [Fact]
    public void CallsOfEveryApi_AreLinkedAsTheyWere_AlsoWhereAStreamHasThem()
    {
        using var bundle = new TestBundle().WithTurn();
        bundle.Request("i1", """{"messages":[{"role":"user","content":"secret-words"}]}""");
        bundle.Respond("i1", """[{"id":"r1","choices":[{"index":0,"delta":{"role":"assistant","content":"secret-"}}]},{"choices":[{"index":0,"delta":{"content":"answer","tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"f","arguments":"{\"secret-name\":"}}]}}]},{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"\"secret-value\"}"}}]}}]}]""", "r1");
        bundle.Request("i2", """{"messages":[{"role":"user","content":"secret-words"},{"role":"assistant","content":"secret-answer","tool_calls":[{"id":"call_1","type":"function","function":{"name":"f","arguments":"{\"secret-name\":\"secret-value\"}"}}]},{"role":"tool","tool_call_id":"call_1","content":"secret-output"}]}""");
        bundle.Respond("i2", """{"id":"msg_1","type":"message","role":"assistant","content":[{"type":"text","text":"secret-text"},{"type":"tool_use","id":"toolu_1","name":"g","input":{"secret-name":"secret-value"}}],"stop_reason":"tool_use"}""", "msg_1");
        bundle.Request("i3", """{"system":"secret-system","messages":[{"role":"user","content":"secret-more"},{"role":"assistant","content":[{"type":"text","text":"secret-text"},{"type":"tool_use","id":"toolu_1","name":"g","input":{"secret-name":"secret-value"}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":"secret-output"}]}]}""");
        bundle.Respond("i3", """{"candidates":[{"content":{"role":"model","parts":[{"functionCall":{"id":"fc_1","name":"h","args":{"secret-name":1}}}]}}],"responseId":"g1"}""", "g1");
        bundle.Request("i4", """{"contents":[{"role":"user","parts":[{"text":"secret-words"}]},{"role":"model","parts":[{"functionCall":{"id":"fc_1","name":"h","args":{"secret-name":1}}}]},{"role":"user","parts":[{"functionResponse":{"id":"fc_1","name":"h","response":{"secret-output":true}}}]}]}""");
        bundle.Reduce();

        Scrub(bundle.Directory);

        SameShape.Differences(State(bundle.Directory), State(Target), sameIds: true).ShouldBeEmpty();
        FreeTexts.AllOf(Target).ShouldNotContain("secret");
        RolloutReducer.Reduce(Target).Graph.ConversationItems.Values.Select(item => item.CallId).OfType<string>().Distinct().ShouldBe(["call_1", "toolu_1", "fc_1"], ignoreOrder: true);
        RolloutReducer.Reduce(Target).Diagnostics.ShouldBeEmpty();
    }

    [Fact]
    public void TheConformanceCases_HaveManyTextsToLookFor() =>
        ConformanceCase.Names.Sum(name => new FreeTexts(ConformanceCase.Named(name).Bundle).Secrets.Count).ShouldBeGreaterThan(3_000);

    [Fact]
    public void ADamagedBundle_HasTheSameGraph()
    {
        var cases = ConformanceCase.Names.ToArray();
        for (var run = 0; run < Search.Runs(100); run++)
        {
            var seed = (Search.Seed * 1_000_003) + run;
            var random = new Random(seed);
            using var bundle = TestBundle.Copy(ConformanceCase.Named(cases[random.Next(cases.Length)]).Bundle);
            BundleDamage.Inflict(random, bundle.Directory, ConformanceCase.Root);

            Scrub(bundle.Directory);

            SameShape.Differences(State(bundle.Directory), State(Target), sameIds: false).ShouldBeEmpty($"seed {seed}");
            Directory.Delete(Target, recursive: true);
        }
    }

    [Fact]
    public void Whatever_StandsWhereContentStands_IsReplaced()
    {
        const string Secret = "s3cr3t-value";
        using var bundle = new TestBundle().WithTurn();
        bundle.Request("i1", $$$$"""
            {"model":"m","instructions":"{{{{Secret}}}}","metadata":{"{{{{Secret}}}}":"{{{{Secret}}}}"},"tools":[{"type":"function","name":"f","description":"{{{{Secret}}}}"}],
             "input":[
               {"type":"message","role":"user","content":[{"type":"input_text","text":"{{{{Secret}}}}"},{"type":"input_image","image_url":"{{{{Secret}}}}"}],"{{{{Secret}}}}":1},
               {"type":"message","role":"user","content":"{{{{Secret}}}}"},
               {"type":"message","role":"user","id":"an id with {{{{Secret}}}}","content":[]},
               {"type":"reasoning","summary":[{"type":"summary_text","text":"{{{{Secret}}}}"}],"encrypted_content":"{{{{Secret}}}}"},
               {"type":"function_call","call_id":"c1","name":"f","arguments":"{\"type\":\"{{{{Secret}}}}\",\"id\":\"{{{{Secret}}}}\",\"cell_id\":\"{{{{Secret}}}}\",\"{{{{Secret}}}}\":{\"name\":[\"{{{{Secret}}}}\"]}}"},
               {"type":"function_call","call_id":"c2","name":"f","arguments":{"role":"{{{{Secret}}}}"}},
               {"type":"function_call_output","call_id":"c1","output":"{\"status\":\"{{{{Secret}}}}\"}"},
               {"type":"function_call_output","call_id":"c2","output":{"status":"{{{{Secret}}}}"}},
               {"type":"web_search_call","id":"w1","status":"completed","action":{"type":"{{{{Secret}}}}","query":"{{{{Secret}}}}"}},
               {"type":"nobody_knows_this","text":"{{{{Secret}}}}","name":["{{{{Secret}}}}"]}]}
            """.ReplaceLineEndings(" "));
        bundle.Append(new ToolCallStartedEvent
        {
            ToolCallId = "t1",
            Requester = new ModelRequester(),
            Kind = ToolCallKind.Of(ToolCallKindType.ExecCommand),
            Summary = new GenericSummary { Label = "exec_command", InputPreview = Secret, OutputPreview = Secret },
            InvocationPayload = bundle.Payload(PayloadKind.ToolInvocation, $$$"""{"tool_name":"f","payload":{"type":"function","arguments":"{{{Secret}}}"},"type":"{{{Secret}}} x"}"""),
        });
        bundle.Append(new ToolCallRuntimeStartedEvent
        {
            ToolCallId = "t1",
            RuntimePayload = bundle.Payload(PayloadKind.ToolRuntimeEvent, $$$$"""{"command":["{{{{Secret}}}}"],"cwd":"/{{{{Secret}}}}","env":{"{{{{Secret}}}}":"{{{{Secret}}}}"},"changes":{"/{{{{Secret}}}}":{}}}"""),
        });
        bundle.Append(new ProtocolEventObservedEvent { EventType = "e", EventPayload = bundle.Payload(PayloadKind.ProtocolEvent, $$"""{"type":"{{Secret}}","id":"{{Secret}}","name":"{{Secret}}"}""") });
        bundle.Append(new InferenceFailedEvent { InferenceCallId = "i1", Error = Secret });
        bundle.AppendLine($"no event, but {Secret}");
        bundle.AppendLine($$$"""{"schema_version":1,"seq":9,"wall_time_unix_ms":1,"rollout_id":"r","payload":{"type":"{{{Secret}}}","x":"{{{Secret}}}"}}""");
        bundle.Append(new ThreadEndedEvent { ThreadId = TestBundle.Root, Status = RolloutStatus.Completed });
        bundle.Reduce();

        var written = Scrub(bundle.Directory);

        FreeTexts.AllOf(Target).ShouldNotContain(Secret);
        SameShape.Differences(State(bundle.Directory), State(Target), sameIds: true).ShouldBeEmpty();
        written.ShouldBe(new ScrubResult { Events = 9, Payloads = 4, UnreadableLines = 1, UnreadablePayloads = 0 });
    }

    [Fact]
    public void Keep_NamesOrTheLastNamesOnTheWay_AndNothingElse()
    {
        using var bundle = new TestBundle().WithTurn();
        bundle.Request("i1", """{"input":[{"type":"function_call","call_id":"c","name":"f","arguments":"{\"cmd\":\"kept\",\"x\":{\"y\":\"kept too\"},\"other\":\"gone\"}"},{"type":"message","role":"user","content":[{"type":"input_text","text":"gone"}],"cmd":"gone"}]}""");
        bundle.Reduce();

        Scrub(bundle.Directory, keep: ["arguments.cmd", "x"]);

        var input = JsonNode.Parse(File.ReadAllText(Path.Join(Target, "payloads/1.json")))!["input"]!;
        var arguments = JsonNode.Parse(input[0]!["arguments"]!.GetValue<string>())!;
        arguments["cmd"]!.GetValue<string>().ShouldBe("kept");
        arguments["x"]!["y"]!.GetValue<string>().ShouldBe("kept too");
        FreeTexts.AllOf(Target).ShouldNotContain("gone");
    }

    [Fact]
    public void SameKey_GivesTheSameBytes_AnotherKeyOthers()
    {
        var source = ConformanceCase.Named("mixed-1001").Bundle;
        Scrub(source);
        var first = FreeTexts.AllOf(Target);
        Directory.Delete(Target, recursive: true);
        Scrub(source);
        FreeTexts.AllOf(Target).ShouldBe(first);
        Directory.Delete(Target, recursive: true);

        BundleScrubber.Scrub(BundleReader.Open(source), Target, new ScrubOptions { Key = new byte[32] });

        FreeTexts.AllOf(Target).ShouldNotBe(first);
    }

    [Fact]
    public void JsonThatIsComparedByItsBeginning_StaysTheSameOrDifferentAsItWas()
    {
        var longText = new string('x', 300);
        string[] arguments =
        [
            $$"""{"q":"{{longText}}1"}""",
            $$"""{"q":"{{longText}}2"}""",
            $$"""{ "q" : "{{longText}}2" }""",
            """{"a":"1","b":"2","c":"3","d":"4","e":"5","f":"6","g":"7","h":"8","i":"9","j":"10","k":"11","l":"12"}""",
            """{"a":"1","b":"2","c":"3","d":"4","e":"5","f":"6","g":"7","h":"8","i":"9","j":"10","k":"11","l":"13"}""",
            "[1,2]", "[1, 2]", "12", "12 ", "true", "\"text\"", "{no json", $"[\"{longText}1\"]", $"[\"{longText}2\"]",
        ];
        using var bundle = new TestBundle().WithTurn();
        var items = arguments.SelectMany((text, i) => new[]
        {
            new JsonObject { ["type"] = "function_call", ["name"] = "f", ["arguments"] = text },
            new JsonObject { ["type"] = "message", ["role"] = "user", ["content"] = new JsonArray(new JsonObject { ["type"] = "input_text", ["text"] = text }) },
        }).ToArray();
        bundle.Request("i1", new JsonObject { ["input"] = new JsonArray([.. items]) }.ToJsonString());
        bundle.Request("i2", new JsonObject { ["input"] = new JsonArray([.. items.Reverse().Select(item => item.DeepClone())]) }.ToJsonString());
        bundle.Reduce();

        Scrub(bundle.Directory);

        SameShape.Differences(State(bundle.Directory), State(Target), sameIds: true).ShouldBeEmpty();
    }

    [Fact]
    public void PayloadsThatCannotBeRead_AreMarkersThatCannotBeReadEither()
    {
        using var bundle = new TestBundle().WithTurn();
        bundle.Request("none", "this is no JSON");
        bundle.Request("empty", "");
        bundle.Request("missing", "{}");
        bundle.Request("link", "{}");
        bundle.Request("directory", "{}");
        bundle.Reduce();
        var outside = Path.Join(directory.FullName, "outside.json");
        File.WriteAllText(outside, """{"input":[]}""");
        File.Delete(Path.Join(bundle.Directory, "payloads/3.json"));
        File.Delete(Path.Join(bundle.Directory, "payloads/4.json"));
        File.Delete(Path.Join(bundle.Directory, "payloads/5.json"));
        File.CreateSymbolicLink(Path.Join(bundle.Directory, "payloads/4.json"), outside);
        Directory.CreateDirectory(Path.Join(bundle.Directory, "payloads/5.json"));

        var written = Scrub(bundle.Directory);

        written.ShouldBe(new ScrubResult { Events = 7, Payloads = 2, UnreadableLines = 0, UnreadablePayloads = 3 });
        SameShape.Differences(State(bundle.Directory), State(Target), sameIds: true).ShouldBeEmpty();
        Directory.GetFileSystemEntries(Path.Join(Target, "payloads")).Select(Path.GetFileName).Order(StringComparer.Ordinal).ShouldBe(["1.json", "2.json"]);
    }

    private ScrubResult Scrub(string source, params string[] keep) =>
        BundleScrubber.Scrub(BundleReader.Open(source), Target, new ScrubOptions { Key = Key, Keep = keep });

    // Without what was odd about the source: a copy is written as the format has it.
    private static string State(string bundle) => TestBundle.ToJson(RolloutReducer.Reduce(bundle).Graph with { Diagnostics = null });

    // Where and for what kind of reason a strict reduction stops; null if it does not.
    private static (string Code, long? Seq, long? Line)? Refusal(string bundle)
    {
        try
        {
            RolloutReducer.Reduce(bundle, new ReductionOptions { Strict = true });
            return null;
        }
        catch (ReductionException e)
        {
            return (e.Diagnostic.Code, e.Diagnostic.Seq, e.Diagnostic.Line);
        }
    }
}
