using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using RolloutTrace.Joining.Parts;

namespace RolloutTrace.Joining.Tree;

/// <summary>
/// Finds the calls whose output is exactly what the callee said last. Texts are compared by their hashes: a payload is in memory as long as
/// it is read.
/// </summary>
internal sealed class Answers(Spool spool)
{
    private readonly Dictionary<(Part Part, string Payload), List<string>> results = [];
    private readonly Dictionary<(Part Part, string Payload), (string Hash, SpoolPlace Text)> messages = [];

    /// <summary>Looks through the calls of rollouts.</summary>
    public void Find(IReadOnlyList<RolloutGroup> joined)
    {
        var calls = joined.SelectMany(static group => group.Calls).Where(static call => call is { Tool.Result: not null, Turns.Count: > 0 }).ToList();
        var wanted = calls.SelectMany(static call => call.Turns.SelectMany(static turn => turn.Responses).Select(payload => (Part: call.Callee, Payload: payload, IsResult: false))
                .Append((Part: call.CallerPart, Payload: call.Tool!.Result!, IsResult: true)))
            .Distinct()
            .GroupBy(static entry => entry.Part);
        foreach (var part in wanted.OrderBy(static group => group.Key.TraceId, StringComparer.Ordinal))
        {
            Read(part.Key, part.ToDictionary(static entry => entry.Payload, static entry => entry.IsResult, StringComparer.Ordinal));
        }

        foreach (var call in calls)
        {
            call.Answer = AnswerOf(call);
        }
    }

    private (PartTurn Turn, string Text)? AnswerOf(PartCall call)
    {
        if (!results.TryGetValue((call.CallerPart, call.Tool!.Result!), out var outputs))
        {
            return null;
        }

        foreach (var turn in call.Turns.Reverse())
        {
            var last = turn.Responses.FindLast(payload => messages.ContainsKey((call.Callee, payload)));
            if (last is not null && messages[(call.Callee, last)] is var (hash, text) && outputs.Contains(hash, StringComparer.Ordinal))
            {
                return (turn, Encoding.UTF8.GetString(spool.Read(text)));
            }
        }

        return null;
    }

    // In the order in which they were recorded, so that a packed part is read in one pass.
    private void Read(Part part, Dictionary<string, bool> wanted)
    {
        PartPayloads.ForEach(part, spool, wanted.ContainsKey, (id, bytes) =>
        {
            try
            {
                var document = Documents.Parse(bytes);
                if (wanted[id])
                {
                    results[(part, id)] = [.. MessageTexts.OfResult(document).Select(static text => Hash(Encoding.UTF8.GetBytes(text)))];
                }
                else if (MessageTexts.OfResponse(document) is { } message)
                {
                    var text = Encoding.UTF8.GetBytes(message);
                    messages[(part, id)] = (Hash(text), spool.Add(text));
                }
            }
            catch (JsonException)
            {
                // It says nothing, and is kept as it is.
            }
        });
    }

    private static string Hash(ReadOnlySpan<byte> text) => Convert.ToHexString(SHA256.HashData(text));
}
