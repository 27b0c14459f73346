using System.Text.Json;
using RolloutTrace.Analysis;

namespace RolloutTrace.Viewer.Data;

/// <summary>
/// <c>things</c>: everything that <c>explain</c> knows, each once, with its names, what it is in words, its cause and its effects by their numbers
/// in this list. An explanation is the way back over the causes, the thing, and its effects.
/// </summary>
internal static class ThingsSection
{
    public static void Write(Utf8JsonWriter json, ViewScope scope)
    {
        var things = RolloutThings.Of(scope.Rollout);
        json.WriteStartArray("things");
        foreach (var thing in things)
        {
            json.WriteStartObject();
            json.WriteString("kind", thing.Kind);
            json.WriteString("id", thing.Id);
            if (thing.Names.Count > 0)
            {
                json.Texts("names", thing.Names);
            }

            json.Text("text", scope.Content(thing.Text));
            json.Evidence(thing.Evidence);
            if (thing.Cause is { } cause)
            {
                json.Text("how", scope.Content(cause.Text));
                json.Number("cause", cause.Thing);
            }

            Effects(json, scope, thing.Effects, things);
            json.EndElement();
        }

        json.WriteEndArray();
    }

    private static void Effects(Utf8JsonWriter json, ViewScope scope, IReadOnlyList<RolloutThingLink> effects, IReadOnlyList<RolloutThing> things)
    {
        if (effects.Count == 0)
        {
            return;
        }

        json.WriteStartArray("effects");
        foreach (var (number, text) in effects)
        {
            json.WriteStartArray();
            json.WriteNumberValue(number!.Value);
            if (scope.HasContent)
            {
                Words(json, text, things[number.Value].Text);
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    // The words for the thing itself stand where the thing does: only those before and behind them are written.
    private static void Words(Utf8JsonWriter json, string text, string ofThing)
    {
        var at = text.Length > ShownText.Most ? -1 : text.IndexOf(ofThing, StringComparison.Ordinal);
        if (at < 0)
        {
            json.WriteStringValue(ShownText.Of(text));
            return;
        }

        json.WriteStringValue(text.AsSpan(0, at));
        json.WriteStringValue(text.AsSpan(at + ofThing.Length));
    }
}
