using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Wire;

namespace RolloutTrace.Recorder.Recording;

/// <summary>Whether requests and responses are in a dialect whose items reading knows. It looks at as little of them as tells.</summary>
internal static class DialectCheck
{
    private static readonly JsonReaderOptions Depth = new() { MaxDepth = BundleReaderOptions.MaxDepth };

    /// <summary>Whether a document is in a known dialect; true for what is neither request nor response.</summary>
    /// <param name="kind">What the document is.</param>
    /// <param name="document">A sound document.</param>
    public static bool IsKnown(PayloadKind kind, ReadOnlySpan<byte> document)
    {
        var reader = new Utf8JsonReader(document, Depth);
        reader.Read();
        return kind switch
        {
            PayloadKind.InferenceRequest or PayloadKind.CompactionRequest => IsRequest(ref reader),
            PayloadKind.InferenceResponse or PayloadKind.CompactionResponse => IsResponse(ref reader),
            _ => true,
        };
    }

    private static bool IsRequest(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            return IsEmptyOrBeginsWithAnEntry(reader);
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (Dialects.OfRequestList(in reader) is not null)
            {
                return true;
            }

            reader.Read();
            reader.Skip();
        }

        return false;
    }

    /// <summary>The recorder's own document around what the program handed over, which may be items, a response, or the events of a stream.</summary>
    private static bool IsResponse(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isOutput = reader.ValueTextEquals(Dialects.Default.ResponseList);
            reader.Read();
            if (isOutput)
            {
                return IsOutput(ref reader);
            }

            reader.Skip();
        }

        return true;
    }

    private static bool IsOutput(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.StartArray && IsEmptyOrBeginsWithAnEntry(reader))
        {
            return true;
        }

        using var output = JsonDocument.ParseValue(ref reader);
        return Dialects.ReadResponse(output.RootElement, into: null).Defect is not { Kind: WireDefectKind.MissingList, IsShortForm: false };
    }

    private static bool IsEmptyOrBeginsWithAnEntry(Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.EndArray)
        {
            return true;
        }

        using var entry = JsonDocument.ParseValue(ref reader);
        return Dialects.OfEntry(entry.RootElement) is not null;
    }
}
