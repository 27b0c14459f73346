using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Replay;
using RolloutTrace.Wire;

namespace RolloutTrace.Reducer.Conversation;

/// <summary>
/// The bytes of a thread's last full request and what became of them. A request mostly repeats the one before it:
/// what is the same by its bytes needs no parsing and resolves to the same items.
/// </summary>
internal sealed class RepeatedInput(Journal journal) : IJournaled
{
    private readonly KeySlots slots = new();
    private PayloadBytes? bytes;
    private int inputStart;
    private int inputEnd;

    /// <summary>The entries of the request's input.</summary>
    public InputEntries Entries { get; } = new();

    /// <summary>Entries for the next request, which use the same memory each time.</summary>
    public InputEntries Fresh { get; } = new();

    /// <summary>What entries may differ in from request to request.</summary>
    public LooseMember Member { get; } = new();

    /// <summary>Finds its entries in other requests.</summary>
    public KnownEntries Known { get; private set; } = KnownEntries.None;

    /// <summary>The items that the entries resolved to.</summary>
    public IdList ItemIds { get; private set; } = IdList.Empty;

    /// <summary>Whether there is a request to compare with.</summary>
    public bool IsKnown => bytes is not null;

    /// <summary>The dialect whose list it is.</summary>
    public Dialect Dialect { get; private set; } = Dialects.Default;

    /// <summary>Everything before the input list.</summary>
    public ReadOnlySpan<byte> Head => bytes!.Span[..inputStart];

    /// <summary>The input list, brackets included.</summary>
    public ReadOnlySpan<byte> Input => bytes!.Span[inputStart..inputEnd];

    /// <summary>Everything behind the input list.</summary>
    public ReadOnlySpan<byte> Tail => bytes!.Span[inputEnd..];

    /// <summary>Takes over a request: its bytes, its entries, and the items that they resolved to.</summary>
    public void Replace(RequestLayout layout, PayloadBytes requestBytes, IdList itemIds)
    {
        journal.Record(this, key: null, previous: null);
        bytes?.Dispose();
        bytes = requestBytes;
        Dialect = layout.Dialect;
        inputStart = layout.InputStart;
        inputEnd = layout.InputEnd;
        Entries.Replace(layout.RepeatedEntries, layout.NewEntries);
        ItemIds = itemIds;
        Known = Input[0] == (byte)'[' ? new KnownEntries(requestBytes.Memory[inputStart..inputEnd], Entries, Member, slots) : KnownEntries.None;
    }

    /// <summary>Lets go of the bytes, when no further request is to be expected.</summary>
    public void Forget()
    {
        bytes?.Dispose();
        bytes = null;
        Entries.Clear();
        ItemIds = IdList.Empty;
        Known = KnownEntries.None;
    }

    /// <summary>A cache need not be restored, only not be wrong.</summary>
    public void Undo(object? key, object? previous) => Forget();
}
