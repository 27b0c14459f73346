using System.Buffers.Binary;

namespace RolloutTrace.Viewer.Tests;

/// <summary>Undoes what <c>RepeatingStream</c> does, by what README says of it.</summary>
internal static class Repeats
{
    public static byte[] Undo(ReadOnlySpan<byte> written, ReadOnlySpan<byte> others)
    {
        using var text = new MemoryStream();
        while (!written.IsEmpty)
        {
            var (numbers, news) = (BinaryPrimitives.ReadInt32LittleEndian(written), BinaryPrimitives.ReadInt32LittleEndian(written[4..]));
            Block(text, written.Slice(8, numbers), written.Slice(8 + numbers, news), others);
            written = written[(8 + numbers + news)..];
        }

        return text.ToArray();
    }

    private static void Block(MemoryStream text, ReadOnlySpan<byte> numbers, ReadOnlySpan<byte> news, ReadOnlySpan<byte> others)
    {
        var end = 0;
        while (!numbers.IsEmpty)
        {
            var (isNew, same, from) = (Next(ref numbers), Next(ref numbers), Next(ref numbers));
            text.Write(news[..isNew]);
            news = news[isNew..];
            var begin = (from & 1) == 0 ? end + (from >> 1) : end - (from >> 1);
            text.Write(others.Slice(begin, same));
            end = begin + same;
        }

        text.Write(news);
    }

    private static int Next(ref ReadOnlySpan<byte> numbers)
    {
        var (number, at) = (0, 0);
        do
        {
            number |= (numbers[at] & 0x7F) << (7 * at);
        }
        while (numbers[at++] > 0x7F);
        numbers = numbers[at..];
        return number;
    }
}
