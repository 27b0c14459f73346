using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using RolloutTrace.Bundle;

namespace RolloutTrace.GenAI.Files;

/// <summary>
/// Spans that wait on the disk until it is their turn, and items that may be asked for again, in a file that has no name, so that nothing is left of it after a crash. What comes back
/// is what was put in. Where there is no room, nothing is taken. Not safe for concurrent use.
/// </summary>
internal sealed class SpanSpool
{
    // Of one span; more is not worth the buffer.
    private const int MaxBytes = 64 << 20;

    private readonly ArrayBufferWriter<byte> buffer = new();
    private FileStream? file;
    private long end;
    private bool isBroken;

    private enum ValueKind : byte
    {
        Nothing,
        Text,
        True,
        False,
        Integer,
        Real,
        Texts,
        Json,
    }

    /// <summary>Takes a span.</summary>
    /// <param name="span">The span.</param>
    /// <param name="place">Where it is.</param>
    /// <returns>False if it has to stay where it is: it has a caller or a value of a type that no file has, is too long, or there is no room.</returns>
    public bool TryPut(ForeignSpan span, out SpoolPlace place)
    {
        place = default;
        buffer.ResetWrittenCount();
        return !isBroken && TryWrite(span) && TryAppend(out place);
    }

    /// <summary>Takes an item's JSON and text.</summary>
    /// <returns>False if they have to stay where they are: there is no room.</returns>
    public bool TryPut(ReadOnlySpan<byte> json, string text, out SpoolPlace place)
    {
        place = default;
        buffer.ResetWrittenCount();
        Integer(json.Length);
        buffer.Write(json);
        Text(text);
        return !isBroken && TryAppend(out place);
    }

    /// <summary>The JSON and the text of an item that was taken.</summary>
    /// <exception cref="IOException">The disk does not give them back.</exception>
    public (byte[] Json, string Text) GetItem(SpoolPlace place)
    {
        using var reader = Open(place);
        return (reader.ReadBytes(reader.ReadInt32()), ReadText(reader)!);
    }

    /// <summary>A span that was taken.</summary>
    /// <exception cref="IOException">The disk does not give it back.</exception>
    public ForeignSpan Get(SpoolPlace place)
    {
        using var reader = Open(place);
        return Span(reader);
    }

    /// <summary>Lets go of all of it.</summary>
    public void Close() => file?.Dispose();

    private bool TryAppend(out SpoolPlace place)
    {
        place = new SpoolPlace(end, buffer.WrittenCount);
        try
        {
            file ??= UnnamedFile.Create();
            RandomAccess.Write(file.SafeFileHandle, buffer.WrittenSpan, end);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            isBroken = true;
            return false;
        }

        end += place.Length;
        return true;
    }

    private BinaryReader Open(SpoolPlace place) => new(new MemoryStream(UnnamedFile.Read(file!, place.Offset, place.Length)));

