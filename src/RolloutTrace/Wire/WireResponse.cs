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

    /// <summary>The same with a defect, unless it has a worse one.</summary>
    internal WireResponse But(WireDefect? defect) => defect is null || Defect is { IsShortForm: false } ? this : new WireResponse(id, upstreamRequestId, Usage, defect);

    /// <summary>What a response says that stands inside another one, whose word counts for more.</summary>
    internal WireResponse Inside(in WireResponse outer) => new(
        outer.id.ValueKind == JsonValueKind.String ? outer.id : id,
        outer.upstreamRequestId.ValueKind == JsonValueKind.String ? outer.upstreamRequestId : upstreamRequestId,
        outer.Usage ?? Usage,
        outer.Defect ?? Defect);
}
