using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace RolloutTrace.Receiver.Rollouts;

/// <summary>
/// Which rollouts were packed from here, and their days, so that records that come later find what was packed: the latest million, in a file of twelve bytes each. One that is
/// forgotten is found again when it is packed, if its start is known. Safe for concurrent use.
/// </summary>
internal sealed class PackedIndex : IDisposable
{
    private const int EntryBytes = sizeof(ulong) + sizeof(int);
    private const int Kept = 1_000_000;

    private readonly Lock gate = new();
    private readonly string path;
    private readonly Dictionary<ulong, int> days = [];
    private readonly Queue<ulong> order = [];
    private FileStream file;

    /// <exception cref="IOException">It cannot be opened.</exception>
    public PackedIndex(string path)
    {
        this.path = path;
        file = Open(path);
        Load();
    }

    /// <summary>The day of one that was packed; null if it is not known.</summary>
    public string? DayOf(string bundle)
    {
        lock (gate)
        {
            return days.TryGetValue(HashOf(bundle), out var day) ? DateOnly.FromDayNumber(day).ToString("O") : null;
        }
    }

    /// <summary>One was packed.</summary>
    /// <exception cref="IOException">It cannot be written; it is known until the process ends.</exception>
    public void Add(string bundle, string day)
    {
        var (hash, number) = (HashOf(bundle), DateOnly.ParseExact(day, "O").DayNumber);
        lock (gate)
        {
            if (days.TryGetValue(hash, out var known) && known == number)
            {
                return;
            }

            Remember(hash, number);
            Write(file, hash, number);
            if (file.Length > 2L * Kept * EntryBytes)
            {
                Compact();
            }
        }
    }

    public void Dispose() => file.Dispose();

    private static FileStream Open(string path) => new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);

    private static ulong HashOf(string bundle) => BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(bundle)));

    private static void Write(FileStream file, ulong hash, int day)
    {
        Span<byte> entry = stackalloc byte[EntryBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(entry, hash);
        BinaryPrimitives.WriteInt32LittleEndian(entry[sizeof(ulong)..], day);
        file.Write(entry);
    }

    private void Load()
    {
        // What was being written when the process ended goes.
        var whole = file.Length / EntryBytes * EntryBytes;
        file.SetLength(whole);
        file.Position = Math.Max(0, whole - (long)Kept * EntryBytes);
        var entries = new byte[whole - file.Position];
        file.ReadExactly(entries);
        for (var rest = entries.AsSpan(); !rest.IsEmpty; rest = rest[EntryBytes..])
        {
            var day = BinaryPrimitives.ReadInt32LittleEndian(rest[sizeof(ulong)..]);
            if (day >= 0 && day <= DateOnly.MaxValue.DayNumber)
            {
                Remember(BinaryPrimitives.ReadUInt64LittleEndian(rest), day);
            }
        }
    }

    private void Remember(ulong hash, int day)
    {
        if (!days.ContainsKey(hash))
        {
            order.Enqueue(hash);
        }

        days[hash] = day;
        if (order.Count > Kept)
        {
            days.Remove(order.Dequeue());
        }
    }

    private void Compact()
    {
        var beside = path + ".new";
        using (var kept = new BufferedStream(Open(beside), 1 << 16))
        {
            kept.SetLength(0);
            Span<byte> entry = stackalloc byte[EntryBytes];
            foreach (var hash in order)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(entry, hash);
                BinaryPrimitives.WriteInt32LittleEndian(entry[sizeof(ulong)..], days[hash]);
                kept.Write(entry);
            }
        }

        file.Dispose();
        File.Move(beside, path, overwrite: true);
        file = Open(path);
        file.Position = file.Length;
    }
}
