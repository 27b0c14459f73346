using System.Buffers;
using System.Text;
using System.Text.Json;
using RolloutTrace.Bundle;

namespace RolloutTrace.Import.Spans;

/// <summary>
/// Walks JSON that is too large to be held: members and entries are gone through one by one, and only what is asked for is taken as a
/// whole, up to a limit. What it passes over is looked at for its end alone.
/// </summary>
/// <param name="stream">The text.</param>
/// <param name="isOneLine">Whether a value never goes on behind a line's end, so that what is torn ends there.</param>
/// <param name="maxBytes">The largest value that is taken.</param>
internal sealed class JsonScanner(Stream stream, bool isOneLine, int maxBytes)
{
    /// <summary>What stands behind the end.</summary>
    public const int End = -1;

    private readonly byte[] buffer = new byte[1 << 16];
    private int at;
    private int filled;

    /// <summary>Number of the line that is being read, from 1.</summary>
    public long Line { get; private set; } = 1;

    /// <summary>Looks at the first byte of the next value; -1 at the end of the text.</summary>
    public int PeekValue()
    {
        while (Peek() is var next && (next is ' ' or '\t' or '\r' or '\n' or 0))
        {
            Take();
        }

        return Peek();
    }

    /// <summary>Goes behind the next line's end.</summary>
    public void SkipLine()
    {
        while (Peek() is not End && Take() != '\n')
        {
        }
    }

    /// <summary>Goes into an object or a list, if it stands on one.</summary>
    /// <param name="open">The byte with which it begins.</param>
    public bool TryEnter(char open)
    {
        if (Peek() != open)
        {
            return false;
        }

        Take();
        return true;
    }

    /// <summary>The name of the next member of an object that was entered; null behind the last, and then the object is left.</summary>
    /// <exception cref="InvalidDataException">It is torn, or no object.</exception>
    public string? NextMember()
    {
        var next = NextInside();
        if (next == '}')
        {
            Take();
            return null;
        }

        if (next != '"')
        {
            throw Torn();
        }

        var name = Capture().Span;
        if (Inside() != ':')
        {
            throw Torn();
        }

        Take();
        Inside();
        return Encoding.UTF8.GetString(name[1..^1]);
    }

    /// <summary>Whether a list that was entered has another entry, on which it then stands; behind the last the list is left.</summary>
    /// <exception cref="InvalidDataException">It is torn, or no list.</exception>
    public bool NextEntry()
    {
        if (NextInside() != ']')
        {
            return true;
        }

        Take();
        return false;
    }

    /// <summary>Takes the value on which it stands; null if it is no JSON, and then it is passed over: what follows it is read.</summary>
    /// <exception cref="InvalidDataException">It is torn, or too large.</exception>
    public JsonDocument? TryTakeValue()
    {
        var text = Capture();
        if (text.IsEmpty)
        {
            // Nothing of it is passed over, so that it would be asked for again without end.
            throw Torn();
        }

        return Read(text);
    }

    /// <summary>Takes the value on which it stands.</summary>
    /// <exception cref="InvalidDataException">It is torn, too large, or no JSON.</exception>
    public JsonDocument TakeValue() => TryTakeValue() ?? throw new InvalidDataException("is no JSON");

    /// <summary>A text as JSON, also with numbers that are none; null if it is no JSON.</summary>
    /// <param name="text">The text, to which the document refers.</param>
    public static JsonDocument? Read(ReadOnlyMemory<byte> text) => Parse(text) ?? (BareNumbers.Quoted(text.Span) is { } quoted ? Parse(quoted) : null);

    private static JsonDocument? Parse(ReadOnlyMemory<byte> text)
    {
        try
        {
            return JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = BundleReaderOptions.MaxDepth });
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Passes over the value on which it stands.</summary>
    /// <exception cref="InvalidDataException">It is torn.</exception>
    public void SkipValue() => Walk(into: null);

    private ReadOnlyMemory<byte> Capture()
    {
        var taken = new ArrayBufferWriter<byte>();
        Walk(taken);
        return taken.WrittenMemory;
    }

    private void Walk(ArrayBufferWriter<byte>? into)
    {
        var (depth, isText, isEscaped, isEmpty) = (0, false, false, true);
        while (true)
        {
            var next = Peek();
            if (next == End ? depth > 0 || isText || isEmpty : next == '\n' && isOneLine && (depth > 0 || isText))
            {
                throw Torn();
            }

            if (next == End)
            {
                return;
            }

            if (depth == 0 && !isText && next is (',' or ']' or '}' or ' ' or '\r' or '\n' or '\t' or ':'))
            {
                return;
            }

            isEmpty = false;
            Keep(into, (byte)Take());
            if (isText)
            {
                (isText, isEscaped) = (isEscaped || next != '"', !isEscaped && next == '\\');
            }
            else
            {
                isText = next == '"';
                depth += next is '{' or '[' ? 1 : next is '}' or ']' ? -1 : 0;
            }

            if (depth == 0 && !isText && next is ('"' or '}' or ']'))
            {
                return;
            }
        }
    }

    private void Keep(ArrayBufferWriter<byte>? into, byte value)
    {
        if (into is null)
        {
            return;
        }

        if (into.WrittenCount >= maxBytes)
        {
            throw new InvalidDataException($"holds a value of more than {maxBytes} bytes");
        }

        into.GetSpan(1)[0] = value;
        into.Advance(1);
    }

    private int NextInside()
    {
        var next = Inside();
        if (next == ',')
        {
            Take();
            next = Inside();
        }

        return next;
    }

    private int Inside()
    {
        while (Peek() is var next && (next is ' ' or '\t' or '\r' || (next == '\n' && !isOneLine)))
        {
            Take();
        }

        return Peek() is var found && (found == End || found == '\n') ? throw Torn() : found;
    }

    private int Peek()
    {
        if (at == filled)
        {
            filled = stream.Read(buffer);
            at = 0;
        }

        return at < filled ? buffer[at] : End;
    }

    private int Take()
    {
        var taken = buffer[at++];
        if (taken == '\n')
        {
            Line++;
        }

        return taken;
    }

    private static InvalidDataException Torn() => new("is torn, or no JSON");
}
