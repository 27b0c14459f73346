using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Tests.Bundle;

public class CanonicalLineTests
{
    private static readonly byte[][] Lines = [.. RawEventSamples.All.Select(e => JsonSerializer.SerializeToUtf8Bytes(e, BundleJsonContext.Default.RawEvent))];

    [Fact]
    public void What_a_writer_writes_is_read_as_the_generated_contract_reads_it()
    {
        foreach (var line in Lines.Where(line => !IsOther(line)))
        {
            new CanonicalLine().TryRead(line, out var parsed).ShouldBeTrue(Encoding.UTF8.GetString(line));

            Text(parsed!).ShouldBe(Text(Contract(line)!));
        }
    }

    [Fact]
    public void An_event_that_holds_any_json_is_left_to_the_generated_contract() =>
        Lines.Where(IsOther).ShouldAllBe(line => !IsKnown(line));

    // Removed, repeated, changed and inserted bytes, chosen among those that mean something in JSON.
    [Fact]
    public void A_changed_line_is_left_to_the_generated_contract_or_read_as_it_reads_it()
    {
        var bytes = Gen.Elements<byte>([.. "\"\\{}[],:nul0-9+.eutd8D\n\t "u8, 0xC3, 0xED, 0xA0, 0x80]).ListOf();
        var changed =
            from line in Gen.Elements(Lines)
            from at in Gen.Choose(0, line.Length - 1)
            from length in Gen.Frequency((5, Gen.Constant(1)), (1, Gen.Choose(0, 30)))
            from inserted in bytes
            from repeat in Gen.Elements(true, false, false)
            let end = Math.Min(line.Length, at + length)
            select (byte[])[.. line[..at], .. inserted.Take(3), .. line[at..(repeat ? end : at)], .. line[(repeat ? at : end)..]];

        // One reader for all: what it remembers of other lines changes nothing.
        var reader = new ThreadLocal<CanonicalLine>(static () => new CanonicalLine());
        Prop.ForAll(changed.ToArbitrary(), line => !reader.Value!.TryRead(line, out var parsed) || Text(parsed) == Text(Contract(line)))
            .ShouldHold(5_000);
    }

    [Theory]
    [InlineData("\\u00e4\\n\\\"\\\\\\/\\ud83d\\ude00", "ä\n\"\\/😀")]
    [InlineData("\\", null)]
    [InlineData("\\x", null)]
    [InlineData("\\ud800", null)]
    [InlineData("\t", null)]
    [InlineData("plain \\", null)]
    public void Escapes_are_undone_and_what_is_none_is_left_to_the_generated_contract(string text, string? expected)
    {
        var line = Encoding.UTF8.GetBytes(
            $$$"""{"schema_version":1,"seq":1,"wall_time_unix_ms":2,"rollout_id":"r","thread_id":null,"codex_turn_id":null,"payload":{"type":"inference_failed","inference_call_id":"i","upstream_request_id":null,"error":"{{{text}}}","partial_response_payload":null}}""");

        new CanonicalLine().TryRead(line, out var parsed).ShouldBe(expected is not null);

        (parsed?.Payload as InferenceFailedEvent)?.Error.ShouldBe(expected);
    }

    [Theory]
    [InlineData("9223372036854775807", true)]
    [InlineData("-9223372036854775808", true)]
    [InlineData("0", true)]
    [InlineData("9223372036854775808", false)]
    [InlineData("01", false)]
    [InlineData("+1", false)]
    [InlineData("-", false)]
    [InlineData("1.0", false)]
    [InlineData("1e3", false)]
    [InlineData("\"1\"", false)]
    public void Only_an_integer_that_json_writes_so_is_a_number(string number, bool isKnown) =>
        IsKnown(Encoding.UTF8.GetBytes(
            $$$"""{"schema_version":1,"seq":{{{number}}},"wall_time_unix_ms":2,"rollout_id":"r","thread_id":null,"codex_turn_id":null,"payload":{"type":"rollout_ended","status":"completed"}}""")).ShouldBe(isKnown);

    private static bool IsKnown(byte[] line) => new CanonicalLine().TryRead(line, out _);

    private static bool IsOther(byte[] line) => line.AsSpan().IndexOf("\"type\":\"other\",\"kind\":\"k\""u8) >= 0;

    private static RawEvent? Contract(byte[] line) => JsonSerializer.Deserialize(line, BundleJsonContext.Default.RawEvent);

    private static string Text(RawEvent? rawEvent) => JsonSerializer.Serialize(rawEvent, BundleJsonContext.Default.RawEvent!);
}
