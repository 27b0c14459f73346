using System.Buffers;
using System.Buffers.Text;
using System.Text;
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

    // Where histories do not continue one another there are as many texts as lists, and none is needed twice.
    private const long MaxTextBytes = 4 << 20;

    private const int MostDigits = 10;

    // What no encoder touches. Ids that are made here are of nothing else.
    private static readonly SearchValues<char> Plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:-_.");

    private readonly Dictionary<object, SharedText> texts = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<object> seen = new(ReferenceEqualityComparer.Instance);
    private readonly SharedText once = new();
    private long textBytes;

    public void Write(Utf8JsonWriter writer, IdList ids)
    {
        if (ids.Count >= MinSharedIds)
        {
            TextOf(ids).Write(writer, ids, encoder, ref textBytes);
            return;
        }

        writer.WriteStartArray();
        for (var i = 0; i < ids.Count; i++)
        {
            writer.WriteStringValue(ids[i]);
        }

        writer.WriteEndArray();
    }

    // The text of a list that no other has shared yet is not kept: a history that is edited gives a list of its own each time.
    private SharedText TextOf(IdList ids)
    {
        if (texts.TryGetValue(ids.Storage, out var text))
        {
            return text;
        }

        if (seen.Add(ids.Storage))
        {
            once.Clear();
            return once;
        }

        if (textBytes > MaxTextBytes)
        {
            texts.Clear();
            textBytes = 0;
        }

        text = new SharedText();
        texts.Add(ids.Storage, text);
        return text;
    }

    /// <summary>The JSON text of a storage, as far as a list has needed it: an opening bracket, then each id with a comma behind it.</summary>
    private sealed class SharedText
    {
        // ObjectIds.ConversationItemPrefix.
        private static ReadOnlySpan<byte> Item => "conversation_item:"u8;

        private readonly List<int> commas = [];
        private byte[] text = new byte[1 << 12];
        private int length;

        /// <summary>Writes a list.</summary>
        /// <param name="writer">Where to.</param>
        /// <param name="list">The list.</param>
        /// <param name="encoder">Encodes what is not plain.</param>
        /// <param name="bytes">Grows by how many bytes of memory that has cost.</param>
        public void Write(Utf8JsonWriter writer, IdList list, JavaScriptEncoder encoder, ref long bytes)
        {
            var before = text.Length;
            if (list.IsOfItems)
            {
                AddItems(list.Numbers);
            }
            else
            {
                for (var i = commas.Count; i < list.Count; i++)
                {
                    Add(list[i], encoder);
                }
            }

            // The list's last comma becomes its closing bracket for as long as it is written.
            var last = commas[list.Count - 1];
            text[last] = (byte)']';
            writer.WriteRawValue(text.AsSpan(0, last + 1), skipInputValidation: true);
            text[last] = (byte)',';
            bytes += text.Length - before;
        }

        /// <summary>Begins anew, for another list.</summary>
        public void Clear()
        {
            commas.Clear();
            length = 0;
        }

        private void AddItems(ReadOnlySpan<int> numbers)
        {
            for (var i = commas.Count; i < numbers.Length; i++)
            {
                MakeRoom(Item.Length + MostDigits);
                Item.CopyTo(text.AsSpan(length));
                length += Item.Length;
                Utf8Formatter.TryFormat(numbers[i], text.AsSpan(length), out var digits);
                length += digits;
                End();
            }
        }

        private void Add(string id, JavaScriptEncoder encoder)
        {
            if (!id.AsSpan().ContainsAnyExcept(Plain))
            {
                MakeRoom(id.Length);
                length += Encoding.ASCII.GetBytes(id, text.AsSpan(length));
            }
            else
            {
                var encoded = JsonEncodedText.Encode(id, encoder).EncodedUtf8Bytes;
                MakeRoom(encoded.Length);
                encoded.CopyTo(text.AsSpan(length));
                length += encoded.Length;
            }

            End();
        }

        private void End()
        {
            text[length++] = (byte)'"';
            commas.Add(length);
            text[length++] = (byte)',';
        }

        // With all that stands around an id, and what stands before it.
        private void MakeRoom(int idLength)
        {
            if (text.Length - length < idLength + 4)
            {
                Array.Resize(ref text, Math.Max(2 * text.Length, length + idLength + 4));
            }

            if (length == 0)
            {
                text[length++] = (byte)'[';
            }

            text[length++] = (byte)'"';
        }
    }
}
