using System.Text.Json;

namespace RolloutTrace.Benchmarks.Generation.Shapes;

/// <summary>A generated request, taken apart: what stands before its items, the items, and what stands behind them.</summary>
/// <param name="Number">Which request of the bundle, from 0.</param>
/// <param name="Head">Up to and with the bracket that opens <c>input</c>.</param>
/// <param name="Items">The items, byte for byte.</param>
/// <param name="Tail">From the closing bracket on.</param>
/// <param name="Last">The response before it; null for the first request.</param>
internal sealed record RequestParts(int Number, ReadOnlyMemory<byte> Head, IReadOnlyList<ReadOnlyMemory<byte>> Items, ReadOnlyMemory<byte> Tail, LastResponse? Last)
{
    public static RequestParts Of(int number, byte[] request, LastResponse? last = null)
    {
        var reader = new Utf8JsonReader(request);
        reader.Read();
        while (reader.Read() && !reader.ValueTextEquals("input"u8))
        {
            reader.Read();
            reader.Skip();
        }

        reader.Read();
        var head = (int)reader.BytesConsumed;
        var items = new List<ReadOnlyMemory<byte>>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            items.Add(request.AsMemory(start, (int)reader.BytesConsumed - start));
        }

        return new RequestParts(number, request.AsMemory(0, head), items, request.AsMemory((int)reader.TokenStartIndex), last);
    }

    /// <summary>The request as it stands now.</summary>
    public byte[] ToBytes()
    {
        using var request = new MemoryStream(Head.Length + Tail.Length + Items.Sum(static i => i.Length + 1));
        request.Write(Head.Span);
        for (var i = 0; i < Items.Count; i++)
        {
            if (i > 0)
            {
                request.WriteByte((byte)',');
            }

            request.Write(Items[i].Span);
        }

        request.Write(Tail.Span);
        return request.ToArray();
    }
}
