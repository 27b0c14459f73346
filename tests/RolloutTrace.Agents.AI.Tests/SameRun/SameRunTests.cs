using System.Text.RegularExpressions;
using RolloutTrace.Analysis;
using RolloutTrace.ModelSupport;

namespace RolloutTrace.Agents.AI.Tests.SameRun;

/// <summary>One run told by spans, by the middleware, by both, and by handles: the whole states are the same.</summary>
public sealed partial class SameRunTests
{
    // What may differ, and why. All else of a state has to be the same.
    private static readonly (string Place, string Reason)[] MayDiffer =
    [
        ("_at_unix_ms = ", "each run has its own time"),
        ("/otel/", "a run of spans has the frameworks' spans, the others ours or none"),
        ("raw_payload", "payloads are numbered in the order in which they are written, and each way has documents of its own beside them"),
        ("^/tool_calls/.*/ended_seq = ", "what a call gave is told at its end by spans and handles, and by the middleware when the model gets it"),
    ];

    [Theory]
    [InlineData("plain")]
    [InlineData("several turns")]
    [InlineData("parallel tools")]
    [InlineData("failing tool")]
    [InlineData("failing request")]
    [InlineData("sub-agent")]
    [InlineData("sub-agents of one name")]
    public async Task The_state_is_the_same_whoever_tells_it(string name)
    {
        var byHand = await StateAsync(name, (scene, app) =>
        {
            ByHand.Run(scene, app.ModelName);
            return Task.CompletedTask;
        });
        var differences = new List<string>();
        foreach (var (way, hasSpans, hasMiddleware) in ((string, bool, bool)[])[("middleware", false, true), ("spans", true, false), ("both", true, true)])
        {
            foreach (var streams in (bool[])[false, true])
            {
                var state = await StateAsync(name, (scene, app) => ByFramework.RunAsync(scene, app, hasSpans, hasMiddleware, streams));
                differences.AddRange(state.Except(byHand).Select(line => $"{way}{(streams ? ", streamed" : "")} + {line}"));
                differences.AddRange(byHand.Except(state).Select(line => $"{way}{(streams ? ", streamed" : "")} - {line}"));
            }
        }

        differences.ShouldBeEmpty();
    }

    private static async Task<IReadOnlyList<string>> StateAsync(string name, Func<Scene, TracedApplication, Task> run)
    {
        var scene = Scene.Named(name);
        await using var app = new TracedApplication(await ScriptedModel.StartAsync(request => scene.Script(request.Seen)));
        await run(scene, app);
        var rollout = app.Bundle();
        rollout.Diagnostics.ShouldBeEmpty();
        RolloutInvariants.Check(rollout.Graph).ShouldBeEmpty();
        return
        [
            .. StateLines.Of(rollout.Graph)
                .Where(line => !MayDiffer.Any(known => Regex.IsMatch(line, known.Place, RegexOptions.None, TimeSpan.FromSeconds(10))))
                .Select(line => AsText(line).Replace(app.ModelName, "MODEL", StringComparison.Ordinal)),
        ];
    }

    // OpenAI's client sends the text that a function gave as JSON, which the middleware sees and spans do not.
    private static string AsText(string line) => QuotedText().Replace(line, "${place}${text}");

    [GeneratedRegex("^(?<place>/conversation_items/.*/text = )\"(?<text>.*)\"$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex QuotedText();
}
