using System.Text.Encodings.Web;
using System.Text.Json;

namespace RolloutTrace.Reducer;

/// <summary>Writes the id lists of one document fast.</summary>
/// <remarks>
/// Nine tenths of a large state are the histories of its requests, each nearly the same list as the one before.
/// Lists that share their storage share its JSON text here too: it is made once, and writing a list is copying
/// its beginning.
/// </remarks>
internal sealed class IdListWriter(JavaScriptEncoder encoder)
{
    // Shorter lists are cheaper written than remembered.
    private const int MinSharedIds = 32;

    private readonly Dictionary<object, SharedText> texts = new(ReferenceEqualityComparer.Instance);

    public void Write(Utf8JsonWriter writer, IdList ids)
    {
        if (ids.Count >= MinSharedIds)
        {
            if (!texts.TryGetValue(ids.Storage, out var text))
            {
                text = new SharedText();
                texts.Add(ids.Storage, text);
            }

            text.Write(writer, ids, encoder);
            return;
        }

        writer.WriteStartArray();
        for (var i = 0; i < ids.Count; i++)
        {
            writer.WriteStringValue(ids[i]);
        }

        writer.WriteEndArray();
    }

    /// <summary>The JSON text of a storage, as far as a list has needed it: an opening bracket, then each id with a comma behind it.</summary>
    private sealed class SharedText
    {
        private readonly List<int> commas = [];
        private byte[] text = new byte[1 << 12];
        private int length;

        public void Write(Utf8JsonWriter writer, IdList list, JavaScriptEncoder encoder)
        {
            for (var i = commas.Count; i < list.Count; i++)
            {
                Add(JsonEncodedText.Encode(list[i], encoder).EncodedUtf8Bytes);
            }

            // The list's last comma becomes its closing bracket for as long as it is written.
            var last = commas[list.Count - 1];
            text[last] = (byte)']';
            writer.WriteRawValue(text.AsSpan(0, last + 1), skipInputValidation: true);
            text[last] = (byte)',';
        }

        private void Add(ReadOnlySpan<byte> id)
        {
            if (text.Length - length < id.Length + 4)
            {
                Array.Resize(ref text, Math.Max(2 * text.Length, length + id.Length + 4));
            }

            if (length == 0)
            {
                text[length++] = (byte)'[';
            }

            text[length++] = (byte)'"';
            id.CopyTo(text.AsSpan(length));
            length += id.Length;
            text[length++] = (byte)'"';
            commas.Add(length);
            text[length++] = (byte)',';
        }
    }
}
