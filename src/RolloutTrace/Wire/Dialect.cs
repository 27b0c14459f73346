using System.Text;
using System.Text.Json;

namespace RolloutTrace.Wire;

/// <summary>
/// How one API writes requests, responses and the items in them. All that is known of the shape of an API's payloads is in its dialect;
/// which one a payload is in, <see cref="Dialects"/> says. Nothing here throws for what stands on the wire: what is wrong comes out as a
/// <see cref="WireDefect"/>. Safe for concurrent use.
/// </summary>
public abstract class Dialect
{
    private protected Dialect(string name, string requestList, string responseList, string usage)
    {
        Name = name;
        RequestList = requestList;
        RequestListUtf8 = Encoding.UTF8.GetBytes(requestList);
        ResponseList = responseList;
        Usage = usage;
    }

    /// <summary>What the dialect is called, in snake case.</summary>
    public string Name { get; }

    /// <summary>The member of a request that is the list of what the model is shown.</summary>
    public string RequestList { get; }

    /// <summary><see cref="RequestList"/> in UTF-8.</summary>
    public ReadOnlyMemory<byte> RequestListUtf8 { get; }

    /// <summary>The member of a request that names the response it continues; null if the API has no such thing.</summary>
    public virtual string? PreviousResponse => null;

    /// <summary>The member of a request with instructions that stand beside the list; null if they stand in the list.</summary>
    public virtual string? Instructions => null;

    /// <summary>The member of a request that is the list of tool definitions.</summary>
    public virtual string Tools => "tools";

    /// <summary>The member of a response in which its items stand.</summary>
    public string ResponseList { get; }

    /// <summary>The member of a response with the response's id; null if the API gives none.</summary>
    public virtual string? ResponseId => "id";

    /// <summary>The member of a response with the provider's id of the request; null if the API gives none.</summary>
    public virtual string? UpstreamRequestId => null;

    /// <summary>The member of a response with the tokens that were used.</summary>
    public string Usage { get; }

    /// <summary>Whether a request is in this dialect, by its members. No request is in two.</summary>
    public virtual bool IsRequest(JsonElement request) => JsonText.Member(request, RequestList).ValueKind != JsonValueKind.Undefined;

    /// <summary>Whether a response is in this dialect, by its members.</summary>
    public virtual bool IsResponse(JsonElement response) => JsonText.Member(response, ResponseList).ValueKind != JsonValueKind.Undefined;

    /// <summary>Whether an entry is one of this dialect, by its own shape. An entry may be one of several.</summary>
    public abstract bool Knows(JsonElement entry);

    /// <summary>Reads one entry of a list, and adds the items that it stands for: none, one or several. An entry that cannot be read is an item with a defect.</summary>
    public abstract void Read(JsonElement entry, WireItems into);

    /// <summary>
    /// Whether nothing is made of a member, so that items that differ in it alone say the same. False where that is not known.
    /// </summary>
    /// <param name="item">What was read, and is all that was read, from an entry of a list of this dialect.</param>
    /// <param name="member">The name of a member at the root of that entry, in UTF-8.</param>
    public virtual bool IsUnread(WireItem item, ReadOnlySpan<byte> member) => false;

    /// <summary>Reads what a response used, from the value of its member <see cref="Usage"/>; null if it does not say enough.</summary>
    public virtual TokenUsage? ReadUsage(JsonElement usage) => WireUsage.Read(usage);

    /// <summary>Reads what a request gave the model besides the list.</summary>
    /// <param name="request">The whole payload.</param>
    public virtual WireGiven ReadGiven(JsonElement request) => WireGiven.Read(request, this);

    /// <summary>Reads a response.</summary>
    /// <param name="response">The whole payload, with the member <see cref="ResponseList"/>.</param>
    /// <param name="into">Gets the items; null if they are not wanted.</param>
    public virtual WireResponse ReadResponse(JsonElement response, WireItems? into)
    {
        var list = JsonText.Member(response, ResponseList, out var isSound);
        var said = ReadAround(response, isSound);
        if (list.ValueKind != JsonValueKind.Array)
        {
            return said.But(MissingList(ResponseList));
        }

        if (into is not null)
        {
            ReadAnswer(list, response, into);
        }

        return said;
    }

    /// <summary>Reads an entry if it is one of this dialect.</summary>
    internal virtual bool TryRead(JsonElement entry, WireItems into)
    {
        var known = Knows(entry);
        if (known)
        {
            Read(entry, into);
        }

        return known;
    }

    /// <summary>Whether an entry is an event of a stream of this dialect, by its own shape.</summary>
    internal virtual bool IsStreamed(JsonElement entry) => false;

    /// <summary>Makes ready to put the events of a stream together.</summary>
    internal virtual StreamAssembly Assemble() => throw new InvalidOperationException($"{Name} has no streams");

    /// <summary>Reads the list of a response.</summary>
    private protected virtual void ReadAnswer(JsonElement list, JsonElement response, WireItems into) => Dialects.ReadList(list, this, into);

    /// <summary>What a response says besides its items.</summary>
    private protected WireResponse ReadAround(JsonElement response, bool isSound)
    {
        var usage = JsonText.Member(response, Usage, out var isUsageSound);
        return new WireResponse(MemberOf(ResponseId), MemberOf(UpstreamRequestId), ReadUsage(usage), isSound && isUsageSound ? null : WireDefect.InvalidText, response);

        JsonElement MemberOf(string? name) => name is null ? default : JsonText.Member(response, name);
    }

    private protected static WireDefect MissingList(string member, bool isShortForm = false) =>
        new() { Kind = WireDefectKind.MissingList, Subject = "the response", Member = member, IsShortForm = isShortForm };
}
