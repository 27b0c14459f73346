using System.Runtime.InteropServices;
using System.Text.Json;

namespace RolloutTrace.Wire;

/// <summary>What a response says besides its items. It refers to the document it was read from, and is valid as long as that is.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly struct WireResponse
{
    private readonly JsonElement id;
    private readonly JsonElement upstreamRequestId;

    internal WireResponse(JsonElement id, JsonElement upstreamRequestId, TokenUsage? usage, WireDefect? defect)
    {
        this.id = id;
        this.upstreamRequestId = upstreamRequestId;
        Usage = usage;
        Defect = defect;
    }

    /// <summary>The id that the provider gave it; null if it has none.</summary>
    public string? Id => JsonText.OrNull(id);

    /// <summary>The provider's id of the request; null if it has none.</summary>
    public string? UpstreamRequestId => JsonText.OrNull(upstreamRequestId);

    /// <summary>The tokens that were used, counted in the one way of <see cref="TokenUsage"/> in all dialects; null if it does not say.</summary>
    public TokenUsage? Usage { get; }

    /// <summary>What is wrong with the response itself, such as having no list of items; null if nothing is. Items have their own.</summary>
    public WireDefect? Defect { get; }
}
