using System.Buffers;
using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.GenAI;
using RolloutTrace.Import.Input;
using RolloutTrace.Wire;

namespace RolloutTrace.Import.Spans;

/// <summary>Reads the spans among a program's output. An object begins and ends with a brace that is a line of its own, or is one line.</summary>
/// <param name="file">The file.</param>
/// <param name="run">The run.</param>
/// <param name="add">Takes the spans.</param>
internal sealed class ConsoleReader(InputFile file, ImportRun run, Action<ForeignSpan> add)
{
    private const int TraceIdBytes = 16;
    private const int SpanIdBytes = 8;

    private readonly ArrayBufferWriter<byte> block = new();
    private long firstLine;

    /// <summary>Reads all of it.</summary>
    public void Read()
    {
        using var lines = new LineReader(file.Read(), file.Path, run.Limits.MaxLineBytes);
        while (JsonLines.MoveNext(lines))
        {
            if (lines.IsTooLong)
            {
                Unreadable(lines.LineNumber, $"is longer than {run.Limits.MaxLineBytes} bytes");
                block.ResetWrittenCount();
            }
            else
            {
                Add(lines.Current.TrimEnd("\r "u8), lines.LineNumber);
            }
        }

        SayTorn();
    }

    private void Add(ReadOnlySpan<byte> line, long number)
    {
        if (line is [(byte)'{'])
        {
            SayTorn();
            firstLine = number;
        }
        else if (line is [(byte)'{', .., (byte)'}'] && block.WrittenCount == 0)
        {
            firstLine = number;
            block.Write(line);
            AddSpan(isWhole: false);
            return;
        }
        else if (block.WrittenCount == 0)
        {
            return;
        }

        if (block.WrittenCount + line.Length >= run.Limits.MaxLineBytes)
        {
            Unreadable(firstLine, $"begins a value of more than {run.Limits.MaxLineBytes} bytes");
            block.ResetWrittenCount();
            return;
        }

        block.Write(line);
        block.Write("\n"u8);
        if (line is [(byte)'}'])
        {
            AddSpan(isWhole: true);
        }
    }

    // A line that begins with a brace may be anything that the program has printed.
    private void AddSpan(bool isWhole)
    {
        using var json = JsonScanner.Read(block.WrittenMemory);
        if (json is null)
        {
            if (isWhole)
            {
                Unreadable(firstLine, "begins a value that is no JSON");
            }
        }
        else if (JsonText.Member(json.RootElement, "context").ValueKind == JsonValueKind.Object)
        {
            if (ReadSpan(json.RootElement) is { } span)
            {
                add(span);
            }
            else
            {
                Unreadable(firstLine, "holds a span without ids or without any time");
            }
        }

        block.ResetWrittenCount();
    }

    private void SayTorn()
    {
        if (block.WrittenCount > 0)
        {
            Unreadable(firstLine, "begins a value that is torn");
            block.ResetWrittenCount();
        }
    }

    private static ForeignSpan? ReadSpan(JsonElement span)
    {
        var (traceId, spanId) = IdsOf(span);
        var end = SpanText.Time(JsonText.MemberOrNull(span, "end_time"));
        if (traceId is null || spanId is null || (SpanText.Time(JsonText.MemberOrNull(span, "start_time")) ?? end) is not { } start)
        {
            return null;
        }

        var status = JsonText.Member(span, "status");
        return new ForeignSpan
        {
            TraceId = traceId,
            SpanId = spanId,
            ParentSpanId = SpanText.Id(JsonText.MemberOrNull(span, "parent_id"), SpanIdBytes),
            Name = JsonText.Read(JsonText.Member(span, "name"), out _) ?? "",
            Kind = SpanText.Kind(JsonText.MemberOrNull(span, "kind")),
            Start = start,
            End = end,
            Status = SpanText.Status(JsonText.MemberOrNull(status, "status_code")),
            StatusDescription = JsonText.Read(JsonText.Member(status, "description"), out _),
            Attributes = OtlpJson.ReadAttributes(JsonText.Member(span, "attributes")),
            Events =
            [
                .. OtlpJson.Entries(JsonText.Member(span, "events")).Select(happened => new SpanEvent(
                    JsonText.Read(JsonText.Member(happened, "name"), out _) ?? "", SpanText.Time(JsonText.MemberOrNull(happened, "timestamp")) ?? start, OtlpJson.ReadAttributes(JsonText.Member(happened, "attributes")))),
            ],
            Links =
            [
                .. OtlpJson.Entries(JsonText.Member(span, "links")).Select(static link =>
                {
                    var (linkedTrace, linked) = IdsOf(link);
                    return new SpanLink(linkedTrace ?? "", linked ?? "", OtlpJson.ReadAttributes(JsonText.Member(link, "attributes")));
                }),
            ],
            Resource = OtlpJson.ReadAttributes(JsonText.Member(JsonText.Member(span, "resource"), "attributes")),
        };
    }

    private static (string? TraceId, string? SpanId) IdsOf(JsonElement parent)
    {
        var context = JsonText.Member(parent, "context");
        return (SpanText.Id(JsonText.MemberOrNull(context, "trace_id"), TraceIdBytes), SpanText.Id(JsonText.MemberOrNull(context, "span_id"), SpanIdBytes));
    }

    private void Unreadable(long line, string message) => run.Diagnostics.Add(ImportSeverity.Error, ImportCodes.LineUnreadable, file.Path, line, message);
}
