using FsCheck;
using FsCheck.Fluent;
using RolloutTrace.Bundle;

namespace RolloutTrace.Joining.Tests;

/// <summary>
/// Some processes: each but the first was called by one before it, or goes on from one, by ids or by a span or by both; their clocks are wrong,
/// some were killed, and all use the same ids.
/// </summary>
internal sealed record AnyProcesses(IReadOnlyList<AnyProcess> Processes, int Order)
{
    private const string Ask = """[{"type":"message","role":"user","content":[{"type":"input_text","text":"Go."}]}]""";

    public static Arbitrary<AnyProcesses> Arbitrary { get; } = (
        from count in Gen.Choose(1, 6)
        from processes in Gen.ArrayOf(AnyProcess.Gen, count)
        from order in Gen.Choose(0, 1 << 20)
        select new AnyProcesses(processes, order)).ToArbitrary();

    /// <summary>Writes the bundles; each behind the one that it needs.</summary>
    public IReadOnlyList<string> Write(string root)
    {
        var rollouts = new List<(string Id, int Tools, int Parts)>();
        var paths = new List<string>();
        for (var i = 0; i < Processes.Count; i++)
        {
            var process = Processes[i];
            var above = i == 0 ? 0 : process.Above % i;
            if (i > 0 && process.Resumes)
            {
                // It goes on in the rollout of that one.
                var rollout = rollouts.FindIndex(entry => entry.Id == RolloutOf(above));
                rollouts[rollout] = rollouts[rollout] with { Parts = rollouts[rollout].Parts + 1 };
                paths.Add(Bundle(i, rollouts[rollout].Id, caller: null, process, resumedFrom: $"recording-{above}").Write(root));
            }
            else
            {
                rollouts.Add(($"rollout-{i}", process.Tools, 1));
                paths.Add(Bundle(i, $"rollout-{i}", i == 0 ? null : CallerOf(above, process), process, resumedFrom: null).Write(root));
            }
        }

        return paths;
    }

    /// <summary>The paths in another order.</summary>
    public IReadOnlyList<string> Shuffled(IReadOnlyList<string> paths) => [.. paths.OrderBy(path => Scramble(path)).ThenBy(path => path, StringComparer.Ordinal)];

    private uint Scramble(string path) => path.Aggregate((uint)Order, static (sum, letter) => unchecked((sum * 31) + (letter * 2_654_435_761u)));

    private string RolloutOf(int index)
    {
        while (index > 0 && Processes[index].Resumes)
        {
            index = Processes[index].Above % index;
        }

        return $"rollout-{index}";
    }

    private CallerReference CallerOf(int above, AnyProcess process)
    {
        var tool = Math.Abs(process.Tool) % Processes[above].Tools;
        var span = new SpanReference { TraceId = new string('a', 32), SpanId = $"{above:x8}{tool:x8}" };
        return process.How switch
        {
            0 => new CallerReference { Otel = span },
            1 => new CallerReference { RolloutId = RolloutOf(above), ThreadId = RolloutOf(above), ToolCallId = $"call_{tool}", Otel = span },
            2 => new CallerReference { RolloutId = RolloutOf(above) },
            _ => new CallerReference { RolloutId = RolloutOf(above), ToolCallId = $"call_{tool}" },
        };
    }

    private static ProcessBundle Bundle(int index, string rollout, CallerReference? caller, AnyProcess process, string? resumedFrom)
    {
        var bundle = new ProcessBundle(rollout, process.Clock, caller, $"recording-{index}", resumedFrom).Start(process.Step, nickname: process.Nickname);
        for (var tool = 0; tool < process.Tools; tool++)
        {
            var at = process.Step * (tool + 2);
            bundle.ToolStart(at, $"call_{tool}", new SpanReference { TraceId = new string('a', 32), SpanId = $"{index:x8}{tool:x8}" });
            bundle.Request(at, $"request_{tool}", Ask, "Done.");
            if (tool < process.EndedTools)
            {
                bundle.ToolEnd(at + process.Duration, $"call_{tool}", tool % 2 == 0 ? "Done." : "Other.");
            }
        }

        return process.WasKilled ? bundle : bundle.End(process.Step * (process.Tools + 3));
    }
}
