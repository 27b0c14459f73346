using System.Text;
using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Reducer.Tests.Reading;

public sealed class ReadObserverTests
{
    [Fact]
    public void Each_line_is_seen_once_in_the_order_of_the_log_with_the_payload_that_is_read_for_it_as_it_is_in_its_file()
    {
        // Long enough to be parsed ahead, with escapes that are hidden meanwhile.
        var output = string.Concat(Enumerable.Repeat("\\u003cline\\\\\\n", 4000));
        using var bundle = new TestBundle().WithTurn()
            .Request("call-1", """{"input":[{"type":"message","role":"user","content":"Hi"}]}""")
            .AppendLine("no event")
            .Respond("call-1", $$"""{"output_items":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"{{output}}"}]}]}""");
        var reader = bundle.Open();
        var seen = new Seen();

        RolloutReducer.Reduce(reader, new ReductionOptions { Observer = seen });

        seen.Lines.ShouldBe(reader.ReadEvents().Select(static line => line.LineNumber));
        seen.Payloads.ShouldBe(reader.ReadEvents().Select(static line => line.Event?.Payload.NeededPayload).OfType<PayloadReference>()
            .Select(payload => (payload.Path, File.ReadAllText(Path.Join(bundle.Directory, payload.Path)))));
        seen.Payloads.Count.ShouldBe(2);
    }

    [Fact]
    public void A_payload_that_cannot_be_read_is_not_given()
    {
        using var bundle = new TestBundle().WithTurn().Request("call-1", """{"input":[]}""");
        var reader = bundle.Open();
        File.Delete(Path.Join(bundle.Directory, "payloads/1.json"));
        var seen = new Seen();

        RolloutReducer.Reduce(reader, new ReductionOptions { Observer = seen }).Diagnostics.ShouldNotBeEmpty();

        seen.Lines.Count.ShouldBe(reader.ReadEvents().Count());
        seen.Payloads.ShouldBeEmpty();
    }

    [Fact]
    public void What_an_observer_throws_ends_the_reduction()
    {
        using var bundle = new TestBundle().WithTurn();

        Should.Throw<TimeoutException>(() => RolloutReducer.Reduce(bundle.Open(), new ReductionOptions { Observer = new Failing() }));
    }

    private sealed class Seen : IReadObserver
    {
        public List<long> Lines { get; } = [];

        public List<(string Path, string Text)> Payloads { get; } = [];

        public void See(RawEventLine line, PayloadReference? payload, ReadOnlySpan<byte> bytes)
        {
            Lines.Add(line.LineNumber);
            if (payload is not null)
            {
                Payloads.Add((payload.Path, Encoding.UTF8.GetString(bytes)));
            }
        }
    }

    private sealed class Failing : IReadObserver
    {
        public void See(RawEventLine line, PayloadReference? payload, ReadOnlySpan<byte> bytes) => throw new TimeoutException();
    }
}
