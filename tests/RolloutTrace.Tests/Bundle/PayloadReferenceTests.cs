using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using RolloutTrace.Bundle;

namespace RolloutTrace.Tests.Bundle;

public class PayloadReferenceTests
{
    private static readonly PayloadReference Given = new() { RawPayloadId = "raw_payload:7", Kind = PayloadKind.InferenceRequest, Path = "payloads/7.json" };

    public static TheoryData<string, string> Places => new()
    {
        { "raw_payload:7", "payloads/7.json" },
        { "raw_payload:7", "payloads/8.json" },
        { "raw_payload:7", "payloads/7.json.zst" },
        { "raw_payload:7", "payloads/07.json" },
        { "raw_payload:7", "payloads/.json" },
        { "raw_payload:7", "" },
        { "raw_payload:", "payloads/.json" },
        { "raw_payload:é", "payloads/é.json" },
        { "raw_payload:1\"2", "payloads/1\"2.json" },
        { "raw_payload:" + new string('1', 100), $"payloads/{new string('1', 100)}.json" },
        { "7", "payloads/7.json" },
        { "", "payloads/.json" },
        { "", "" },
    };

    [Fact]
    public void The_path_of_a_number_follows_from_it() => PayloadReference.ForNumber(7, PayloadKind.InferenceRequest).ShouldBe(Given);

    [Theory]
    [MemberData(nameof(Places))]
    public void Id_and_path_are_read_and_written_as_they_stand_whether_one_follows_from_the_other_or_not(string id, string path)
    {
        var line = Line(Given with { RawPayloadId = id, Path = path });

        var read = Reference(line);

        (read.RawPayloadId, read.Path).ShouldBe((id, path));
        Line(read).ShouldBe(line);
        JsonDocument.Parse(line).RootElement.GetProperty("path").GetString().ShouldBe(path);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void References_are_equal_whether_they_were_read_or_made(string id, string path)
    {
        var made = Given with { RawPayloadId = id, Path = path };

        var read = Reference(Line(made));

        read.ShouldBe(made);
        read.GetHashCode().ShouldBe(made.GetHashCode());
        read.ShouldNotBe(made with { Path = path + "x" });
        read.ShouldNotBe(made with { RawPayloadId = id + "x" });
        read.ShouldNotBe(made with { Kind = PayloadKind.ToolResult });
    }

    [Fact]
    public void A_copy_with_another_id_keeps_the_path() =>
        (PayloadReference.ForNumber(7, PayloadKind.InferenceRequest) with { RawPayloadId = "raw_payload:8" }).Path.ShouldBe("payloads/7.json");

    private static string Line(PayloadReference reference)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            reference.Write(json);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static PayloadReference Reference(string line)
    {
        var json = new CanonicalJson(Encoding.UTF8.GetBytes(line), new RecentTexts());
        var reference = PayloadReference.Read(ref json);
        json.IsAtEnd.ShouldBeTrue();
        return reference;
    }
}
