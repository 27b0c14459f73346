using System.Text;
using RolloutTrace.Records;

namespace RolloutTrace.Collecting.Tests;

public sealed class OtlpLogsTests
{
    [Fact]
    public void Records_come_back_from_json()
    {
        using var sent = new SentBundle();

        var read = OtlpLogs.ReadJson(Encoding.UTF8.GetBytes(BundleRecords.ToOtlpJson(sent.Records)));

        read.Count.ShouldBe(sent.Records.Count);
        using var assembly = sent.Open();
        foreach (var fields in read)
        {
            assembly.Add(fields.ToRecord(out var refused).ShouldNotBeNull(refused)).Reason.ShouldBeNull();
        }

        sent.ShouldBeWhat(assembly);
    }

    [Fact]
    public void Names_of_fields_numbers_and_bytes_are_understood_in_json()
    {
        var read = OtlpLogs.ReadJson("""
            {"resource_logs":[{"scope_logs":[{"log_records":[{"body":{"bytes_value":"e30="},"attributes":[
              {"key":"event.name","value":{"string_value":"rollout.raw_event"}},{"key":"rollout.bundle","value":{"stringValue":"b"}},{"key":"rollout.event.seq","value":{"intValue":7}},{"key":"x","value":{"doubleValue":1}}]}]}]}]}
            """u8.ToArray());

        var record = read.Single().ToRecord(out _).ShouldNotBeNull();
        record.Seq.ShouldBe(7);
        record.IsBytes.ShouldBeTrue();
        Encoding.UTF8.GetString(record.Body.Span).ShouldBe("{}");
    }

    [Fact]
    public void Records_come_back_from_protobuf()
    {
        var body = "{\"seq\":300}"u8.ToArray();
        byte[] record = [.. Field(5, Field(1, body)), .. Field(6, Attribute("rollout.bundle", Field(1, "b"u8))), .. Field(6, Attribute("rollout.event.seq", [3 << 3, 0xAC, 0x02])),
            .. (byte[])[(8 << 3) | 5, 1, 0, 0, 0, (1 << 3) | 1, 1, 2, 3, 4, 5, 6, 7, 8], .. Field(12, "rollout.raw_event"u8)];

        var read = OtlpLogs.ReadProtobuf(Field(1, [.. Field(1, []), .. Field(2, [.. Field(1, Field(1, "RolloutTrace"u8)), .. Field(2, record)])]));

        var found = read.Single().ToRecord(out _).ShouldNotBeNull();
        found.Kind.ShouldBe(BundleRecordKind.RawEvent);
        found.Seq.ShouldBe(300);
        found.Body.ToArray().ShouldBe(body);
    }

    [Fact]
    public void What_is_no_message_is_told()
    {
        foreach (var text in (string[])["", "[]", "{", "{\"resourceLogs\":{}}", "{\"resourceLogs\":[1]}", "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"eventName\":1}]}]}]}",
            "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"body\":{\"stringValue\":\"\\ud800\"}}]}]}]}", "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"body\":{\"bytesValue\":\"!\"}}]}]}]}"])
        {
            Should.Throw<InvalidDataException>(() => OtlpLogs.ReadJson(Encoding.UTF8.GetBytes(text)), text).Message.ShouldStartWith("is no OTLP message in JSON");
        }

        foreach (var bytes in (byte[][])[[0x0A], [0x0A, 5, 1], [0x08, 1], [7], [0, 1], [0x0A, 2, 0x12, 1], [.. Enumerable.Repeat((byte)0xFF, 20)]])
        {
            Should.Throw<InvalidDataException>(() => OtlpLogs.ReadProtobuf(bytes), Convert.ToHexString(bytes)).Message.ShouldStartWith("is no OTLP message in protobuf");
        }

        OtlpLogs.ReadProtobuf(default).ShouldBeEmpty();
        OtlpLogs.ReadJson("{}"u8.ToArray()).ShouldBeEmpty();
    }

    private static byte[] Attribute(string name, byte[] value) => [.. Field(1, Encoding.UTF8.GetBytes(name)), .. Field(2, value)];

    private static byte[] Field(int number, ReadOnlySpan<byte> content) =>
        content.Length < 128 ? [(byte)((number << 3) | 2), (byte)content.Length, .. content] : [(byte)((number << 3) | 2), (byte)(content.Length | 0x80), (byte)(content.Length >> 7), .. content];
}
