using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using RolloutTrace.GenAI.Reading;

namespace RolloutTrace.GenAI.Items;

/// <summary>
/// Makes items of messages: what is said between two calls is one message, and calls, what they gave and thoughts are items of their
/// own, in order.
/// </summary>
internal sealed class ItemBuilder
{
    private readonly List<ModelItem> items = [];
    private readonly List<(string? Text, JsonElement Other)> said = [];
    private readonly Dictionary<string, int> calls = new(StringComparer.Ordinal);
    private readonly List<(string Id, string? Name)> unanswered = [];
    private readonly Dictionary<string, ModelItem> held = new(StringComparer.Ordinal);
    private readonly HashSet<string> heldBefore = new(StringComparer.Ordinal);
    private readonly HashSet<ModelItem> replaced = [];
    private string role = "user";
    private string? author;
    private bool hasItems;

    public List<ModelItem> Items
    {
        get
        {
            if (replaced.Count > 0)
            {
                items.RemoveAll(replaced.Contains);
                replaced.Clear();
            }

            return items;
        }
    }

    /// <summary>What a model gives after what it was given: calls that have no ids are counted on.</summary>
    public ItemBuilder Continue()
    {
        var next = new ItemBuilder();
        foreach (var (name, count) in calls)
        {
            next.calls[name] = count;
        }

        next.unanswered.AddRange(unanswered);
        next.heldBefore.UnionWith(held.Keys);
        return next;
    }

    /// <summary>A message begins.</summary>
    /// <param name="messageRole">Its role; any word, in any case.</param>
    /// <param name="name">Who says it; null if that is not told.</param>
    public void Begin(string? messageRole, string? name = null)
    {
        role = messageRole?.ToLowerInvariant() switch
        {
            null or "" => "user",
            "model" or "ai" or "bot" or "tool-call" => "assistant",
            "human" or "tool-response" => "user",
            "function" => "tool",
            var word => word,
        };
        author = name;
        hasItems = false;
    }

