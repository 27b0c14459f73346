using System.Runtime.InteropServices;
using System.Text.Json;
using RolloutTrace.Payloads;
using RolloutTrace.Wire;

namespace RolloutTrace.Spans;

/// <summary>What the output of a model says about itself, where a program hands over the response whole. None of it need be there.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct ModelAnswer
{
    private static readonly string[] Stop = ["stop"];

    private static readonly PayloadPeek.Reader<ModelAnswer> Completed = static utf8 => Parse(utf8, isCompleted: true);
    private static readonly PayloadPeek.Reader<ModelAnswer> Partial = static utf8 => Parse(utf8, isCompleted: false);

    [ThreadStatic]
    private static WireItems? idleItems;

    public string? ResponseId { get; private init; }

    public TokenUsage? Usage { get; private init; }

    public string? Model { get; private init; }

    public string[]? FinishReasons { get; private init; }

    /// <summary>Reads the output as it was handed over.</summary>
    /// <param name="output">Items, a response, or the events of its stream; may be empty.</param>
    /// <param name="isCompleted">Whether the response came whole.</param>
    public static ModelAnswer Read(in JsonPayload output, bool isCompleted) =>
        output.IsEmpty && isCompleted ? new ModelAnswer { FinishReasons = Stop } : PayloadPeek.Read(output, isCompleted ? Completed : Partial);

    /// <summary>Reads the payload of a response as a bundle has it.</summary>
    public static ModelAnswer OfPayload(JsonElement response, bool isCompleted)
    {
        var items = new WireItems();
        var said = Dialects.ReadResponse(response, items);
        var isMarker = JsonText.Member(response, PayloadMarkerName.Error).ValueKind != JsonValueKind.Undefined;
        return Of(said, items, isCompleted && !isMarker);
    }

    private static ModelAnswer Parse(ReadOnlyMemory<byte> utf8, bool isCompleted)
    {
        using var document = JsonDocument.Parse(utf8);
        var items = idleItems ?? new WireItems();
        idleItems = null;
        var said = Dialects.ReadOutput(document.RootElement, items);
        var answer = Of(said, items, isCompleted);
        items.Clear();
        idleItems = items;
        return answer;
    }

    private static ModelAnswer Of(in WireResponse said, WireItems items, bool isCompleted) => new()
    {
        ResponseId = said.Id,
        Usage = said.Usage,
        Model = said.Model,
        FinishReasons = WireFinish.Of(said, items, isCompleted),
    };
}
