using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Reducer.Tests.Redaction;

public sealed class BundleRedactorTests : IDisposable
{
    private const string OpenAI = "sk-proj-abcDEF0123456789abcDEF0123456789";
    private const string Mark = "redacted_[bcdfgjkmnqrvwxzl]{16}";

    private static readonly byte[] Key = Encoding.UTF8.GetBytes("a key for the tests, and no other");

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("rollout-trace-redact-");

    private string Target => Path.Join(directory.FullName, "copy");

    public void Dispose() => directory.Delete(recursive: true);

    public static TheoryData<string> Cases => [.. ConformanceCase.Names];

    // Each with the part that is the secret.
    [Theory]
    [InlineData("sk-abcDEF0123456789abcDEF", null)]
    [InlineData("sk-ant-api03-abc_DEF-0123456789", null)]
    [InlineData("AKIAIOSFODNN7EXAMPLE", null)]
    [InlineData("aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")]
    [InlineData("AIzaSyA-1234567890abcdefghijklmnopqrstu", null)]
    [InlineData("ghp_0123456789abcdefghijABCDEFGHIJ012345", null)]
    [InlineData("github_pat_11ABCDEFG0123456789_abcdefghij", null)]
    [InlineData("glpat-0123456789abcdefghij", null)]
    [InlineData("xoxb-123456789012-abcdefghijkl", null)]
    [InlineData("sk_live_0123456789abcdef", null)]
    [InlineData("hf_abcdefghijklmnopqrstuvwxyzABCDEFGH", null)]
    [InlineData("npm_0123456789abcdefghijABCDEFGHIJ012345", null)]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U", null)]
    [InlineData("Authorization: Bearer abc123DEF456ghi789", "abc123DEF456ghi789")]
    [InlineData("curl -H 'authorization: basic dXNlcjpwYXNzd29yZDE='", "dXNlcjpwYXNzd29yZDE=")]
    [InlineData("postgres://ada:correct-horse@db:5432/x", "correct-horse")]
    [InlineData("https://example.com/?user=ada&access_token=0123456789abcdefABCDEF", "0123456789abcdefABCDEF")]
    [InlineData("DefaultEndpointsProtocol=https;AccountKey=abcdefghijklmnopqrstuvwxyz0123456789+/==;", "abcdefghijklmnopqrstuvwxyz0123456789+/==")]
    [InlineData("export API_KEY=0123abcd4567efgh", "0123abcd4567efgh")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA\n-----END RSA PRIVATE KEY-----", null)]
    [InlineData("-----BEGIN PRIVATE KEY-----\nMIIEowIBAAKCAQEA and then it was cut", null)]
    public void AKnownShape_IsReplaced(string text, string? secret)
    {
        using var bundle = Saying($"before {text}");

        var result = Redact(bundle.Directory);

        result.Secrets.Count.ShouldBe(1);
        AllOf(Target).ShouldNotContain(secret ?? text);
        Said().ShouldBe($"before {text.Replace(secret ?? text, result.Secrets[0].Mark)}");
    }

    [Theory]
    [InlineData("sk-fading-circle-spinner")]
    [InlineData("the bearer of bad-news-everybody")]
    [InlineData("https://example.com:8080/a@b")]
    [InlineData("postgres://ada:${PASSWORD}@db/x")]
    [InlineData("password: required")]
    [InlineData("let token = getToken(request2);")]
    [InlineData("max_tokens: 4096, key=value")]
    [InlineData("commit 3f786850e387550fdab836ed7e6dc881de23001b")]
    public void AWordThatIsNoSecret_Stays(string text)
    {
        using var bundle = Saying(text);

        Redact(bundle.Directory).Secrets.ShouldBeEmpty();

        Said().ShouldBe(text);
    }

    [Fact]
    public void ASecret_HasOneMarkWhereverAndHoweverItStands()
    {
        const string Escaped = @"sk-proj-\u0061bcDEF0123456789abcDEF0123456789";
        using var bundle = new TestBundle().WithTurn();
        bundle.Request("i1", $$$$"""
            {"model":"m","instructions":"use {{{{OpenAI}}}}","metadata":{"{{{{OpenAI}}}}":1,"also {{{{Escaped}}}}":2},"input":[
              {"type":"message","role":"user","content":[{"type":"input_text","text":"say {{{{Escaped}}}}"},{"type":"input_image","image_url":"data:image/png;base64,{{{{new string('A', 5000)}}}}"}]},
              {"type":"function_call","call_id":"c1","name":"f","arguments":"{\"key\":\"{{{{OpenAI}}}}\",\"again\":\"{{{{Escaped.Replace(@"\", @"\\")}}}}\",\"deep\":\"{\\\"k\\\":\\\"{{{{Escaped.Replace(@"\", @"\\\\")}}}}\\\"}\"}"},
              {"type":"function_call_output","call_id":"c1","output":"printed \"{{{{Escaped.Replace(@"\", @"\\")}}}}\" and {\"url\":\"https://x/?q={{{{OpenAI}}}}\""}]}
            """.ReplaceLineEndings(" "));
        bundle.Append(new ToolCallStartedEvent
        {
            ToolCallId = "t1",
            Requester = new ModelRequester(),
            Kind = ToolCallKind.Of(ToolCallKindType.ExecCommand),
            Summary = new GenericSummary { Label = OpenAI, InputPreview = $"echo {OpenAI[..20]}...", OutputPreview = OpenAI },
            InvocationPayload = bundle.Payload(PayloadKind.ToolInvocation, $$$"""{"tool_name":"f","payload":{"type":"function","arguments":"{{{OpenAI}}}"}}"""),
        });
        bundle.Append(new ProtocolEventObservedEvent { EventType = "e", EventPayload = bundle.Payload(PayloadKind.ProtocolEvent, $$"""["{{OpenAI}}"]""") });
        bundle.Append(new InferenceFailedEvent { InferenceCallId = "i1", Error = $"401: {OpenAI} is wrong" });
        bundle.AppendLine($"no event, but {OpenAI} and {Escaped} and {OpenAI[..15]}");
        bundle.AppendLine("{\"schema_version\":1,\"seq\":9,\"payload\":{\"type\":\"x\",\"torn\":\"" + OpenAI[..12]);
        bundle.Reduce();

        var result = Redact(bundle.Directory);

        var mark = result.Secrets.ShouldHaveSingleItem().Mark;
        mark.ShouldMatch($"^{Mark}$");
        var all = AllOf(Target);
        all.ShouldNotContain(OpenAI[..12]);
        all.ShouldNotContain(@"\u0061bc");
        all.ShouldContain(new string('A', 5000));
        StateOf(Target).ShouldBe(Regex.Replace(StateOf(bundle.Directory), @"sk-proj-(?:a|\\+u0061)bcDEF0123456789abcDEF0123456789", mark, RegexOptions.NonBacktracking).Replace(OpenAI[..20], mark + "_20"));
        result.Secrets[0].Count.ShouldBe(Regex.Count(all, Mark));
    }

    [Fact]
    public void ASecretCutBetweenEventsOfAStream_IsFound_AndTheFirstPieceHasTheMark()
    {
        using var bundle = new TestBundle().WithTurn();
        bundle.Request("i1", """{"input":[]}""").Respond("i1", $$$"""
            [{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"key: {{{OpenAI[..9]}}}"},
             {"type":"response.output_text.delta","output_index":1,"content_index":0,"delta":"another answer"},
             {"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"{{{OpenAI[9..20]}}}"},
             {"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"{{{OpenAI[20..]}}}."}]
            """);
        bundle.Request("i2", """{"messages":[]}""").Respond("i2", $$$$"""
            [{"choices":[{"index":0,"delta":{"role":"assistant","tool_calls":[{"index":0,"id":"c9","function":{"name":"f","arguments":"{\"k\":\"{{{{OpenAI[..10]}}}}"}}]}}]},
             {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{{{{OpenAI[10..]}}}}\"}"}}]}}]}]
            """);
        bundle.Reduce();

        var result = Redact(bundle.Directory);

        var mark = result.Secrets.ShouldHaveSingleItem().Mark;
        AllOf(Target).ShouldNotContain(OpenAI[..9]);
        AllOf(Target).ShouldNotContain(OpenAI[20..]);
        StateOf(Target).ShouldBe(StateOf(bundle.Directory).Replace(OpenAI, mark));
        StateOf(Target).ShouldContain($"key: {mark}.");
    }

    [Fact]
    public void ASecretCutBetweenProtocolEvents_IsFound()
    {
        using var bundle = new TestBundle().WithTurn();
        foreach (var (delta, item) in new[] { (OpenAI[..10], "a"), ("of another", "b"), (OpenAI[10..], "a") })
        {
            var payload = bundle.Payload(PayloadKind.ProtocolEvent, $$"""{"item_id":"{{item}}","delta":"{{delta}}"}""");
            bundle.Append(new ProtocolEventObservedEvent { EventType = "agent_message_delta", EventPayload = payload });
        }

        bundle.Reduce();

        var mark = Redact(bundle.Directory).Secrets.ShouldHaveSingleItem().Mark;

        File.ReadAllText(Path.Join(Target, "payloads/1.json")).ShouldBe($$"""{"item_id":"a","delta":"{{mark}}"}""");
        File.ReadAllText(Path.Join(Target, "payloads/2.json")).ShouldBe("""{"item_id":"b","delta":"of another"}""");
        File.ReadAllText(Path.Join(Target, "payloads/3.json")).ShouldBe("""{"item_id":"a","delta":""}""");
    }

    [Fact]
    public void WhatStandsUnderAGivenName_IsASecretEverywhere()
    {
        using var bundle = new TestBundle().WithTurn();
        bundle.Request("i1", """
            {"input":[{"type":"message","role":"user","content":"hunter2 is what I use, PIN: 4711, or --db-pass 'x y'"},
              {"type":"function_call","call_id":"c1","name":"f","arguments":"{\"DB_Pass\":\"hunter2\",\"pin\":4711,\"pins\":4711,\"creds\":{\"user\":\"ada-l\",\"code\":[12345678]}}"}],"temperature":4711}
            """);
        bundle.Reduce();

        var result = Redact(bundle.Directory, new RedactOptions { Key = Key, Keys = ["db_pass", "pin", "creds"] });

        result.Secrets.Select(secret => secret.Rule).ShouldBe(["key pin", "key db_pass", "key creds", "key creds"], ignoreOrder: true);
        var copy = File.ReadAllText(Path.Join(Target, "payloads/1.json"));
        copy.ShouldNotContain("hunter2");
        copy.ShouldNotContain("ada-l");
        copy.ShouldNotContain("12345678");
        copy.ShouldContain("\"temperature\":4711");
        copy.ShouldContain("\\\"pins\\\":4711");
        using var arguments = JsonDocument.Parse(JsonDocument.Parse(copy).RootElement.GetProperty("input")[1].GetProperty("arguments").GetString()!);
        arguments.RootElement.GetProperty("pin").GetInt64().ShouldBeGreaterThan(9_000_000_000_000_000);
    }

    [Fact]
    public void APattern_TakesItsGroup_AndWhatReachesBeyondAStringCostsTheStringsAlone()
    {
        using var bundle = new TestBundle().WithTurn();
        bundle.Request("i1", """{"input":[{"type":"function_call","call_id":"c1","name":"f","arguments":"{\"user\":\"ada\",\"code\":\"top-floor\"}"},{"type":"message","role":"user","content":"code top-floor, door 12"}]}""");
        bundle.Reduce();

        var result = Redact(bundle.Directory, new RedactOptions { Key = Key, Patterns = ["user\":\"ada\",\"code", "door (?<secret>[0-9]+)"], KnownShapes = false });

        using var request = JsonDocument.Parse(File.ReadAllText(Path.Join(Target, "payloads/1.json")));
        using var arguments = JsonDocument.Parse(request.RootElement.GetProperty("input")[0].GetProperty("arguments").GetString()!);
        arguments.RootElement.EnumerateObject().Count().ShouldBe(2);
        arguments.RootElement.ToString().ShouldNotContain("ada");
        request.RootElement.GetProperty("input")[1].GetProperty("content").GetString()!.ShouldMatch("^code top-floor, door 9[0-9]{15}$");
        result.Secrets.ShouldContain(secret => secret.Rule == "pattern 2");
    }

    [Theory]
    [InlineData("(a+)+$")]
    [InlineData("(a|aa)+$")]
    public void AHostilePattern_TakesNoTime(string pattern)
    {
        using var bundle = Saying(new string('a', 100_000) + "!");

        Redact(bundle.Directory, new RedactOptions { Key = Key, Patterns = [pattern] }).Secrets.ShouldBeEmpty();
    }

    [Fact]
    public void APatternThatLooksAround_HasALimitOfTime_AndTheMessageSaysWhereAndNotWhat()
    {
        using var bundle = Saying(new string('a', 60) + "!");

        var error = Should.Throw<RedactionException>(() => Redact(bundle.Directory, new RedactOptions { Key = Key, Patterns = ["(?<=x|)(a+)+$"] }));

        error.Message.ShouldEndWith("payloads/1.json: pattern 1 takes more than 5 s for one text");
        error.Message.ShouldNotContain("aaa");
    }

    [Fact]
    public void APatternThatIsNone_IsRefused() =>
        Should.Throw<ArgumentException>(() => BundleRedactor.Check(new RedactOptions { Key = Key, Patterns = ["("] }));

    [Fact]
    public void AnId_IsTheSameMarkWhereverItLinks()
    {
        using var bundle = new TestBundle().WithTurn();
        bundle.Request("i1", """{"input":[]}""").Respond("i1", """{"response_id":"r1","output_items":[{"type":"function_call","call_id":"call-of-acme","name":"f","arguments":"{}"}]}""");
        bundle.Append(new ToolCallStartedEvent
        {
            ToolCallId = "call-of-acme",
            ModelVisibleCallId = "call-of-acme",
            Requester = new ModelRequester(),
            Kind = ToolCallKind.Of(ToolCallKindType.Web),
            Summary = new GenericSummary { Label = "f" },
        });
        bundle.Request("i2", """{"previous_response_id":"r1","input":[{"type":"function_call_output","call_id":"call-of-acme","output":"done"}]}""");
        bundle.Reduce();

        var mark = Redact(bundle.Directory, new RedactOptions { Key = Key, Patterns = ["of-acme"] }).Secrets.ShouldHaveSingleItem().Mark;

        StateOf(Target).ShouldBe(StateOf(bundle.Directory).Replace("of-acme", mark));
        RolloutReducer.Reduce(Target).Graph.ToolCalls.Keys.ShouldBe([$"call-{mark}"]);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ABundleWithoutSecrets_IsTheSameByteForByte(string name)
    {
        var source = ConformanceCase.Named(name).Bundle;

        var result = Redact(source, new RedactOptions { Key = Key });

        result.Secrets.ShouldBeEmpty();
        var hasLock = BundleReader.Open(source).Manifest.WriterLock is not null;
        foreach (var file in Directory.GetFiles(Target, "*", SearchOption.AllDirectories).Where(file => !hasLock || Path.GetFileName(file) != "manifest.json"))
        {
            File.ReadAllBytes(file).ShouldBe(File.ReadAllBytes(Path.Join(source, Path.GetRelativePath(Target, file))), file);
        }

        StateOf(Target).ShouldBe(StateOf(source));
    }

    // Some text of each bundle is taken for the secret, whatever it is: a word, an id, a path, a whole text.
    [Theory]
    [MemberData(nameof(Cases))]
    public void WhateverTheSecretIs_NothingOfItStays_AndTheGraphIsTheSame(string name)
    {
        var source = ConformanceCase.Named(name).Bundle;
        var random = new Random(name.Length * 7919);
        var secrets = new Scrubbing.FreeTexts(source).Secrets.Where(text => text.Length >= 8 && !text.Contains('\uFFFD')).ToArray();
        foreach (var secret in secrets.Length == 0 ? [] : random.GetItems(secrets, 2).Distinct())
        {
            var result = Redact(source, new RedactOptions { Key = Key, Patterns = [Regex.Escape(secret)], KnownShapes = false });

            new Scrubbing.FreeTexts(Target).Secrets.ShouldAllBe(text => !text.Contains(secret), secret);
            AllOf(Target).Contains(JsonSerializer.Serialize(secret)[1..^1], StringComparison.Ordinal).ShouldBeFalse(secret);
            Scrubbing.SameShape.Differences(StateOf(source), StateOf(Target), sameIds: false).ShouldBeEmpty(secret);
            result.Secrets.Count.ShouldBeGreaterThan(0, secret);
            Directory.Delete(Target, recursive: true);
        }
    }

    [Fact]
    public void TheReport_SaysHowOftenAndWhere()
    {
        using var bundle = Saying($"{OpenAI} and {OpenAI}");
        bundle.Append(new InferenceFailedEvent { InferenceCallId = "i1", Error = OpenAI });
        bundle.Reduce();

        var secret = Redact(bundle.Directory).Secrets.ShouldHaveSingleItem();

        secret.Rule.ShouldBe("sk_key");
        secret.Count.ShouldBe(3);
        secret.PlaceCount.ShouldBe(2);
        secret.Places.ShouldBe([
            new RedactedPlace { File = "trace.jsonl", Line = 4, Member = "payload.error" },
            new RedactedPlace { File = "payloads/1.json", Member = "input[0].content[0].text" }]);
    }

    [Fact]
    public void TheMark_DependsOnTheKeyAndTheSecretAlone()
    {
        using var one = Saying(OpenAI);
        using var other = Saying($"now {OpenAI}");

        var mark = Redact(one.Directory).Secrets[0].Mark;
        Directory.Delete(Target, recursive: true);
        Redact(other.Directory).Secrets[0].Mark.ShouldBe(mark);
        Directory.Delete(Target, recursive: true);
        Redact(other.Directory, new RedactOptions { Key = new byte[16] }).Secrets[0].Mark.ShouldNotBe(mark);
    }

    [Fact]
    public void ACopyRedactedAgain_StaysAsItIs()
    {
        using var bundle = Saying($"Authorization: Bearer abc123DEF456ghi789 {OpenAI}");
        Redact(bundle.Directory);
        var again = Path.Join(directory.FullName, "again");

        BundleRedactor.Redact(BundleReader.Open(Target), again, new RedactOptions { Key = new byte[16] }).Secrets.ShouldBeEmpty();

        AllOf(again).ShouldBe(AllOf(Target));
    }

    [Fact]
    public void TheCopyOfALivingBundle_HasNoRecorder()
    {
        using var bundle = Saying("x");
        var manifest = Path.Join(bundle.Directory, "manifest.json");
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("{\"schema", "{\"writer_lock\":\"abc\",\"schema"));

        Redact(bundle.Directory);

        BundleReader.Open(bundle.Directory).Manifest.WriterLock.ShouldBe("abc");
        BundleReader.Open(Target).Manifest.WriterLock.ShouldBeNull();
    }

    private static TestBundle Saying(string text)
    {
        var bundle = new TestBundle().WithTurn();
        bundle.Request("i1", $$$"""{"input":[{"type":"message","role":"user","content":[{"type":"input_text","text":{{{JsonSerializer.Serialize(text)}}}}]}]}""");
        bundle.Reduce();
        return bundle;
    }

    private string Said()
    {
        using var request = JsonDocument.Parse(File.ReadAllText(Path.Join(Target, "payloads/1.json")));
        return request.RootElement.GetProperty("input")[0].GetProperty("content")[0].GetProperty("text").GetString()!;
    }

    private RedactResult Redact(string source, RedactOptions? options = null) =>
        BundleRedactor.Redact(BundleReader.Open(source), Target, options ?? new RedactOptions { Key = Key });

    private static string AllOf(string bundle) => string.Join('\n', Directory.GetFiles(bundle, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllText));

    // Without diagnostics, whose messages count the bytes of a line.
    private static string StateOf(string bundle) => TestBundle.ToJson(RolloutReducer.Reduce(bundle).Graph with { Diagnostics = null });
}
