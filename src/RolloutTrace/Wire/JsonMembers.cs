using System.Buffers;

namespace RolloutTrace.Wire;

/// <summary>
/// The members at the root of a JSON object, one after the other, without making anything of their values: what is long is stepped over
/// as fast as memory is read. It allocates nothing and never throws; it ends where the text is no JSON object any more.
/// </summary>
internal ref struct JsonMembers(ReadOnlySpan<byte> utf8)
{
    private static readonly SearchValues<byte> EndOfScalar = SearchValues.Create(",}] \t\r\n"u8);

    private ReadOnlySpan<byte> rest = utf8;
    private bool isInside;

    /// <summary>The name of the member as it is written, without its quotation marks.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>Its value, whole.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Goes on to the next member; false if there is none.</summary>
    public bool Next()
    {
        SkipSpace();
        if (!isInside && !Take((byte)'{'))
        {
            return false;
        }

        if (isInside)
        {
            Take((byte)',');
        }

        isInside = true;
        SkipSpace();
        var name = StringLength(rest);
        if (name < 2)
        {
            return false;
        }

        Name = rest[1..(name - 1)];
        rest = rest[name..];
        SkipSpace();
        if (!Take((byte)':'))
        {
            return false;
        }

        SkipSpace();
        var length = ValueLength(rest);
        if (length == 0)
        {
            return false;
        }

        Value = rest[..length];
        rest = rest[length..];
        return true;
    }

    private bool Take(byte sign)
    {
        if (rest.IsEmpty || rest[0] != sign)
        {
            return false;
        }

        rest = rest[1..];
        return true;
    }

    private void SkipSpace() => rest = rest.TrimStart(" \t\r\n"u8);

    // The length of the value that comes first; 0 if it has no end.
    private static int ValueLength(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty)
        {
            return 0;
        }

        if (json[0] == '"')
        {
            return StringLength(json);
        }

        if (json[0] is not ((byte)'{' or (byte)'['))
        {
            var end = json.IndexOfAny(EndOfScalar);
            return end < 0 ? json.Length : end;
        }

        return JsonContainer.Length(json);
    }

    // The length of the string that comes first, with its quotation marks; 0 if there is none, or it has no end.
    private static int StringLength(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty || json[0] != '"')
        {
            return 0;
        }

        for (var at = 1; json[at..].IndexOfAny((byte)'"', (byte)'\\') is >= 0 and var step;)
        {
            at += step;
            if (json[at] == '"')
            {
                return at + 1;
            }

            at += 2;
            if (at >= json.Length)
            {
                return 0;
            }
        }

        return 0;
    }
}
