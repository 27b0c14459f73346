using System.Text.Json;
using RolloutTrace.GenAI;
using RolloutTrace.Import.Input;
using RolloutTrace.Wire;

namespace RolloutTrace.Import.Spans;

/// <summary>Reads the traces of a file, one by one: what its spans come from stands behind them, so a trace is held as a whole.</summary>
/// <param name="file">The file.</param>
/// <param name="run">The run.</param>
/// <param name="add">Takes the spans.</param>
internal sealed class JaegerReader(InputFile file, ImportRun run, Action<ForeignSpan> add)
{
    /// <summary>Reads all of it.</summary>
    public void Read()
    {
        using var stream = file.Read();
        var json = new JsonScanner(stream, JsonShape.IsOneLine(file.Beginning), run.Limits.MaxPayloadBytes);
        while (json.PeekValue() is not JsonScanner.End)
        {
            try
            {
                ReadValue(json);
            }
            catch (InvalidDataException e)
            {
                run.Diagnostics.Add(ImportSeverity.Error, ImportCodes.LineUnreadable, file.Path, json.Line, e.Message);
                json.SkipLine();
            }
        }
    }

    // An answer of the API, a list of traces, or one trace.
    private void ReadValue(JsonScanner json)
    {
        if (json.TryEnter('['))
        {
            ReadTraces(json);
        }
        else if (json.TryEnter('{'))
        {
            ReadObject(json);
        }
        else
        {
            throw new InvalidDataException("is torn, or no JSON");
        }
    }

    private void ReadObject(JsonScanner json)
    {
        JsonDocument? spans = null;
        JsonDocument? processes = null;
        try
        {
            while (json.NextMember() is { } name)
            {
                switch (name)
                {
                    case "data" when json.TryEnter('['):
                        ReadTraces(json);
                        break;
                    case "spans":
                        spans = json.TakeValue();
                        break;
                    case "processes":
                        processes = json.TakeValue();
                        break;
                    default:
                        json.SkipValue();
                        break;
                }
            }
        }
        finally
        {
            ReadSpans(spans?.RootElement ?? default, processes?.RootElement ?? default, json.Line);
            spans?.Dispose();
            processes?.Dispose();
        }
    }

    private void ReadTraces(JsonScanner json)
    {
        while (json.NextEntry())
        {
            var line = json.Line;
            using var trace = json.TakeValue();
            ReadSpans(JsonText.Member(trace.RootElement, "spans"), JsonText.Member(trace.RootElement, "processes"), line);
        }
    }

    private void ReadSpans(JsonElement spans, JsonElement processes, long line)
    {
        var resources = new Dictionary<string, IReadOnlyList<SpanTag>>(StringComparer.Ordinal);
        if (processes.ValueKind == JsonValueKind.Object)
        {
            foreach (var process in processes.EnumerateObject())
            {
                resources[JsonText.Name(process, out _)] = JaegerJson.ReadProcess(process.Value);
            }
        }

        foreach (var entry in OtlpJson.Entries(spans))
        {
            var hasStart = JaegerJson.HasStart(entry);
            if (JaegerJson.ReadSpan(entry, hasStart ? null : JaegerJson.StartOfTrace(spans)) is not { } span)
            {
                run.Diagnostics.Add(ImportSeverity.Error, ImportCodes.LineUnreadable, file.Path, line, "holds a span without ids or without any time");
                continue;
            }

            if (!hasStart)
            {
                run.Diagnostics.Add(ImportSeverity.Warning, ImportCodes.LineUnreadable, file.Path, line, "holds a span without a start, which is taken to have begun with what is known of it, or of its trace");
            }

            var process = JsonText.MemberOrNull(entry, "processID");
            add(span with
            {
                Resource = process is not null && resources.TryGetValue(process, out var known) ? known : JaegerJson.ReadProcess(JsonText.Member(entry, "process")),
            });
        }
    }
}
