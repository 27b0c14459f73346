using System.Text.Json;
using RolloutTrace.Wire;

namespace RolloutTrace.Recorder.Recording;

/// <summary>Whether bytes are a document that every reader of the bundle can read.</summary>
internal static class JsonCheck
{
    /// <summary>
    /// What is wrong with the document; none if it is one JSON value in UTF-8, not too deep. Half a surrogate pair is not wrong: U+FFFD
    /// is put in its place.
    /// </summary>
    /// <param name="document">The document.</param>
    /// <param name="halves">How many halves of surrogate pairs were replaced.</param>
    public static PayloadProblem Find(Span<byte> document, out int halves) => Find(document, sequence: null, out halves);

    /// <summary>As above.</summary>
    /// <param name="document">The document.</param>
    /// <param name="sequence">Has looked at the document before it; null for nothing.</param>
    /// <param name="halves">How many halves of surrogate pairs were replaced.</param>
    public static PayloadProblem Find(Span<byte> document, SoundJsonSequence? sequence, out int halves)
    {
        halves = 0;
        try
        {
            var isText = sequence is null ? SoundJson.Mend(document, out halves) : sequence.Mend(document, out halves);
            return isText ? PayloadProblem.None : PayloadProblem.InvalidText;
        }
        catch (JsonException)
        {
            return PayloadProblem.InvalidJson;
        }
    }
}
