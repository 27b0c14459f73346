using System.Text.Json;

namespace RolloutTrace.Wire;

/// <summary>Places in a document from which it can be read on without what is before them, in their order.</summary>
internal sealed class SoundJsonMarks
{
    /// <summary>How far apart they are at least, in bytes.</summary>
    public const int Distance = 1 << 13;

    private readonly List<(int Position, JsonReaderState State)> marks = [];
    private int origin;

    /// <summary>Forgets those behind a position, and gives the last one that is left: where to read on, in which state.</summary>
    public (int Position, JsonReaderState State) BackTo(int position)
    {
        var left = marks.Count;
        while (left > 0 && marks[left - 1].Position > position)
        {
            left--;
        }

        marks.RemoveRange(left, marks.Count - left);
        var last = left > 0 ? marks[^1] : (Position: 0, State: SoundJson.Beginning);
        origin = last.Position;
        return last;
    }

    /// <summary>Adds the place behind the token at which a reader stands, unless what follows could belong to that token.</summary>
    /// <param name="reader">Reads on from the mark that <see cref="BackTo"/> gave.</param>
    public bool TryAdd(in Utf8JsonReader reader)
    {
        var canEnd = reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray or JsonTokenType.String;
        if (canEnd)
        {
            marks.Add((origin + (int)reader.BytesConsumed, reader.CurrentState));
        }

        return canEnd;
    }
}
