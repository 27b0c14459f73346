using System.Security.Cryptography;

namespace RolloutTrace.Extensions.AI.Conversations;

/// <summary>
/// What a sequence is known by again: that of two sequences behind each other follows from those of both, and so does not tell where one ends and the other
/// begins. Polynomials over two fields, at points that this process has chosen.
/// </summary>
internal readonly record struct Fingerprint
{
    private readonly ulong hashA;
    private readonly ulong hashB;
    private readonly ulong shiftA;
    private readonly ulong shiftB;

    private Fingerprint(ulong hashA, ulong shiftA, ulong hashB, ulong shiftB) => (this.hashA, this.shiftA, this.hashB, this.shiftB) = (hashA, shiftA, hashB, shiftB);

    /// <summary>That of nothing.</summary>
    public static Fingerprint Empty { get; } = new(0, 1, 0, 1);

    /// <summary>The hash, for tables.</summary>
    public UInt128 Value => new(hashA, hashB);

    /// <summary>That of characters.</summary>
    public static Fingerprint Of(ReadOnlySpan<char> characters) => new(Field.A.Of(characters), Field.A.Shift(characters.Length), Field.B.Of(characters), Field.B.Shift(characters.Length));

    /// <summary>That of something that is one whole, by its digest.</summary>
    public static Fingerprint OfWhole(UInt128 digest) => new(Field.Reduced((ulong)digest), Field.A.Shift(1), Field.Reduced((ulong)(digest >> 64)), Field.B.Shift(1));

    /// <summary>That of this with another behind it.</summary>
    public Fingerprint Then(in Fingerprint next) => new(
        Field.Reduced(Field.Times(hashA, next.shiftA) + next.hashA), Field.Times(shiftA, next.shiftA), Field.Reduced(Field.Times(hashB, next.shiftB) + next.hashB), Field.Times(shiftB, next.shiftB));

    /// <summary>Numbers below the prime 2^61-1, and a point at which polynomials are evaluated.</summary>
    private sealed class Field
    {
        private const ulong Prime = (1UL << 61) - 1;

        private readonly ulong point;
        private readonly ulong point2;
        private readonly ulong point3;
        private readonly ulong point4;

        private Field()
        {
            Span<byte> bytes = stackalloc byte[sizeof(ulong)];
            RandomNumberGenerator.Fill(bytes);
            point = (BitConverter.ToUInt64(bytes) % (Prime - (1 << 20))) + (1 << 20);
            point2 = Times(point, point);
            point3 = Times(point2, point);
            point4 = Times(point3, point);
        }

        public static Field A { get; } = new();

        public static Field B { get; } = new();

        public static ulong Times(ulong x, ulong y) => Reduced(Math.BigMul(x, y));

        public static ulong Reduced(ulong x)
        {
            x = (x & Prime) + (x >> 61);
            return x >= Prime ? x - Prime : x;
        }

        /// <summary>What stands before so many characters is multiplied by it.</summary>
        public ulong Shift(int length)
        {
            var (shift, power) = (1UL, point);
            for (; length > 0; length >>= 1)
            {
                shift = (length & 1) != 0 ? Times(shift, power) : shift;
                power = Times(power, power);
            }

            return shift;
        }

        // Four characters a step: their products do not wait for each other. No character is 0, which would not be seen at the beginning.
        public ulong Of(ReadOnlySpan<char> characters)
        {
            var hash = 0UL;
            while (characters.Length >= 4)
            {
                hash = Reduced(Math.BigMul(hash, point4)
                    + Math.BigMul(characters[0] + 1UL, point3) + Math.BigMul(characters[1] + 1UL, point2) + Math.BigMul(characters[2] + 1UL, point) + (characters[3] + 1UL));
                characters = characters[4..];
            }

            foreach (var character in characters)
            {
                hash = Reduced(Math.BigMul(hash, point) + (character + 1UL));
            }

            return hash;
        }

        private static ulong Reduced(UInt128 x) => Reduced(((ulong)x & Prime) + (ulong)(x >> 61));
    }
}
