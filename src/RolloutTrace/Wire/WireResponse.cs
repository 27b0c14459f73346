using System.Runtime.InteropServices;
using System.Text.Json;

namespace RolloutTrace.Wire;

/// <summary>What a response says besides its items. It refers to the document it was read from, and is valid as long as that is.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly struct WireResponse
{
    private readonly JsonElement id;
    private readonly JsonElement upstreamRequestId;
    private readonly JsonElement source;

    internal WireResponse(JsonElement id, JsonElement upstreamRequestId, TokenUsage? usage, WireDefect? defect, JsonElement source = default)
    {
        this.id = id;
        this.upstreamRequestId = upstreamRequestId;
        this.source = source;
        Usage = usage;
        Defect = defect;
    }

    /// <summary>The id that the provider gave it; null if it has none.</summary>
    public string? Id => JsonText.OrNull(id);

    /// <summary>The provider's id of the request; null if it has none.</summary>
    public string? UpstreamRequestId => JsonText.OrNull(upstreamRequestId);

    /// <summary>The model that answered; null if it does not say.</summary>
    public string? Model => JsonText.MemberOrNull(source, "model") ?? JsonText.MemberOrNull(source, "modelVersion");

    /// <summary>The tokens that were used, counted in the one way of <see cref="TokenUsage"/> in all dialects; null if it does not say.</summary>
    public TokenUsage? Usage { get; }

    /// <summary>What is wrong with the response itself, such as having no list of items; null if nothing is. Items have their own.</summary>
    public WireDefect? Defect { get; }

    /// <summary>
    /// Why the model stopped, by the API's own word: one entry a choice, in the words <c>stop</c>, <c>tool_calls</c>, <c>length</c> and
    /// <c>content_filter</c> where the API means one of these. Null where the API has no word for it, as the Responses API has none for a
    /// response that is complete. Made anew at each call.
    /// </summary>
    public string[]? FinishReasons() => WireFinish.Of(source);

    /// <summary>The same with a defect, unless it has a worse one.</summary>
    internal WireResponse But(WireDefect? defect) => defect is null || Defect is { IsShortForm: false } ? this : new WireResponse(id, upstreamRequestId, Usage, defect, source);

    /// <summary>What a response says that stands inside another one, whose word counts for more.</summary>
    internal WireResponse Inside(in WireResponse outer) => new(
        outer.id.ValueKind == JsonValueKind.String ? outer.id : id,
        outer.upstreamRequestId.ValueKind == JsonValueKind.String ? outer.upstreamRequestId : upstreamRequestId,
        outer.Usage ?? Usage,
        outer.Defect ?? Defect,
        source.ValueKind == JsonValueKind.Undefined ? outer.source : source);
}
