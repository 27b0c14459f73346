using System.Buffers.Binary;
using System.Text;
using RolloutTrace.Records;

namespace RolloutTrace.Benchmarks.Fleet;

/// <summary>Requests of OTLP in protobuf with the records of bundles, as exporters make them.</summary>
internal static class OtlpBody
{
    /// <summary>One <c>ExportLogsServiceRequest</c>.</summary>
    public static byte[] Of(IEnumerable<BundleRecord> records)
    {
        var scope = Message(scope =>
        {
            scope.Field(1, Message(static name => name.Text(1, RecordNames.Scope)));
            foreach (var record in records)
            {
                scope.Field(2, Of(record));
            }
        });
        var resource = Message(static resource => resource.Field(1, Attribute("service.name", "agents")));
        return Message(request => request.Field(1, Message(logs =>
        {
            logs.Field(1, resource);
            logs.Field(2, scope);
        })));
    }

    private static byte[] Of(BundleRecord record) => Message(log =>
    {
        log.Fixed64(1, 1_770_000_000_000_000_000);
        log.Number(2, 9);
        log.Field(5, Message(body => body.Field(record.IsBytes ? 7 : 1, record.Body.ToArray())));
        log.Field(6, Attribute(RolloutAttributes.Bundle, record.Bundle));
        if (record.Kind == BundleRecordKind.RawEvent)
        {
            log.Field(6, Attribute(RecordAttributes.Seq, record.Seq));
        }
        else if (record.Payload is { } facts)
        {
            log.Field(6, Attribute(RecordAttributes.Path, $"payloads/{record.PayloadNumber}.json"));
            log.Field(6, Attribute(RecordAttributes.Bytes, facts.Bytes));
            log.Field(6, Attribute(RecordAttributes.Sha256, facts.Sha256));
            log.Field(6, Attribute(RecordAttributes.Encoding, facts.Encoding));
            log.Field(6, Attribute(RecordAttributes.ChunkNumber, record.Chunk));
            log.Field(6, Attribute(RecordAttributes.ChunkCount, facts.Chunks));
        }

        log.Text(12, record.Kind switch
        {
            BundleRecordKind.RawEvent => RecordNames.RawEvent,
            BundleRecordKind.Payload => RecordNames.Payload,
            _ => RecordNames.Manifest,
        });
    });

    private static byte[] Attribute(string key, string value) => Attribute(key, any => any.Text(1, value));

    private static byte[] Attribute(string key, long value) => Attribute(key, any => any.Number(3, (ulong)value));

    private static byte[] Attribute(string key, Action<Writer> value) => Message(attribute =>
    {
        attribute.Text(1, key);
        attribute.Field(2, Message(value));
    });

    private static byte[] Message(Action<Writer> write)
    {
        using var bytes = new MemoryStream();
        write(new Writer(bytes));
        return bytes.ToArray();
    }

    private readonly struct Writer(MemoryStream bytes)
    {
        public void Text(int field, string value) => Field(field, Encoding.UTF8.GetBytes(value));

        public void Field(int field, byte[] value)
        {
            Varint(((ulong)field << 3) | 2);
            Varint((ulong)value.Length);
            bytes.Write(value);
        }

        public void Number(int field, ulong value)
        {
            Varint((ulong)field << 3);
            Varint(value);
        }

        public void Fixed64(int field, ulong value)
        {
            Varint(((ulong)field << 3) | 1);
            Span<byte> eight = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(eight, value);
            bytes.Write(eight);
        }

        private void Varint(ulong value)
        {
            for (; value >= 0x80; value >>= 7)
            {
                bytes.WriteByte((byte)(value | 0x80));
            }

            bytes.WriteByte((byte)value);
        }
    }
}
