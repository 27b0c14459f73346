using System.Globalization;
using System.Text;

namespace RolloutTrace.TestSupport;

/// <summary>Takes a protobuf message apart without knowing its type: field numbers and values.</summary>
public static class ProtobufText
{
    public static IReadOnlyList<(int Field, object Value)> Fields(ReadOnlySpan<byte> message)
    {
        var fields = new List<(int, object)>();
        while (!message.IsEmpty)
        {
            var tag = Varint(ref message);
            switch (tag & 7)
            {
                case 0:
                    fields.Add(((int)(tag >> 3), Varint(ref message)));
                    break;
                case 1:
                    fields.Add(((int)(tag >> 3), BitConverter.ToUInt64(message[..8])));
                    message = message[8..];
                    break;
                case 2:
                    var length = (int)Varint(ref message);
                    fields.Add(((int)(tag >> 3), message[..length].ToArray()));
                    message = message[length..];
                    break;
                case 5:
                    fields.Add(((int)(tag >> 3), BitConverter.ToUInt32(message[..4])));
                    message = message[4..];
                    break;
                default:
                    throw new FormatException($"wire type {tag & 7}");
            }
        }

        return fields;
    }

    /// <summary>The messages in a field.</summary>
    public static IEnumerable<byte[]> In(this byte[] message, int field) => Fields(message).Where(entry => entry.Field == field).Select(entry => (byte[])entry.Value);

    /// <summary>The text in a field.</summary>
    public static string TextIn(this byte[] message, int field) => Encoding.UTF8.GetString(message.In(field).Single());

    /// <summary>A span in one line that can be compared with that of OTLP JSON.</summary>
    public static string DescribeSpan(this byte[] span)
    {
        var parent = span.In(4).Select(Convert.ToHexStringLower).SingleOrDefault() ?? "none";
        var numbers = Fields(span).Where(field => field.Value is ulong).Select(field => string.Create(CultureInfo.InvariantCulture, $"{field.Field}={field.Value}"));
        var attributes = span.In(9).Select(pair => $"{pair.TextIn(1)}={DescribeAny(pair.In(2).Single())}");
        var links = span.In(13).Select(link => $"{Convert.ToHexStringLower(link.In(2).Single())}:{DescribeAny(link.In(4).First().In(2).Single())}");
        var isError = span.In(15).Any();
        return $"{Convert.ToHexStringLower(span.In(1).Single())} {Convert.ToHexStringLower(span.In(2).Single())} {parent} {span.TextIn(5)} {string.Join(' ', numbers)} [{string.Join(", ", attributes)}] [{string.Join(", ", links)}] {isError}";
    }

    private static string DescribeAny(byte[] any)
    {
        var (field, value) = Fields(any).Single();
        return field switch
        {
            1 => Encoding.UTF8.GetString((byte[])value),
            2 => (ulong)value == 1 ? "true" : "false",
            5 => $"[{string.Join(", ", ((byte[])value).In(1).Select(DescribeAny))}]",
            _ => ((long)(ulong)value).ToString(CultureInfo.InvariantCulture),
        };
    }

    private static ulong Varint(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (var i = 0; ; i++)
        {
            value |= (ulong)(bytes[i] & 0x7f) << (7 * i);
            if ((bytes[i] & 0x80) == 0)
            {
                bytes = bytes[(i + 1)..];
                return value;
            }
        }
    }
}
