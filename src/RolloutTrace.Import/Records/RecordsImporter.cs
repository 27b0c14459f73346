using RolloutTrace.Collecting;
using RolloutTrace.Import.Input;
using RolloutTrace.Import.Spans;
using RolloutTrace.Records;

namespace RolloutTrace.Import.Records;

/// <summary>
/// Rollouts that went through a Collector as OTLP logs, as its file exporter writes them: JSON, one request a line or one document, or protobuf. They may lie
/// in several files, in any order and more than once.
/// </summary>
internal sealed class RecordsImporter(ImportRun run, SpanFeed feed) : IImporter
{
    private readonly RecordedBundles bundles = new(run);

    /// <inheritdoc/>
    public bool Recognizes(ReadOnlySpan<byte> beginning) => IsJson(beginning) || IsProtobuf(beginning);

    /// <inheritdoc/>
    public void Read(InputFile file)
    {
        var before = bundles.Count;
        try
        {
            if (!IsJson(file.Beginning))
            {
                ReadProtobuf(file);
            }
            else if (JsonShape.IsOneLine(file.Beginning))
            {
                ReadLines(file);
            }
            else
            {
                Add(OtlpLogs.ReadJson(Whole(file)), file, line: null);
            }
        }
        catch (InvalidDataException e)
        {
            run.Diagnostics.Add(ImportSeverity.Error, ImportCodes.LineUnreadable, file.Path, line: null, e.Message);
        }

        if (bundles.Count == before && !HasMessages(file))
        {
            run.Diagnostics.Add(ImportSeverity.Error, ImportCodes.NothingFound, file.Path, line: null, "holds no record of a rollout");
        }
    }

    /// <inheritdoc/>
    public void Finish() => bundles.Complete();

    private static bool IsJson(ReadOnlySpan<byte> beginning) =>
        JsonShape.IsJson(beginning) && (beginning.IndexOf("\"resourceLogs\""u8) >= 0 || beginning.IndexOf("\"resource_logs\""u8) >= 0)
        && (HasRecords(beginning) || !(beginning.IndexOf("\"gen_ai."u8) >= 0 || beginning.IndexOf("\"resourceSpans\""u8) >= 0 || beginning.IndexOf("\"resource_spans\""u8) >= 0));

    // A service's log may begin with anything, and have messages for spans after that.
    private bool HasMessages(InputFile file)
    {
        if (!IsJson(file.Beginning) || HasRecords(file.Beginning))
        {
            return false;
        }

        using var again = InputFile.Open(file.Path);
        return feed.TryAddMessages(again);
    }

    // Logs and spans have the same frame; the records of rollouts have names of their own.
    private static bool IsProtobuf(ReadOnlySpan<byte> beginning) => OtlpFraming.Of(beginning) is not null
        && HasRecords(beginning);

    private static bool HasRecords(ReadOnlySpan<byte> beginning) =>
        beginning.IndexOf("rollout.manifest"u8) >= 0 || beginning.IndexOf("rollout.raw_event"u8) >= 0 || beginning.IndexOf("rollout.payload.sha256"u8) >= 0;

    private void ReadLines(InputFile file)
    {
        foreach (var line in new JsonLines(file, run).Read())
        {
            try
            {
                Add(OtlpLogs.ReadJson(line.Root), file, line.Number);
            }
            catch (InvalidDataException e)
            {
                run.Diagnostics.Add(ImportSeverity.Error, ImportCodes.LineUnreadable, file.Path, line.Number, e.Message);
            }
        }
    }

    private void ReadProtobuf(InputFile file)
    {
        var frame = OtlpFraming.Of(file.Beginning);
        if (frame is OtlpFrame.None)
        {
            Add(OtlpLogs.ReadProtobuf(Whole(file)), file, line: null);
            return;
        }

        using var content = file.Read();
        var stream = new ProtobufStream(content, run.Limits.MaxLineBytes);
        while (!stream.IsAtEnd)
        {
            var length = frame == OtlpFrame.Varint ? stream.ReadVarint() : stream.ReadFixed();
            Add(OtlpLogs.ReadProtobuf(stream.Read(length)), file, line: null);
        }
    }

    private byte[] Whole(InputFile file)
    {
        using var content = file.Read();
        using var whole = new MemoryStream();
        var buffer = new byte[1 << 16];
        while (content.Read(buffer) is > 0 and var read)
        {
            if (whole.Length + read > run.Limits.MaxPayloadBytes)
            {
                throw new InvalidDataException($"is one document of more than {run.Limits.MaxPayloadBytes} bytes");
            }

            whole.Write(buffer, 0, read);
        }

        return whole.ToArray();
    }

    private void Add(IReadOnlyList<LogRecordFields> records, InputFile file, long? line)
    {
        foreach (var fields in records)
        {
            if (fields.ToRecord(out var refused) is { } record)
            {
                refused = bundles.Add(record, file.Path);
            }

            if (refused is not null)
            {
                run.Diagnostics.Add(ImportSeverity.Error, ImportCodes.RecordRejected, file.Path, line, $"holds a record that is passed over: {refused}");
            }
        }
    }
}
