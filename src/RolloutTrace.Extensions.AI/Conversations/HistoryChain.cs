using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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
    private static readonly ConditionalWeakTable<ChatMessage, Hashed> KnownSaid = [];

    /// <summary>The hash of no messages, for an agent.</summary>
    public static UInt128 Begin(string agent) => Hash(hash => Add(hash, "a", agent));

    /// <summary>The hash after one more message. An answer in which nothing stands, as function invocation leaves where it takes a call out, is none.</summary>
    public static UInt128 After(UInt128 before, ChatMessage message) => IsEmptyAnswer(message) ? before : After(before, Of(message));

    /// <summary>The hash after one more hash.</summary>
    public static UInt128 After(UInt128 before, UInt128 next)
    {
        Span<byte> both = stackalloc byte[32];
        BinaryPrimitives.WriteUInt128LittleEndian(both, before);
        BinaryPrimitives.WriteUInt128LittleEndian(both[16..], next);
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
    public static UInt128 Of(ChatMessage message) => OnceOf(Known, message, static message => Hash(message.Role, message.Contents, AddContent));

    /// <summary>The hash of what is said in a message, by a user or a model; null if nothing is, and in a message of the system.</summary>
    public static UInt128? OfSaid(ChatMessage message) =>
        IsSaid(message) ? OnceOf(KnownSaid, message, static message => Hash(message.Role, message.Contents.Where(IsSaid), AddSaid)) : null;

    /// <summary>The hash of what is said in several messages of a model, as if it were said in one.</summary>
    public static UInt128 OfSaid(IEnumerable<ChatMessage> answers) => Hash(ChatRole.Assistant, answers.SelectMany(static answer => answer.Contents).Where(IsSaid), AddSaid);

    private static bool IsEmptyAnswer(ChatMessage message) =>
        message.Role == ChatRole.Assistant && message.Contents.Count > 0 && message.Contents.All(static content => content is UsageContent || ItemWriter.SaysNothing(content));

    private static bool IsSaid(ChatMessage message) => (message.Role == ChatRole.User || message.Role == ChatRole.Assistant) && message.Contents.Any(IsSaid);

    private static bool IsSaid(AIContent content) => content is TextContent { Text.Length: > 0 } or DataContent or UriContent;

    // Histories grow by messages that are the same objects from request to request: each is hashed once. Hand-offs make answers the user's.
    private static UInt128 OnceOf(ConditionalWeakTable<ChatMessage, Hashed> table, ChatMessage message, Func<ChatMessage, UInt128> hashOf)
    {
        if (table.TryGetValue(message, out var known) && known.Contents == message.Contents.Count && known.Role == message.Role)
        {
            return known.Hash;
        }

        var hash = hashOf(message);
        table.AddOrUpdate(message, new Hashed(message.Contents.Count, message.Role, hash));
        return hash;
    }

    private static UInt128 Hash(ChatRole role, IEnumerable<AIContent> contents, Action<IncrementalHash, AIContent> add) => Hash(into =>
    {
        Add(into, "m", role.Value);
        foreach (var content in contents)
        {
            add(into, content);
        }
    });

    // Who joins or trims texts adds white space, or takes it away.
    private static void AddSaid(IncrementalHash hash, AIContent content)
    {
        if (content is not TextContent text)
        {
            AddContent(hash, content);
            return;
        }

        foreach (var word in text.Text.AsSpan().SplitAny(" \t\r\n"))
        {
            hash.AppendData(MemoryMarshal.AsBytes(text.Text.AsSpan(word)));
        }
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
