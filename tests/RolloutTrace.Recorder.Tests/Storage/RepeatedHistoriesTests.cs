using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using RolloutTrace.Bundle;
using RolloutTrace.Packing;
using RolloutTrace.Wire;

namespace RolloutTrace.Recorder.Tests.Storage;

/// <summary>Requests that begin as those before them, or do not: what is recorded of them is what each would be alone.</summary>
public class RepeatedHistoriesTests
{
    private const int Threads = 3;
    private const int MaxBytes = 300_000;

    private enum Change
    {
        Grows,
        GrowsMuch,
        IsCut,
        IsAnother,
        IsEditedInTheMiddle,
        IsTheSame,
        IsSmall,
        HasHalfAPair,
        IsNoJson,
        IsNoText,
        LosesItsEnd,
    }

    [Fact]
    public void In_every_order_each_request_is_recorded_as_if_it_were_alone() =>
        Prop.ForAll(Steps().ToArbitrary(), static steps =>
        {
            HashSet<string> threadIds = [];
            using var plain = new RecorderFixture(o => o.MaxCallerWait = TimeSpan.FromMinutes(1), sharedThreadIds: threadIds);
            using var packed = new RecorderFixture(
                o =>
                {
                    o.Storage = new PackedStorage { WindowLog = 20 };
                    o.MaxCallerWait = TimeSpan.FromMinutes(1);
                },
                sharedThreadIds: threadIds);
            var documents = Record(plain, steps, packed);

            var file = Directory.GetFileSystemEntries(packed.Root).ShouldHaveSingleItem();
            var unpacked = BundleUnpacker.Unpack(file).Directory;
            foreach (var bundle in new[] { plain.Bundle, unpacked })
            {
                Requests(bundle).ShouldBe(documents.Select(Stored));
            }

            return true;
        }).ShouldHold(12, endSize: 30);

