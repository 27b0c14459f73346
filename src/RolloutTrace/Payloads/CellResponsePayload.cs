namespace RolloutTrace.Payloads;

/// <summary>What a code cell answers.</summary>
internal sealed record CellResponsePayload
{
    public required JsonPayload Response { get; init; }

    public static JsonPayload Of(in JsonPayload response) => response.IsEmpty
        ? default
        : JsonPayload.From(new CellResponsePayload { Response = response }, PayloadJsonContext.Default.CellResponsePayload);
}