    private bool TryWrite(ForeignSpan span)
    {
        Text(span.TraceId);
        Text(span.SpanId);
        Text(span.ParentSpanId);
        Text(span.Name);
        Text(span.SourceName);
        Text(span.SourceVersion);
        Integer((int)span.Kind);
        Time(span.Start);
        Integer(span.End is null ? 0 : 1);
        Time(span.End ?? default);
        Integer((int)span.Status);
        Text(span.StatusDescription);
        if (span.Caller is not null || !TryWrite(span.Resource) || !TryWrite(span.Attributes))
        {
            return false;
        }

        Integer(span.Events.Count);
        foreach (var happened in span.Events)
        {
            Text(happened.Name);
            Time(happened.Time);
            if (!TryWrite(happened.Attributes))
            {
                return false;
            }
        }

        Integer(span.Links.Count);
        foreach (var link in span.Links)
        {
            Text(link.TraceId);
            Text(link.SpanId);
            if (!TryWrite(link.Attributes))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryWrite(IReadOnlyList<SpanTag> tags)
    {
        Integer(tags.Count);
        foreach (var tag in tags)
        {
            Text(tag.Name);
            if (!TryWrite(tag.Value) || buffer.WrittenCount > MaxBytes)
            {
                return false;
            }
        }

        return true;
    }

    private bool TryWrite(object? value)
    {
        switch (value)
        {
            case null:
                Kind(ValueKind.Nothing);
                return true;
            case string text:
                Kind(ValueKind.Text);
                Text(text);
                return true;
            case bool truth:
                Kind(truth ? ValueKind.True : ValueKind.False);
                return true;
            case long integer:
                Kind(ValueKind.Integer);
                Long(integer);
                return true;
            case double real:
                Kind(ValueKind.Real);
                Long(BitConverter.DoubleToInt64Bits(real));
                return true;
            case string[] texts:
                Kind(ValueKind.Texts);
                Integer(texts.Length);
                Array.ForEach(texts, Text);
                return true;
            case JsonElement { ValueKind: not JsonValueKind.Undefined } json:
                Kind(ValueKind.Json);
                Text(json.GetRawText());
                return true;
            default:
                return false;
        }
    }

    private void Kind(ValueKind kind) => buffer.Write([(byte)kind]);

    // As it is in memory, so that what is no valid Unicode comes back as it was.
    private void Text(string? text)
    {
        Integer(text?.Length ?? -1);
        buffer.Write(MemoryMarshal.AsBytes(text.AsSpan()));
    }

    private void Integer(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(buffer.GetSpan(sizeof(int)), value);
        buffer.Advance(sizeof(int));
    }

    private void Long(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(buffer.GetSpan(sizeof(long)), value);
        buffer.Advance(sizeof(long));
    }

    private void Time(DateTimeOffset time)
    {
        Long(time.Ticks);
        Long(time.Offset.Ticks);
    }

    private static ForeignSpan Span(BinaryReader reader)
    {
        var span = new ForeignSpan
        {
            TraceId = ReadText(reader)!,
            SpanId = ReadText(reader)!,
            ParentSpanId = ReadText(reader),
            Name = ReadText(reader)!,
            SourceName = ReadText(reader)!,
            SourceVersion = ReadText(reader),
            Kind = (ActivityKind)reader.ReadInt32(),
            Start = ReadTime(reader),
        };
        var hasEnded = reader.ReadInt32() != 0;
        var end = ReadTime(reader);
        return span with
        {
            End = hasEnded ? end : null,
            Status = (ActivityStatusCode)reader.ReadInt32(),
            StatusDescription = ReadText(reader),
            Resource = ReadTags(reader),
            Attributes = ReadTags(reader),
            Events = ReadList(reader, static r => new SpanEvent(ReadText(r)!, ReadTime(r), ReadTags(r))),
            Links = ReadList(reader, static r => new SpanLink(ReadText(r)!, ReadText(r)!, ReadTags(r))),
        };
    }

    private static T[] ReadList<T>(BinaryReader reader, Func<BinaryReader, T> read)
    {
        var list = new T[reader.ReadInt32()];
        for (var i = 0; i < list.Length; i++)
        {
            list[i] = read(reader);
        }

        return list;
    }

    private static SpanTag[] ReadTags(BinaryReader reader) => ReadList(reader, static r => new SpanTag(ReadText(r)!, ReadValue(r)));

    private static object? ReadValue(BinaryReader reader) => (ValueKind)reader.ReadByte() switch
    {
        ValueKind.Text => ReadText(reader),
        ValueKind.True => true,
        ValueKind.False => false,
        ValueKind.Integer => reader.ReadInt64(),
        ValueKind.Real => reader.ReadDouble(),
        ValueKind.Texts => ReadList(reader, static r => ReadText(r)!),
        ValueKind.Json => ReadJson(ReadText(reader)!),
        _ => null,
    };

    private static JsonElement ReadJson(string text)
    {
        using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = BundleReaderOptions.MaxDepth });
        return document.RootElement.Clone();
    }

    private static string? ReadText(BinaryReader reader)
    {
        var length = reader.ReadInt32();
        return length < 0 ? null : new string(MemoryMarshal.Cast<byte, char>(reader.ReadBytes(length * sizeof(char))));
    }

    private static DateTimeOffset ReadTime(BinaryReader reader) => new(reader.ReadInt64(), new TimeSpan(reader.ReadInt64()));
}
