using RolloutTrace.GenAI;
using RolloutTrace.Import.Input;

namespace RolloutTrace.Import.Spans;

/// <summary>Reads the spans of a file, one by one. What is damaged ends it, since nothing tells where the next message begins.</summary>
/// <param name="file">The file.</param>
/// <param name="run">The run.</param>
/// <param name="add">Takes the spans.</param>
/// <param name="addEvent">Takes what was logged for a span: its trace, its id and the event; null for nobody. Logs have the same frame as spans.</param>
internal sealed class OtlpProtobufReader(InputFile file, ImportRun run, Action<ForeignSpan> add, Action<string, string, SpanEvent>? addEvent = null)
{
    private const int Bytes = 2;

    private readonly List<OtlpJsonSpan> waiting = [];
    private ProtobufStream stream = null!;

    /// <summary>Reads all of it.</summary>
    public void Read()
    {
        using var content = file.Read();
        stream = new ProtobufStream(content, run.Limits.MaxLineBytes);
        try
        {
            var frame = OtlpFraming.Of(file.Beginning);
            while (!stream.IsAtEnd)
            {
                var length = frame switch
                {
                    OtlpFrame.Varint => stream.ReadVarint(),
                    OtlpFrame.Fixed => stream.ReadFixed(),
                    _ => ulong.MaxValue,
                };
                ReadExport(length);
            }
        }
        catch (InvalidDataException e)
        {
            waiting.ForEach(span => add(span.Span));
            run.Diagnostics.Add(ImportSeverity.Error, ImportCodes.LineUnreadable, file.Path, line: null, $"{e.Message}: behind byte {stream.Position} nothing is read");
        }
    }

    private void ReadExport(ulong length) => ReadFields(length, field =>
    {
        if (field.Number == 1)
        {
            ReadResource(field.Length);
            return true;
        }

        return false;
    });

    private void ReadResource(ulong length)
    {
        OtlpResource? resource = null;
        ReadFields(length, field =>
        {
            switch (field.Number)
            {
                case 1:
                    resource = OtlpProtobuf.ReadResource(stream.Read(field.Length));
                    return true;
                case 2 or 1000:
                    ReadScope(field.Length, resource);
                    return true;
                default:
                    return false;
            }
        });
        foreach (var span in waiting)
        {
            Add(span, resource);
        }

        waiting.Clear();
    }

    private void ReadScope(ulong length, OtlpResource? resource)
    {
        OtlpScope? scope = null;
        var first = waiting.Count;
        ReadFields(length, field =>
        {
            switch (field.Number)
            {
                case 1:
                    scope = OtlpProtobuf.ReadScope(stream.Read(field.Length));
                    return true;
                case 2:
                    Take(stream.Read(field.Length), resource, scope);
                    return true;
                default:
                    return false;
            }
        });
        for (var i = first; i < waiting.Count; i++)
        {
            waiting[i] = waiting[i] with { Scope = scope };
        }
    }

    private void Take(byte[] bytes, OtlpResource? resource, OtlpScope? scope)
    {
        if (OtlpProtobuf.IsLogRecord(bytes))
        {
            if (addEvent is not null && OtlpProtobuf.ReadMessage(bytes) is var (traceId, spanId, happened))
            {
                addEvent(traceId, spanId, happened);
            }
        }
        else if (OtlpProtobuf.IsMetric(bytes))
        {
            // A Collector writes them into the same file, in the same frame.
        }
        else if (OtlpProtobuf.ReadSpan(bytes) is not { } span)
        {
            run.Diagnostics.Add(ImportSeverity.Error, ImportCodes.LineUnreadable, file.Path, line: null, "holds a span without ids or without any time");
        }
        else if (resource is not null && scope is not null)
        {
            Add(new OtlpJsonSpan(span, scope), resource);
        }
        else
        {
            waiting.Add(new OtlpJsonSpan(span, scope));
        }
    }

    private void Add(OtlpJsonSpan read, OtlpResource? resource) => add(read.Span with
    {
        SourceName = read.Scope?.Name ?? "",
        SourceVersion = read.Scope?.Version,
        Resource = resource?.Attributes ?? [],
    });

    // A length of all there is stands for the rest of the file.
    private void ReadFields(ulong length, Func<(int Number, ulong Length), bool> read)
    {
        var start = stream.Position;
        while (length == ulong.MaxValue ? !stream.IsAtEnd : (ulong)(stream.Position - start) < length)
        {
            var tag = stream.ReadVarint();
            var (number, type) = ((int)(tag >> 3), (int)(tag & 7));
            if (type != Bytes)
            {
                SkipScalar(type);
                continue;
            }

            var size = stream.ReadVarint();
            if (length != ulong.MaxValue && size > length - (ulong)(stream.Position - start))
            {
                throw ProtobufStream.Damaged();
            }

            if (!read((number, size)))
            {
                stream.Skip(size);
            }
        }
    }

    private void SkipScalar(int type)
    {
        switch (type)
        {
            case 0:
                stream.ReadVarint();
                break;
            case 1:
                stream.Skip(sizeof(ulong));
                break;
            case 5:
                stream.Skip(sizeof(uint));
                break;
            default:
                throw ProtobufStream.Damaged();
        }
    }
}
