using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using RolloutTrace.Analysis;
using RolloutTrace.Analysis.Answers;

namespace RolloutTrace.Cli;

/// <summary>
/// Parts of answers as JSON for models: as <c>--format json</c> has them, but what is not known is left out, and times are dates.
/// </summary>
internal static class AnswerNode
{
    private const string Time = "_at_unix_ms";
    private const int MostEvidence = 20;

    // One set of contracts has all that is in any of the answers.
    private static readonly JsonSerializerOptions Contracts = AnswerJson.Inspect.Options;

    public static JsonObject Of<T>(T part)
    {
        var written = (JsonObject)JsonSerializer.SerializeToNode(part, (JsonTypeInfo<T>)Contracts.GetTypeInfo(typeof(T)))!;
        Tidy(written);
        return written;
    }

    /// <summary>Where something is to be seen, as much of it as anybody looks at.</summary>
    public static JsonArray Of(IReadOnlyList<Evidence> evidence)
    {
        var shown = new JsonArray([.. evidence.Take(MostEvidence).Select(static piece => JsonValue.Create(piece.ToString()))]);
        if (evidence.Count > MostEvidence)
        {
            shown.Add((JsonNode)$"and {evidence.Count - MostEvidence} more");
        }

        return shown;
    }

    /// <summary>A time as a date.</summary>
    public static string DateOf(long unixMs) => Wording.Time(unixMs);

    private static void Tidy(JsonObject written)
    {
        foreach (var (name, value) in written.ToList())
        {
            switch (value)
            {
                case null:
                    written.Remove(name);
                    break;
                case JsonObject inner:
                    Tidy(inner);
                    break;
                case JsonArray list:
                    foreach (var inner in list.OfType<JsonObject>())
                    {
                        Tidy(inner);
                    }

                    break;
                case JsonValue number when name.EndsWith(Time, StringComparison.Ordinal) && number.TryGetValue(out long unixMs):
                    written[name[..^Time.Length] + "_at"] = DateOf(unixMs);
                    written.Remove(name);
                    break;
            }
        }
    }
}