    [Fact]
    public void Callers_that_use_one_thread_at_once_lose_nothing_and_mix_nothing()
    {
        using var recorder = new RecorderFixture(o =>
        {
            o.Storage = new PackedStorage();
            o.MaxCallerWait = TimeSpan.FromMinutes(1);
        });
        var session = recorder.StartSession();
        using (var turn = session.StartTurn())
        {
            Parallel.For(0, 4, caller =>
            {
                var history = new StringBuilder($"{{\"input\":[\"{caller}\"");
                for (var n = 0; n < 60; n++)
                {
                    Ask(turn, Encoding.UTF8.GetBytes($"{history.Append($",\"{caller}.{n} {new string('x', 700)}\"")}]}}"));
                }
            });
        }

        session.Complete();
        session.Dispose();
        recorder.Provider.Dispose();

        var unpacked = BundleUnpacker.Unpack(Directory.GetFileSystemEntries(recorder.Root).ShouldHaveSingleItem()).Directory;
        var requests = Requests(unpacked);
        requests.Count.ShouldBe(240);
        foreach (var caller in Enumerable.Range(0, 4))
        {
            var own = requests.Where(request => request.StartsWith($"{{\"input\":[\"{caller}\"", StringComparison.Ordinal)).ToList();
            own.Select(request => JsonDocument.Parse(request).RootElement.GetProperty("input").GetArrayLength()).ShouldBe(Enumerable.Range(2, 60));
            own.Zip(own.Skip(1)).Count(static pair => !pair.Second.StartsWith(pair.First[..^2], StringComparison.Ordinal)).ShouldBe(0);
        }
    }

    // The caller's memory is one array, which is written over after each call.
    private static List<byte[]> Record(RecorderFixture plain, (int Thread, Change Change, int Amount)[] steps, RecorderFixture packed)
    {
        List<byte[]> documents = [];
        var session = plain.StartSession();
        var (rootTurn, children) = (session.StartTurn(), new List<AgentSession>());
        List<Turn> turns = [rootTurn];
        for (var i = 1; i < Threads; i++)
        {
            using var spawn = rootTurn.StartToolCall(new() { Name = "spawn_agent", CallId = $"call_{i}" });
            var child = session.SpawnAgent($"worker {i}", spawn);
            plain.Own(child.ThreadId);
            spawn.Complete(JsonPayload.OfJson("{}"));
            children.Add(child);
            turns.Add(child.StartTurn());
        }

        var memory = new byte[2 * MaxBytes];
        var last = Enumerable.Range(0, Threads).Select(static thread => Encoding.UTF8.GetBytes($"{{\"model\":\"{thread}\",\"input\":[0]}}")).ToArray();
        foreach (var (thread, change, amount) in steps)
        {
            var document = Next(last[thread], change, amount, out var isKept);
            last[thread] = isKept ? document : last[thread];
            documents.Add(document);
            document.CopyTo(memory, 0);
            Ask(turns[thread], memory.AsMemory(0, document.Length));
            memory.AsSpan().Fill((byte)'!');
        }

        turns.ForEach(static turn => turn.Dispose());
        children.ForEach(static child => child.Dispose());
        session.Complete();
        session.Dispose();
        plain.Provider.Dispose();
        packed.Provider.Dispose();
        return documents;
    }

    private static void Ask(Turn turn, ReadOnlyMemory<byte> json)
    {
        using var request = turn.StartModelRequest("m", json);
        request.Complete("r", new TokenUsage(1, 1), JsonPayload.OfJson("[]"));
    }

    private static byte[] Next(byte[] last, Change change, int amount, out bool isKept)
    {
        isKept = change is not (Change.IsNoJson or Change.IsNoText or Change.LosesItsEnd);
        var text = Encoding.UTF8.GetString(last)[..^2];
        return change switch
        {
            Change.Grows => Whole(text + Items(amount)),
            Change.GrowsMuch => Whole(text + Items(amount * 60)),
            Change.IsCut => Whole(text[..Math.Max(text.IndexOf('[', StringComparison.Ordinal) + 2, text.LastIndexOf(",\"", text.Length - (text.Length / (2 + (amount % 3))), StringComparison.Ordinal))]),
            Change.IsAnother => Whole("{\"model\":\"another\",\"input\":[0" + Items(amount * 20)),
            Change.IsEditedInTheMiddle => Whole(text[..(text.Length / 2)].TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9') + "7" + text[(text.Length / 2)..]),
            Change.IsTheSame => last,
            Change.IsSmall => Whole("{\"model\":\"small\",\"input\":[0"),
            Change.HasHalfAPair => Whole(text + ",\"\\ud83d " + new string('h', amount) + "\""),
            Change.IsNoJson => Encoding.UTF8.GetBytes(text + Items(amount) + ",]}}"),
            Change.IsNoText => [.. Encoding.UTF8.GetBytes(text + ",\""), 0xFF, .. "\"]}"u8],
            _ => Encoding.UTF8.GetBytes(text),
        };
    }

    private static byte[] Whole(string beginning) => Encoding.UTF8.GetBytes(beginning.Length > MaxBytes ? "{\"model\":\"begun anew\",\"input\":[0]}" : beginning + "]}");

    private static string Items(int amount)
    {
        var random = new Random(amount);
        var items = new StringBuilder();
        for (var n = 0; n < amount; n++)
        {
            items.Append(",\"").Append(random.Next(100)).Append(" word ").Append('é', random.Next(5)).Append("\\n").Append(random.Next()).Append('"');
        }

        return items.ToString();
    }

    // By the rules for one document.
    private static string Stored(byte[] document)
    {
        var mended = document.ToArray();
        try
        {
            return SoundJson.Mend(mended, out _) ? Encoding.UTF8.GetString(mended) : "marker";
        }
        catch (JsonException)
        {
            return "marker";
        }
    }

    private static List<string> Requests(string bundle)
    {
        var reader = BundleReader.Open(bundle);
        List<string> requests = [];
        foreach (var started in reader.ReadEvents().Select(static line => line.Event!.Payload).OfType<InferenceStartedEvent>())
        {
            using var payload = reader.ReadPayload(started.PayloadReferences[0]);
            var text = Encoding.UTF8.GetString(payload.Memory.Span);
            requests.Add(text.Contains("rollout_trace_error", StringComparison.Ordinal) ? "marker" : text);
        }

        return requests;
    }

    private static Gen<(int Thread, Change Change, int Amount)[]> Steps() =>
        (from thread in Gen.Frequency((4, Gen.Constant(0)), (1, Gen.Choose(1, Threads - 1)))
         from change in Gen.Frequency((6, Gen.Constant(Change.Grows)), (2, Gen.Constant(Change.GrowsMuch)), (3, Gen.Elements(Enum.GetValues<Change>())))
         from amount in Gen.Choose(1, 60)
         select (thread, change, amount)).ArrayOf();
}
