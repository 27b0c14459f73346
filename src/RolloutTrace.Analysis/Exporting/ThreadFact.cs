using System.Text.Json;
using RolloutTrace.Wire;

namespace RolloutTrace.Analysis.Exporting;

/// <summary>What a session's metadata say that the state does not keep.</summary>
internal sealed record ThreadFact
{
    // What a recorder writes where it knows no name.
    private const string Unknown = "unknown";

    public string? ProviderName { get; init; }

    public string? Model { get; init; }

    public string? AgentRole { get; init; }

    /// <summary>Reads a session's metadata.</summary>
    public static ThreadFact Of(JsonElement metadata) => new()
    {
        ProviderName = Known(JsonText.MemberOrNull(metadata, "provider_name")),
        Model = Known(JsonText.MemberOrNull(metadata, "model")),
        AgentRole = JsonText.MemberOrNull(metadata, "agent_role"),
    };

    /// <summary>A name, unless it only says that there is none.</summary>
    public static string? Known(string? name) => name is null or Unknown ? null : name;
}
