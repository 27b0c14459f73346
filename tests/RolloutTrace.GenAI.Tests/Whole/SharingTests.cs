using RolloutTrace.Bundle;
using RolloutTrace.GenAI.Tests.Support;
using RolloutTrace.Reducer;
using static RolloutTrace.GenAI.Tests.Support.Run;
using static RolloutTrace.GenAI.Tests.Support.SpanText;

namespace RolloutTrace.GenAI.Tests.Whole;

/// <summary>What is made of spans is a bundle as any other.</summary>
public sealed class SharingTests
{
    [Fact]
    public void A_scrubbed_copy_has_none_of_what_was_said_whatever_attribute_it_stood_in()
    {
        using var bundles = new MappedBundles(
        [
            Span("a", null, 0, 100, AgentTags("planner", ("app.note", "the walrus was here"))),
            Span("a1", "a", 1, 9, ChatTags(["system: obey the walrus", "user: where is the walrus?"], ["call call-1 find {\"animal\":\"walrus\"}"], "r-1", ("gen_ai.system_instructions", "walrus first"))),
            Span("t", "a", 10, 20, ToolTags("find", "call-1", """{"animal":"walrus"}""", "walrus in the bay")),
            Span("a2", "a", 21, 30, ("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "gpt-5")) with
            {
                Events = [Event("gen_ai.user.message", ("gen_ai.event.content", """{"role":"user","content":"walrus?"}"""))],
                Status = System.Diagnostics.ActivityStatusCode.Error,
                StatusDescription = "the walrus refused",
            },
        ]);
        var copy = Directory.CreateTempSubdirectory("scrubbed-").FullName;
        try
        {
            BundleScrubber.Scrub(BundleReader.Open(bundles.Directories.Single()), copy, new ScrubOptions { Key = new byte[32] });

            foreach (var file in Directory.EnumerateFiles(copy, "*", SearchOption.AllDirectories))
            {
                File.ReadAllText(file).ShouldNotContain("walrus", Case.Insensitive, file);
            }

            RolloutReducer.Reduce(copy).Graph.InferenceCalls.Count.ShouldBe(2);
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }
}
