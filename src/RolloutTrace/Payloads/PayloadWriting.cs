using System.Buffers;
using System.Text.Json;

namespace RolloutTrace.Payloads;

/// <summary>
/// Writes payloads into an output that may refuse more at any point: nothing is made that the output has not asked for, save one
/// piece. The output's refusal is an exception, and goes to whoever called.
/// </summary>
internal static class PayloadWriting
{
    private const int PieceLength = 32 << 10;
    private const int StartLength = 128;

    [ThreadStatic]
    private static Utf8JsonWriter? idle;

    // Which writer the thread is serialising with, and where to: raw JSON inside a document goes there piece by piece.
    [ThreadStatic]
    private static Utf8JsonWriter? active;

    [ThreadStatic]
    private static IBufferWriter<byte>? target;

    /// <summary>Serialises a payload, as its parts say, with a writer of the thread's own.</summary>
    public static void Serialize(in JsonPayload payload, IBufferWriter<byte> output)
    {
        // Serialising may lead to code that is traced itself, so the thread's writer is taken while it is in use. One
        // that was left in the middle of a document by an exception is not given back.
        var (outerWriter, outerTarget) = (active, target);
        var writer = idle ?? new Utf8JsonWriter(output, PayloadJson.WriterOptions);
        idle = null;
        writer.Reset(output);
        (active, target) = (writer, output);
        try
        {
            payload.WriteTo(writer);
            writer.Flush();
        }
        finally
        {
            (active, target) = (outerWriter, outerTarget);
        }

        writer.Reset(Stream.Null);
        idle = writer;
    }

    /// <summary>Writes one JSON document as it is.</summary>
    public static void WriteRaw(Utf8JsonWriter writer, ReadOnlySpan<byte> json)
    {
        if (json.Length <= PieceLength || !ReferenceEquals(writer, active))
        {
            writer.WriteRawValue(json, skipInputValidation: true);
            return;
        }

        WriteStart(writer, json[..PieceLength]);
        target!.Write(json[PieceLength..]);
    }

    /// <inheritdoc cref="WriteRaw(Utf8JsonWriter, ReadOnlySpan{byte})"/>
    public static void WriteRaw(Utf8JsonWriter writer, string json)
    {
        if ((json.Length <= PieceLength && HalfSurrogateEncoder.FindHalf(json) < 0) || !ReferenceEquals(writer, active))
        {
            writer.WriteRawValue(json, skipInputValidation: true);
            return;
        }

        var length = StrictUtf8.LengthOfPiece(json, StartLength);
        var start = new ArrayBufferWriter<byte>(3 * StartLength);
        StrictUtf8.GetBytes(json.AsSpan(0, length), start);
        WriteStart(writer, start.WrittenSpan);
        StrictUtf8.GetBytes(json.AsSpan(length), target!);
    }

    // The writer takes the first piece for the whole value, and the rest goes behind it.
    private static void WriteStart(Utf8JsonWriter writer, ReadOnlySpan<byte> start)
    {
        writer.WriteRawValue(start, skipInputValidation: true);
        writer.Flush();
    }
}
