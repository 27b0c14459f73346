using System.Text;
using RolloutTrace.Records;

namespace RolloutTrace.Tests.Records;

public sealed class LogRecordFieldsTests
{
    [Fact]
    public void A_raw_event_has_its_bundle_and_its_place()
    {
        var record = Event(static fields => fields.Add("rollout.event.seq", 7)).ToRecord(out var refused);

        refused.ShouldBeNull();
        record.ShouldNotBeNull();
        record.Kind.ShouldBe(BundleRecordKind.RawEvent);
        record.Bundle.ShouldBe("trace-1-2");
        record.Seq.ShouldBe(7);
        Encoding.UTF8.GetString(record.Body.Span).ShouldBe("{}");
    }

    [Fact]
    public void The_name_may_be_an_attribute()
    {
        var fields = Event(static fields => fields.Add("rollout.event.seq", 7));
        fields.EventName = "";
        fields.Add("event.name", "rollout.raw_event");

        fields.ToRecord(out _).ShouldNotBeNull().Seq.ShouldBe(7);
    }

    [Fact]
    public void A_chunk_says_what_the_file_is()
    {
        var record = Chunk(static _ => { }).ToRecord(out var refused);

        refused.ShouldBeNull();
        record!.PayloadNumber.ShouldBe(12);
        record.Chunk.ShouldBe(2);
        record.Payload.ShouldBe(new PayloadFacts { Bytes = 5, Sha256 = new string('a', 64), Encoding = "utf8", Chunks = 3 });
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("something.else")]
    public void Records_of_others_are_none_and_nothing_is_wrong_with_them(string? name)
    {
        var fields = Event(static _ => { });
        fields.EventName = name;

        fields.ToRecord(out var refused).ShouldBeNull();
        refused.ShouldBeNull();
    }

    [Fact]
    public void What_is_not_in_form_is_refused_with_its_reason()
    {
        Refused(Event(static _ => { })).ShouldBe("trace-1-2: rollout.raw_event without rollout.event.seq as an integer");
        Refused(Event(static fields => fields.Add("rollout.event.seq", "7"))).ShouldBe("trace-1-2: rollout.raw_event without rollout.event.seq as an integer");
        Refused(Event(static fields => fields.Add("rollout.event.seq", 0))).ShouldBe("trace-1-2: rollout.raw_event whose rollout.event.seq is 0; it counts from 1");
        Refused(Event(static fields => fields.Add("rollout.bundle", "../x"))).ShouldBe("rollout.raw_event whose rollout.bundle is no name of a bundle: ../x");
        Refused(new LogRecordFields { EventName = "rollout.manifest" }).ShouldBe("rollout.manifest without rollout.bundle");
        Refused(Chunk(static fields => fields.Add("rollout.payload.path", "payloads/../1.json")))!.ShouldContain("path is not payloads/N.json: payloads/../1.json");
        Refused(Chunk(static fields => fields.Add("rollout.payload.path", "payloads/012.json")))!.ShouldContain("path is not payloads/N.json");
        Refused(Chunk(static fields => fields.Add("rollout.payload.path", "payloads/99999999999999999999.json")))!.ShouldContain("path is not payloads/N.json");
        Refused(Chunk(static fields => fields.Add("rollout.payload.bytes", -1)))!.ShouldContain("without rollout.payload.bytes");
        Refused(Chunk(static fields => fields.Add("rollout.payload.sha256", "abc")))!.ShouldContain("without rollout.payload.sha256");
        Refused(Chunk(static fields => fields.Add("rollout.payload.encoding", "zstd")))!.ShouldContain("without rollout.payload.encoding");
        Refused(Chunk(static fields => fields.Add("rollout.chunk.number", 4)))!.ShouldContain("chunk 4 of 3 is none");
        Refused(Chunk(static fields => fields.Add("rollout.chunk.count", 1L << 40)))!.ShouldContain("is none");
    }

    private static string? Refused(LogRecordFields fields)
    {
        fields.ToRecord(out var refused).ShouldBeNull();
        return refused;
    }

    private static LogRecordFields Event(Action<LogRecordFields> change)
    {
        var fields = new LogRecordFields { EventName = "rollout.raw_event" };
        fields.Add("rollout.bundle", "trace-1-2");
        fields.SetBody("{}");
        change(fields);
        return fields;
    }

    private static LogRecordFields Chunk(Action<LogRecordFields> change)
    {
        var fields = new LogRecordFields { EventName = "rollout.payload" };
        fields.Add("rollout.bundle", "trace-1-2");
        fields.Add("rollout.payload.path", "payloads/12.json");
        fields.Add("rollout.payload.bytes", 5);
        fields.Add("rollout.payload.sha256", new string('A', 64));
        fields.Add("rollout.payload.encoding", "utf8");
        fields.Add("rollout.chunk.number", 2);
        fields.Add("rollout.chunk.count", 3);
        change(fields);
        return fields;
    }
}
