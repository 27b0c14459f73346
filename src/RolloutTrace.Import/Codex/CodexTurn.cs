using System.Text.Json;
using RolloutTrace.Wire;

namespace RolloutTrace.Import.Codex;

/// <summary>A turn of a log that goes on.</summary>
internal sealed class CodexTurn
{
    /// <summary>Its id in the bundle.</summary>
    public required string TurnId { get; init; }

    /// <summary>Its id in the log; null if it has none there.</summary>
    public string? LogId { get; set; }

    /// <summary>Whether an event told its start; then an event tells its end, too.</summary>
    public bool IsTold { get; init; }

    /// <summary>Whether its context has come.</summary>
    public bool HasContext { get; private set; }

    /// <summary>Whether a model has answered in it.</summary>
    public bool HasAnswer { get; set; }

    /// <summary>Whether a request of it failed, behind which there was no other.</summary>
    public bool HasFailed { get; set; }

    /// <summary>Its model; null if nobody says.</summary>
    public string? Model { get; private set; }

    /// <summary>What else is known of its requests.</summary>
    public IReadOnlyList<KeyValuePair<string, ReadOnlyMemory<byte>>> Parameters { get; private set; } = [];

    /// <summary>Takes what a turn's context says.</summary>
    public void Take(JsonElement context)
    {
        HasContext = true;
        LogId ??= JsonText.MemberOrNull(context, "turn_id");
        Model = JsonText.MemberOrNull(context, "model") ?? Model;
        var reasoning = Sessions.JsonBuilder.Make(json =>
        {
            json.WriteStartObject();
            foreach (var name in (string[])["effort", "summary"])
            {
                if (JsonText.OrNull(JsonText.Member(context, name)) is { } word)
                {
                    json.WriteString(name, word);
                }
            }

            json.WriteEndObject();
        });
        Parameters = reasoning.Length > 2 ? [new("reasoning", reasoning)] : [];
    }

    /// <summary>Goes on with the model and parameters of the turn before.</summary>
    public void GoOn(CodexTurn? before)
    {
        Model = before?.Model;
        Parameters = before?.Parameters ?? [];
    }
}
