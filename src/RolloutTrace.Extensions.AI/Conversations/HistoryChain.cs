using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.AI;
using RolloutTrace.Extensions.AI.Content;

namespace RolloutTrace.Extensions.AI.Conversations;

/// <summary>
/// What tells one history from another. Only what survives being sent back counts: who says which words, calls, results and files, in their order; and neither
/// how a stream had cut them, nor which of them stand in one message, where the same one says more.
/// </summary>
internal readonly record struct HistoryChain
{
    private static readonly ConditionalWeakTable<ChatMessage, Hashed> Known = [];
    private static readonly ConditionalWeakTable<ChatMessage, Hashed> KnownSaid = [];

    private static readonly Dictionary<ChatRole, Fingerprint> Roles = new[] { ChatRole.System, ChatRole.User, ChatRole.Assistant, ChatRole.Tool }.ToDictionary(static role => role, static role => Mark("m", role.Value));

    private readonly Fingerprint contents;
    private readonly string? role;

    private HistoryChain(Fingerprint contents, string? role) => (this.contents, this.role) = (contents, role);

    /// <summary>That of no messages, for an agent.</summary>
    public static HistoryChain Begin(string agent) => new(Mark("a", agent), role: null);

    /// <summary>That with one more message. An answer in which nothing stands, as function invocation leaves where it takes a call out, is none.</summary>
    public HistoryChain After(ChatMessage message) => IsEmptyAnswer(message) ? this : With(message.Role, HashOf(message).Contents);

    /// <summary>That with more messages.</summary>
    public HistoryChain After(IEnumerable<ChatMessage> messages) => messages.Aggregate(this, static (chain, message) => chain.After(message));

    /// <summary>That with what is said in one more message; the same if nothing is.</summary>
    public HistoryChain AfterSaid(ChatMessage message) => IsSaid(message) ? With(message.Role, OnceOf(KnownSaid, message, static message => new(message, SaidIn(message))).Contents) : this;

    /// <summary>That with what is said in more messages.</summary>
    public HistoryChain AfterSaid(IEnumerable<ChatMessage> messages) => messages.Aggregate(this, static (chain, message) => chain.AfterSaid(message));

    /// <summary>That with a mark that no message makes.</summary>
    public HistoryChain Marked(string mark) => new(contents.Then(Mark("k", mark)), role: null);

    /// <summary>Whether a user or a model says something in a message.</summary>
    public static bool IsSaid(ChatMessage message) => (message.Role == ChatRole.User || message.Role == ChatRole.Assistant) && message.Contents.Any(IsSaid);

    /// <summary>A message's contents that count, the texts that stand side by side as one, each with its role.</summary>
    public static IReadOnlyList<MessageKey> KeysOf(ChatMessage message) => HashOf(message).Keys;

    private HistoryChain With(ChatRole next, in Fingerprint more) => new((string.Equals(role, next.Value, StringComparison.OrdinalIgnoreCase) ? contents : contents.Then(MarkOf(next))).Then(more), next.Value);

    private static bool IsEmptyAnswer(ChatMessage message) =>
        message.Role == ChatRole.Assistant && message.Contents.Count > 0 && message.Contents.All(static content => content is UsageContent || ItemWriter.SaysNothing(content));

    private static bool IsSaid(AIContent content) => content is DataContent or UriContent || (content is TextContent text && !string.IsNullOrWhiteSpace(text.Text));

    // Histories grow by messages that are the same objects from request to request: each is hashed once. Hand-offs make answers the user's.
    private static Hashed OnceOf(ConditionalWeakTable<ChatMessage, Hashed> table, ChatMessage message, Func<ChatMessage, Hashed> hashOf)
    {
        if (table.TryGetValue(message, out var known) && known.IsOf(message))
        {
            return known;
        }

        var hashed = hashOf(message);
        table.AddOrUpdate(message, hashed);
        return hashed;
    }

    private static Hashed HashOf(ChatMessage message) => OnceOf(Known, message, static message =>
    {
        var all = Fingerprint.Empty;
        var role = MarkOf(message.Role);
        List<MessageKey> keys = [];
        var text = role;
        foreach (var content in message.Contents)
        {
            if (Of(content) is not { } hash)
            {
                continue;
            }

            all = all.Then(hash);
            if (content is TextContent)
            {
                text = text.Then(hash);
                continue;
            }

            AddText();
            keys.Add(new(role.Then(hash).Value, content is DataContent or UriContent && message.Role != ChatRole.Tool));
        }

        AddText();
        return new(message, all) { Keys = keys };

        void AddText()
        {
            if (text != role)
            {
                keys.Add(new(text.Value, message.Role != ChatRole.Tool));
                text = role;
            }
        }
    });

    private static Fingerprint SaidIn(ChatMessage message)
    {
        var all = Fingerprint.Empty;
        foreach (var content in message.Contents.Where(IsSaid))
        {
            if (content is not TextContent text)
            {
                all = all.Then(Of(content)!.Value);
                continue;
            }

            // Who joins or trims texts adds white space, or takes it away.
            foreach (var word in text.Text.AsSpan().SplitAny(' ', '\t', '\r', '\n'))
            {
                all = all.Then(Fingerprint.Of(text.Text.AsSpan(word)));
            }
        }

        return all;
    }

    // Pieces of one text are one text, whatever their number.
    private static Fingerprint? Of(AIContent content) => content switch
    {
        TextContent text => string.IsNullOrEmpty(text.Text) ? null : Fingerprint.Of(text.Text),

        // Where it has an id a program may change what it is called with before it is carried out, and shows that from then on.
        FunctionCallContent call => Whole(hash =>
        {
            Add(hash, "c", call.CallId);
            Add(hash, "n", call.Name);
            if (string.IsNullOrEmpty(call.CallId))
            {
                Add(hash, "p", call.Arguments is null ? "{}" : AnyJson.Text(call.Arguments));
            }
        }),
        ToolApprovalRequestContent { ToolCall: FunctionCallContent held } => Of(held),
        FunctionResultContent result => Whole(hash =>
        {
            Add(hash, "r", result.CallId);
            Add(hash, "v", result.Result as string ?? (result.Result is null ? string.Empty : AnyJson.Text(result.Result)));
        }),
        DataContent data => Whole(hash =>
        {
            Add(hash, "d", data.MediaType);
            hash.AppendData(data.Data.Span);
        }),
        UriContent uri => Mark("u", uri.Uri.OriginalString),
        _ => null,
    };

    private static Fingerprint MarkOf(ChatRole role) => Roles.TryGetValue(role, out var mark) ? mark : Mark("m", role.Value);

    private static Fingerprint Mark(string tag, string value) => Whole(hash => Add(hash, tag, value));

    private static Fingerprint Whole(Action<IncrementalHash> add)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        add(hash);
        hash.GetHashAndReset(bytes);
        return Fingerprint.OfWhole(BinaryPrimitives.ReadUInt128LittleEndian(bytes));
    }

    private static void Add(IncrementalHash hash, string tag, string value)
    {
        hash.AppendData(Encoding.UTF8.GetBytes(tag));
        hash.AppendData(Encoding.UTF8.GetBytes(value));
        hash.AppendData([0]);
    }

    private sealed class Hashed(ChatMessage message, Fingerprint contents)
    {
        private readonly int count = message.Contents.Count;
        private readonly ChatRole role = message.Role;

        public Fingerprint Contents { get; } = contents;

        public IReadOnlyList<MessageKey> Keys { get; init; } = [];

        public bool IsOf(ChatMessage message) => message.Contents.Count == count && message.Role == role;
    }
}
