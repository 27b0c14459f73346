using RolloutTrace.GenAI;
using RolloutTrace.Import.Input;

namespace RolloutTrace.Import.Spans;

/// <summary>Reads the spans of a file, one by one. A line that is torn gives those before the tear.</summary>
/// <param name="file">The file.</param>
/// <param name="run">The run.</param>
/// <param name="add">Takes the spans.</param>
/// <param name="addEvent">Takes what was logged for a span: its trace, its id and the event; null for nobody.</param>
internal sealed class OtlpJsonReader(InputFile file, ImportRun run, Action<ForeignSpan> add, Action<string, string, SpanEvent>? addEvent = null)
{
    private readonly List<OtlpJsonSpan> waiting = [];
    private OtlpResource? resource;
    private OtlpScope? scope;

    /// <summary>Reads all of it.</summary>
    public void Read()
    {
        using var stream = file.Read();
        var json = new JsonScanner(stream, JsonShape.IsOneLine(file.Beginning), run.Limits.MaxLineBytes);
        while (json.PeekValue() is var next and not JsonScanner.End)
        {
            try
            {
                ReadValue(json, next);
            }
            catch (InvalidDataException e)
            {
                run.Diagnostics.Add(ImportSeverity.Error, ImportCodes.LineUnreadable, file.Path, json.Line, e.Message);
                AddWaiting();
                json.SkipLine();
            }
        }
    }

    private void ReadValue(JsonScanner json, int first)
    {
        if (first == '[')
        {
            ReadEntries(json, ReadExport);
        }
        else if (first == '{')
        {
            ReadExport(json);
        }
        else
        {
            throw new InvalidDataException("is torn, or no JSON");
        }
    }

    private void ReadExport(JsonScanner json) => ReadMembers(json, name =>
    {
        switch (name)
        {
            case "resourceSpans" or "resource_spans" or "batches":
                ReadEntries(json, ReadResource);
                return true;
            case "resourceLogs" or "resource_logs":
                ReadEntries(json, ReadLogs);
                return true;
            case "trace" or "data" or "tracesData" or "result":
                ReadExport(json);
                return true;
            default:
                return false;
        }
    });

    // What the spans come from may stand behind them.
    private void ReadResource(JsonScanner json)
    {
        resource = null;
        ReadMembers(json, name =>
        {
            switch (name)
            {
                case "resource":
                    using (var document = json.TakeValue())
                    {
                        resource = OtlpJson.ReadResource(document.RootElement);
                    }

                    return true;
                case "scopeSpans" or "scope_spans" or "instrumentationLibrarySpans" or "instrumentation_library_spans":
                    ReadEntries(json, ReadScope);
                    return true;
                default:
                    return false;
            }
        });
        AddWaiting();
    }

    private void ReadScope(JsonScanner json)
    {
        scope = null;
        var first = waiting.Count;
        ReadMembers(json, name =>
        {
            switch (name)
            {
                case "scope" or "instrumentationLibrary" or "instrumentation_library":
                    using (var document = json.TakeValue())
                    {
                        scope = OtlpJson.ReadScope(document.RootElement);
                    }

                    return true;
                case "spans":
                    ReadEntries(json, ReadSpan);
                    return true;
                default:
                    return false;
            }
        });
        for (var i = first; i < waiting.Count; i++)
        {
            waiting[i] = waiting[i] with { Scope = scope };
        }

        scope = null;
    }

    private void ReadSpan(JsonScanner json)
    {
        var line = json.Line;
        using var document = json.TryTakeValue();
        if (document is null)
        {
            run.Diagnostics.Add(ImportSeverity.Error, ImportCodes.LineUnreadable, file.Path, line, "holds a span that is no JSON");
        }
        else if (OtlpJson.ReadSpan(document.RootElement) is not { } span)
        {
            run.Diagnostics.Add(ImportSeverity.Error, ImportCodes.LineUnreadable, file.Path, line, "holds a span without ids or without any time");
        }
        else if (resource is not null && scope is not null)
        {
            Add(new OtlpJsonSpan(span, scope));
        }
        else
        {
            waiting.Add(new OtlpJsonSpan(span, scope));
        }
    }

    private void ReadLogs(JsonScanner json) => ReadMembers(json, name =>
    {
        switch (name)
        {
            case "scopeLogs" or "scope_logs":
                ReadEntries(json, ReadLogs);
                return true;
            case "logRecords" or "log_records":
                ReadEntries(json, ReadLog);
                return true;
            default:
                return false;
        }
    });

    private void ReadLog(JsonScanner json)
    {
        using var document = json.TryTakeValue();
        if (addEvent is not null && document is not null && OtlpJson.ReadMessage(document.RootElement) is var (traceId, spanId, happened))
        {
            addEvent(traceId, spanId, happened);
        }
    }

    private void AddWaiting()
    {
        waiting.ForEach(Add);
        waiting.Clear();
    }

    private void Add(OtlpJsonSpan read) => add(read.Span with
    {
        SourceName = read.Scope?.Name ?? "",
        SourceVersion = read.Scope?.Version,
        Resource = resource?.Attributes ?? [],
    });

    private static void ReadMembers(JsonScanner json, Func<string, bool> read)
    {
        if (!json.TryEnter('{'))
        {
            json.SkipValue();
            return;
        }

        while (json.NextMember() is { } name)
        {
            if (!read(name))
            {
                json.SkipValue();
            }
        }
    }

    private static void ReadEntries(JsonScanner json, Action<JsonScanner> read)
    {
        if (!json.TryEnter('['))
        {
            json.SkipValue();
            return;
        }

        while (json.NextEntry())
        {
            read(json);
        }
    }
}

/// <summary>A span that waits for what it comes from.</summary>
/// <param name="Span">The span.</param>
/// <param name="Scope">What made it; null as long as that is not known.</param>
internal readonly record struct OtlpJsonSpan(ForeignSpan Span, OtlpScope? Scope);

/// <summary>What emitted spans.</summary>
/// <param name="Attributes">Its attributes.</param>
internal sealed record OtlpResource(IReadOnlyList<SpanTag> Attributes);

/// <summary>What made spans.</summary>
/// <param name="Name">Its name; empty where it has none.</param>
/// <param name="Version">Its version; null where it has none.</param>
internal sealed record OtlpScope(string Name, string? Version);
