using System.ClientModel.Primitives;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenAI.Responses;

namespace CodingAgent.Model;

/// <summary>Items of a conversation between their types and their JSON.</summary>
internal static class Wire
{
    /// <summary>An item as it goes over the wire.</summary>
    public static byte[] Json(ResponseItem item) => ModelReaderWriter.Write(item).ToArray();

    /// <summary>A list of items as it goes over the wire.</summary>
    public static byte[] Json(IEnumerable<ResponseItem> items)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (var item in items)
            {
                writer.WriteRawValue(Json(item));
            }

            writer.WriteEndArray();
        }

        return buffer.ToArray();
    }

    /// <summary>An item that the client has no type for.</summary>
    public static ResponseItem Item(JsonNode json) => Read<ResponseItem>(json);

    /// <summary>A tool that the client has no factory for.</summary>
    public static ResponseTool Tool(JsonNode json) => Read<ResponseTool>(json);

    private static T Read<T>(JsonNode json)
        where T : IPersistableModel<T> =>
        ModelReaderWriter.Read<T>(BinaryData.FromString(json.ToJsonString())) ?? throw new ArgumentException($"no {typeof(T).Name}: {json}", nameof(json));
}