    /// <summary>The message says text; empty text says nothing.</summary>
    public void Say(string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            said.Add((text, default));
        }
    }

    /// <summary>The message has a part of another kind, which stays as it is.</summary>
    public void Add(JsonElement part) => said.Add((null, part));

    /// <summary>The message has a call.</summary>
    public void Call(string? id, string? name, string? arguments)
    {
        Flush();
        hasItems = true;
        id = string.IsNullOrEmpty(id) ? null : id;
        if (id is not null && heldBefore.Remove(id))
        {
            return;
        }

        if (id is not null && held.Remove(id, out var before))
        {
            replaced.Add(before);
            unanswered.Remove((id, before.Name));
        }

        var isNamed = id is not null;
        id ??= Numbered(name);
        unanswered.Add((id, name));
        arguments = string.IsNullOrWhiteSpace(arguments) ? "{}" : arguments;
        var json = JsonValue.Written(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, "function_call"u8);
            writer.WriteString("call_id"u8, id);
            writer.WriteString("name"u8, name ?? "unknown");
            writer.WriteString("arguments"u8, arguments);
            writer.WriteEndObject();
        });
        items.Add(new ModelItem
        {
            Kind = ItemKind.Call,
            Json = json,

            // A program may change what is called with before it is carried out, and shows that from then on.
            Hash = HashOf("call", id, isNamed ? null : Canonical(arguments)),
            CallId = id,
            Name = name,
            Text = arguments,
        });
    }

    /// <summary>
    /// The message has a call that waits until somebody agrees. It stays in a program's messages when the call itself stands behind it,
    /// where the model is shown it: then that is the one.
    /// </summary>
    public void HoldBack(string? id, string? name, string? arguments)
    {
        hasItems = true;
        if (id is null || (!held.ContainsKey(id) && !heldBefore.Contains(id)))
        {
            Call(id, name, arguments);
            if (id is not null)
            {
                held[id] = items[^1];
            }
        }
    }

    /// <summary>The message has something that no model is shown.</summary>
    public void Skip() => hasItems = true;

    /// <summary>The message has what a call gave.</summary>
    public void Output(string? id, string? name, object? output)
    {
        Flush();
        id = Answered(string.IsNullOrEmpty(id) ? null : id, name);
        var text = TextOf(output);
        items.Add(new ModelItem
        {
            Kind = ItemKind.Output,
            Json = OutputJson(id, text),
            Role = role == "tool" ? role : string.Empty,
            Hash = HashOf("output", id ?? name, text),
            CallId = id,
            Name = name,
            Text = text,
        });
        hasItems = true;
    }

    /// <summary>The message has thoughts.</summary>
    public void Think(string? text, string? encrypted)
    {
        if (string.IsNullOrEmpty(text) && string.IsNullOrEmpty(encrypted))
        {
            return;
        }

        Flush();
        var json = JsonValue.Written(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, "reasoning"u8);
            writer.WriteStartArray("summary"u8);
            writer.WriteEndArray();
            if (!string.IsNullOrEmpty(text))
            {
                writer.WriteStartArray("content"u8);
                writer.WriteStartObject();
                writer.WriteString("type"u8, "reasoning_text"u8);
                writer.WriteString("text"u8, text);
                writer.WriteEndObject();
                writer.WriteEndArray();
            }

            if (!string.IsNullOrEmpty(encrypted))
            {
                writer.WriteString("encrypted_content"u8, encrypted);
            }

            writer.WriteEndObject();
        });
        items.Add(new ModelItem { Kind = ItemKind.Reasoning, Json = json, Hash = HashOf("reasoning", encrypted, text), Text = text ?? string.Empty });
        hasItems = true;
    }

    /// <summary>The message ends. One that has nothing in it is an item all the same, unless a model gave it.</summary>
    public void End()
    {
        if (!hasItems && said.Count == 0 && role != "assistant")
        {
            said.Add((string.Empty, default));
        }

        Flush();
    }

    /// <summary>The same item, with what is known of what the call gave; as part of a history it stays what it was.</summary>
    public static ModelItem WithOutput(ModelItem output, string text) => new()
    {
        Kind = output.Kind, Json = OutputJson(output.CallId, text), Role = output.Role, Hash = output.Hash, CallId = output.CallId, Name = output.Name, Text = text,
    };

    /// <summary>What a tool gave, as a model reads it: text as it is, everything else as JSON.</summary>
    public static string TextOf(object? output) => output switch
    {
        null => string.Empty,
        JsonElement { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => string.Empty,
        JsonElement { ValueKind: JsonValueKind.String } text => JsonValue.Text(text)!,
        JsonElement element => JsonValue.Compact(element),
        _ => JsonValue.Text(output) ?? string.Empty,
    };

    /// <summary>Arguments without white space between them; text that is no JSON as it is.</summary>
    public static string Canonical(string arguments) =>
        JsonValue.Parse(arguments) is { ValueKind: JsonValueKind.Object or JsonValueKind.Array } json ? JsonValue.Compact(json) : arguments;

    private static byte[] OutputJson(string? id, string text) => JsonValue.Written(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "function_call_output"u8);
        writer.WriteString("call_id"u8, id);
        writer.WriteString("output"u8, text);
        writer.WriteEndObject();
    });

    // Some APIs have no ids for calls: then it is the third call of a tool.
    private string Numbered(string? name)
    {
        var count = calls.GetValueOrDefault(name ?? string.Empty) + 1;
        calls[name ?? string.Empty] = count;
        return string.Create(CultureInfo.InvariantCulture, $"{name ?? "call"}#{count}");
    }

    // What a call gave has no id either, or the framework leaves it out: it belongs to the first call that has nothing yet, of the
    // tool if that is named.
    private string? Answered(string? id, string? name)
    {
        var call = id is not null ? unanswered.FindIndex(call => call.Id == id)
            : name is not null && unanswered.FindIndex(call => call.Name == name) is var named and >= 0 ? named
            : unanswered.Count > 0 ? 0 : -1;
        if (call < 0)
        {
            return id;
        }

        id = unanswered[call].Id;
        unanswered.RemoveAt(call);
        return id;
    }

    private void Flush()
    {
        if (said.Count == 0)
        {
            return;
        }

        var isKnown = role is "system" or "developer" or "user" or "assistant" or "tool";
        var textType = role == "assistant" ? "output_text" : "input_text";
        var json = JsonValue.Written(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, "message"u8);
            writer.WriteString("role"u8, isKnown ? role : "user");
            if (author is not null)
            {
                writer.WriteString("name"u8, author);
            }

            writer.WriteStartArray("content"u8);
            foreach (var (text, other) in said)
            {
                WritePart(writer, text, other, textType);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
        var words = string.Concat(said.Select(static part => part.Text ?? $"\0{JsonValue.Compact(part.Other)}\0"));
        items.Add(new ModelItem { Kind = ItemKind.Message, Json = json, Role = isKnown ? role : "user", Hash = HashOf("message", isKnown ? role : "user", words), Text = words });
        said.Clear();
        hasItems = true;
    }

    private static void WritePart(Utf8JsonWriter writer, string? text, JsonElement other, string textType)
    {
        if (text is null)
        {
            JsonValue.WriteElement(writer, other);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("type"u8, textType);
        writer.WriteString("text"u8, text);
        writer.WriteEndObject();
    }

    private static UInt128 HashOf(string kind, string? of, string? text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}\0{of}\0{text}"), hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}
