using System.Text;
using System.Text.Unicode;
using RolloutTrace.Records;

namespace RolloutTrace.Collecting.Otlp;

/// <summary>Reads the message <c>ExportLogsServiceRequest</c>, of log records what matters to bundles.</summary>
internal static class LogsProtobuf
{
    public static List<LogRecordFields> Read(ReadOnlyMemory<byte> request)
    {
        var records = new List<LogRecordFields>();
        foreach (var resourceLogs in Messages(request, field: 1))
        {
            foreach (var scopeLogs in Messages(resourceLogs, field: 2))
            {
                records.AddRange(Messages(scopeLogs, field: 2).Select(Record));
            }
        }

        return records;
    }

    private static List<ReadOnlyMemory<byte>> Messages(ReadOnlyMemory<byte> message, int field)
    {
        var found = new List<ReadOnlyMemory<byte>>();
        for (var fields = new ProtobufMessage(message); fields.MoveNext();)
        {
            if (fields.Field == field)
            {
                found.Add(fields.Bytes ?? throw new InvalidDataException("is no OTLP message in protobuf"));
            }
        }

        return found;
    }

    private static LogRecordFields Record(ReadOnlyMemory<byte> message)
    {
        var record = new LogRecordFields();
        for (var fields = new ProtobufMessage(message); fields.MoveNext();)
        {
            switch ((fields.Field, fields.Bytes))
            {
                case (5, { } body):
                    ReadBody(body, record);
                    break;
                case (6, { } attribute):
                    ReadAttribute(attribute, record);
                    break;
                case (12, { } name):
                    record.EventName = Text(name);
                    break;
            }
        }

        return record;
    }

    private static void ReadBody(ReadOnlyMemory<byte> value, LogRecordFields record)
    {
        for (var fields = new ProtobufMessage(value); fields.MoveNext();)
        {
            if (fields is { Field: 1 or 7, Bytes: { } body })
            {
                record.SetBody(body, isBytes: fields.Field == 7);
            }
        }
    }

    private static void ReadAttribute(ReadOnlyMemory<byte> message, LogRecordFields record)
    {
        string? name = null;
        ReadOnlyMemory<byte> value = default;
        for (var fields = new ProtobufMessage(message); fields.MoveNext();)
        {
            if (fields is { Field: 1, Bytes: { } key })
            {
                name = Text(key);
            }
            else if (fields is { Field: 2, Bytes: { } given })
            {
                value = given;
            }
        }

        for (var fields = new ProtobufMessage(value); name is not null && fields.MoveNext();)
        {
            if (fields is { Field: 1, Bytes: { } text })
            {
                record.Add(name, Text(text));
            }
            else if (fields is { Field: 3, Bytes: null })
            {
                record.Add(name, (long)fields.Number);
            }
        }
    }

    private static string Text(ReadOnlyMemory<byte> bytes) =>
        Utf8.IsValid(bytes.Span) ? Encoding.UTF8.GetString(bytes.Span) : throw new InvalidDataException("is no OTLP message in protobuf: a string is no UTF-8");
}
