using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.AI;
using RolloutTrace.Extensions.AI.Content;

namespace RolloutTrace.Extensions.AI.Conversations;

/// <summary>
/// What tells one history from another: a hash after each message, made of the message and the hash before it. Only what survives
/// being sent back counts: words, calls, results and files, and not how a stream had cut them.
/// </summary>
internal static class HistoryChain
{
    private static readonly ConditionalWeakTable<ChatMessage, Hashed> Known = [];

    /// <summary>The hash of no messages, for an agent.</summary>
    public static UInt128 Begin(string agent) => Hash(hash => Add(hash, "a", agent));

    /// <summary>The hash after one more message.</summary>
    public static UInt128 After(UInt128 before, ChatMessage message)
    {
        Span<byte> both = stackalloc byte[32];
        BinaryPrimitives.WriteUInt128LittleEndian(both, before);
        BinaryPrimitives.WriteUInt128LittleEndian(both[16..], Of(message));
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(both, hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    /// <summary>The hash after messages.</summary>
    public static UInt128 After(UInt128 before, IEnumerable<ChatMessage> messages)
    {
        foreach (var message in messages)
        {
            before = After(before, message);
        }

        return before;
    }

    /// <summary>The hash of a message by itself.</summary>
    public static UInt128 Of(ChatMessage message)
    {
        // Histories grow by messages that are the same objects from request to request: each is hashed once. Hand-offs make answers the user's.
        if (Known.TryGetValue(message, out var known) && known.Contents == message.Contents.Count && known.Role == message.Role)
        {
            return known.Hash;
        }

        var hash = Hash(into =>
        {
            Add(into, "m", message.Role.Value);
            foreach (var content in message.Contents)
            {
                AddContent(into, content);
            }
        });
        Known.AddOrUpdate(message, new Hashed(message.Contents.Count, message.Role, hash));
        return hash;
    }

    private static UInt128 Hash(Action<IncrementalHash> add)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        add(hash);
        hash.GetHashAndReset(bytes);
        return BinaryPrimitives.ReadUInt128LittleEndian(bytes);
    }

    private static void AddContent(IncrementalHash hash, AIContent content)
    {
        switch (content)
        {
            case TextContent text:
                // Pieces of one text are one text, whatever their number.
                hash.AppendData(Encoding.UTF8.GetBytes(text.Text ?? string.Empty));
                break;
            case FunctionCallContent call:
                Add(hash, "c", call.CallId);
                Add(hash, "n", call.Name);
                Add(hash, "p", call.Arguments is null ? "{}" : AnyJson.Text(call.Arguments));
                break;
            case ToolApprovalRequestContent { ToolCall: FunctionCallContent held }:
                AddContent(hash, held);
                break;
            case FunctionResultContent result:
                Add(hash, "r", result.CallId);
                Add(hash, "v", result.Result as string ?? (result.Result is null ? string.Empty : AnyJson.Text(result.Result)));
                break;
            case DataContent data:
                Add(hash, "d", data.MediaType);
                hash.AppendData(data.Data.Span);
                break;
            case UriContent uri:
                Add(hash, "u", uri.Uri.OriginalString);
                break;
            default:
                break;
        }
    }

    private static void Add(IncrementalHash hash, string tag, string value)
    {
        hash.AppendData(Encoding.UTF8.GetBytes(tag));
        hash.AppendData(Encoding.UTF8.GetBytes(value));
        hash.AppendData([0]);
    }

    private sealed record Hashed(int Contents, ChatRole Role, UInt128 Hash);
}
