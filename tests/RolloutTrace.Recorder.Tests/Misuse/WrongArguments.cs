using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using RolloutTrace.Bundle;

namespace RolloutTrace.Recorder.Tests.Misuse;

/// <summary>
/// Every wrong value of every type that a handle takes. An options type has one value for each wrong value of each of its members,
/// found by reflection; a type that is not known here is an error, so that nobody adds one without its wrong values.
/// </summary>
internal sealed partial class WrongArguments(Stage own, Stage other)
{
    private static readonly string Huge = new('x', 2 << 20);
    private static readonly ActivityContext Elsewhere = new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.None, isRemote: true);

    public IEnumerable<object?> Of(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return [null, .. Of(inner)];
        }

        return type switch
        {
            _ when type == typeof(string) => [null, string.Empty, " ", "\ud800", "a\udc00b", "\0", "/", "..", Huge, "🙂", "id", "id"],
            _ when type == typeof(string[]) => [null, Array.Empty<string>(), new string[] { null! }, new string[1000]],
            _ when type == typeof(IReadOnlyList<string>) => [null, Array.Empty<string>(), new string[] { null! }, new ThrowingList(), new EndlessList()],
            _ when type == typeof(bool) => [false, true],
            _ when type == typeof(int) => [int.MinValue, -1, 0, int.MaxValue],
            _ when type == typeof(long) => [long.MinValue, -1L, 0L, long.MaxValue],
            _ when type == typeof(TimeSpan) => [TimeSpan.MinValue, TimeSpan.Zero, TimeSpan.MaxValue],
            _ when type.IsEnum => [.. Enum.GetValues(type).Cast<object>(), Enum.ToObject(type, -1), Enum.ToObject(type, 99)],
            _ when type == typeof(Uri) => [null, new Uri("relative", UriKind.Relative), new Uri("", UriKind.Relative), new Uri("mailto:a@b"), new Uri("file:///a"), new Uri("http://[::1]:0/?q#f"), new Uri("urn:" + new string('a', 60_000))],
            _ when type == typeof(Exception) => [null, new Silent(), new InvalidOperationException("\ud800")],
            _ when type == typeof(TimeProvider) => [null, .. Clocks()],
            _ when type == typeof(JsonPayload) => [.. Payloads().Cast<object>()],
            _ when type == typeof(JsonElement) => [default(JsonElement), Disposed()],
            _ when type == typeof(JsonNode) => [null, JsonValue.Create("\ud800"), JsonValue.Create(Huge)],
            _ when type == typeof(byte[]) => [null, Array.Empty<byte>(), new byte[] { 0xff }, new byte[2 << 20]],
            _ when type == typeof(ReadOnlyMemory<byte>) => [default(ReadOnlyMemory<byte>), new ReadOnlyMemory<byte>([0xff])],
            _ when type == typeof(JsonTypeInfo<object>) => [null, WrongContract.Default.Object],
            _ when type == typeof(object) => [null, new()],
            _ when type == typeof(ToolInput) => [.. Inputs().Cast<object>()],
            _ when type == typeof(ToolCallKind) => [null, .. Kinds()],
            _ when type == typeof(AgentSession) => [null, own.Session, own.Ended.Session, other.Session, other.Ended.Session],
            _ when type == typeof(Turn) => [null, own.Turn, own.Ended.Turn, other.Turn, other.Ended.Turn],
            _ when type == typeof(ModelRequest) => [null, own.Request, own.Ended.Request, other.Request],
            _ when type == typeof(ToolCall) => [null, own.Tool, own.Ended.Tool, other.Tool],
            _ when type == typeof(CodeCell) => [null, own.Cell, own.Ended.Cell, other.Cell],
            _ when type == typeof(ReplayOrigin) => [null, new ReplayOrigin { TraceId = null!, RolloutId = null! }, new ReplayOrigin { TraceId = "\ud800", RolloutId = "" }, new ReplayOrigin { TraceId = Huge, RolloutId = "a/\0" }],
            _ when type == typeof(RolloutCaller) => [null, new RolloutCaller(default), new RolloutCaller(default, Huge, "\ud800", " "), new RolloutCaller(Elsewhere, "..", "/", "\0")],
            _ when type == typeof(ActivityContext) => [default(ActivityContext), Elsewhere],
            _ when type == typeof(ProcessStartInfo) => [null, new ProcessStartInfo("x"), new ProcessStartInfo { UseShellExecute = true }],
            _ when type == typeof(Action<object, string, string>) => [null, new Action<object, string, string>(static (_, _, _) => throw new InvalidOperationException()), new Action<object, string, string>(static (_, _, _) => { })],
            _ when type == typeof(Func<object, string, string>) =>
                [null, new Func<object, string, string?>(static (_, _) => throw new InvalidOperationException()), new Func<object, string, string?>(static (_, _) => null), new Func<object, string, string?>(static (_, _) => "rollout.caller=\ud800/%/%zz," + Huge)],
            _ when type == typeof(TokenUsage) => [.. Structs(type)],
            _ when type.Namespace == "RolloutTrace" && type.Name.EndsWith("Options", StringComparison.Ordinal) => [.. Structs(type)],
            _ when type == typeof(ModelResponseDetails) || type == typeof(CommandOutput) => [.. Structs(type)],
            _ => throw new InvalidOperationException($"no wrong values of {type} are known: add them here"),
        };
    }

    /// <summary>A sound value, for the parameters beside the wrong one.</summary>
    public object? Sound(Type type) => type switch
    {
        _ when type == typeof(string) => null,
        _ when type == typeof(AgentSession) => own.Session,
        _ when type == typeof(Turn) => own.Turn,
        _ when type == typeof(JsonPayload) => JsonPayload.OfJson("""{"input":[]}"""),
        _ when type == typeof(ToolCallOptions) => new ToolCallOptions { Name = "fetch" },
        _ when type == typeof(CodeCellOptions) => new CodeCellOptions { CallId = Guid.NewGuid().ToString(), Source = "x()" },
        _ when type.IsValueType => Activator.CreateInstance(type),
        _ => null,
    };

    public static JsonElement Disposed()
    {
        var document = JsonDocument.Parse("""{"a":1}""");
        var element = document.RootElement;
        document.Dispose();
        return element;
    }

    // What is no JSON, or none that can be had. What is JSON of another shape than a boundary wants is another matter: that is evidence.
    public static IEnumerable<JsonPayload> Payloads() =>
    [
        default, Disposed(), JsonPayload.OfJson("{"), JsonPayload.OfJson("{\"a\":\"\ud800\""), JsonPayload.OfJson(Huge), new byte[] { 0xff }, new byte[2 << 20], JsonPayload.From<object>(new(), null!),
        JsonPayload.From(new Throws(), WrongContract.Default.Throws), JsonPayload.From(Cyclic.New(), WrongContract.Default.Cyclic),
        JsonPayload.From(Endless(), WrongContract.Default.IEnumerableInt32), JsonPayload.From(Breaking(), WrongContract.Default.IEnumerableInt32),
        JsonPayload.From(EndlessAsync(), WrongContract.Default.IAsyncEnumerableInt32), JsonPayload.From(new Converted(), WrongContract.Default.Converted),
        JsonPayload.OfJson(new string('[', 200) + new string(']', 200)),
    ];

    private static IEnumerable<ToolInput> Inputs() =>
    [
        default, ToolInput.Custom(null!), ToolInput.Custom(Huge), ToolInput.Custom("\ud800"), ToolInput.LocalShell(null!), ToolInput.LocalShell([null!]),
        ToolInput.LocalShell(new ThrowingList()), ToolInput.LocalShell(new EndlessList()), ToolInput.LocalShell(["ls"], Huge, TimeSpan.MaxValue),
        .. Payloads().Select(p => ToolInput.Function(p)), .. Payloads().Select(p => ToolInput.ToolSearch(p)),
    ];

    private static IEnumerable<ToolCallKind> Kinds() =>
    [
        .. Enum.GetValues<ToolCallKindType>().Select(ToolCallKind.Of), ToolCallKind.Of((ToolCallKindType)99),
        ToolCallKind.ForMcp(null!, Huge), ToolCallKind.ForOther(null!), ToolCallKind.ForOther("\ud800"),
    ];

    private static IEnumerable<TimeProvider> Clocks() =>
    [
        new WrongClock(() => throw new InvalidOperationException()), new WrongClock(() => DateTimeOffset.MinValue), new WrongClock(() => DateTimeOffset.MaxValue),
        new WrongClock(() => DateTimeOffset.UnixEpoch.AddTicks(-1)), new SteppingBack(),
    ];

    private IEnumerable<object> Structs(Type type)
    {
        yield return Activator.CreateInstance(type)!;
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite))
        {
            foreach (var value in Of(property.PropertyType))
            {
                var box = Sound(type)!;
                property.SetValue(box, value);
                yield return box;
            }
        }
    }

    private static IEnumerable<int> Endless()
    {
        for (var i = 0; ; i = unchecked(i + 1))
        {
            yield return i;
        }
    }

    private static IEnumerable<int> Breaking()
    {
        yield return 1;
        throw new InvalidOperationException();
    }

    private static async IAsyncEnumerable<int> EndlessAsync()
    {
        while (true)
        {
            await Task.CompletedTask;
            yield return 1;
        }
    }

    internal sealed class Throws
    {
        private readonly string why = "it throws";

        public string Text => throw new InvalidOperationException(why);
    }

    internal sealed class Cyclic
    {
        public Cyclic? Next { get; set; }

        public static Cyclic New()
        {
            var one = new Cyclic();
            one.Next = one;
            return one;
        }
    }

    [JsonConverter(typeof(ThrowingConverter))]
    internal sealed class Converted;

    internal sealed class ThrowingConverter : JsonConverter<Converted>
    {
        public override Converted Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, Converted value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            throw new InvalidOperationException();
        }
    }

    [JsonSerializable(typeof(object))]
    [JsonSerializable(typeof(Throws))]
    [JsonSerializable(typeof(Cyclic))]
    [JsonSerializable(typeof(Converted))]
    [JsonSerializable(typeof(IEnumerable<int>))]
    [JsonSerializable(typeof(IAsyncEnumerable<int>))]
    internal sealed partial class WrongContract : JsonSerializerContext;
}
