using System.Text.Json;

namespace RolloutTrace.Wire;

/// <summary>
/// The Responses API's own response object: what a program has at hand when a response has come, with <c>output</c> and <c>usage</c>.
/// Codex knows responses with <c>output_items</c> alone, so it is a short form of one.
/// </summary>
internal sealed class ResponseObjectDialect() : Dialect("response_object", requestList: "input", responseList: "output", usage: "usage")
{
    public override string PreviousResponse => "previous_response_id";

    public override string Instructions => "instructions";

    /// <summary>None: requests of the API are in <see cref="Dialects.Default"/>.</summary>
    public override bool IsRequest(JsonElement request) => false;

    /// <summary>None: its items are those of <see cref="Dialects.Default"/>.</summary>
    public override bool Knows(JsonElement entry) => false;

    public override void Read(JsonElement entry, WireItems into) => Dialects.Default.Read(entry, into);

    public override WireResponse ReadResponse(JsonElement response, WireItems? into) =>
        base.ReadResponse(response, into).But(MissingList(Dialects.Default.ResponseList, isShortForm: true));

    private protected override void ReadAnswer(JsonElement list, JsonElement response, WireItems into) => Dialects.ReadList(list, Dialects.Default, into);
}
