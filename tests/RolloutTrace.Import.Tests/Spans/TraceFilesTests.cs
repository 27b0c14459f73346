using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Import.Tests.Spans;

/// <summary>Traces as the documentation of other languages' libraries describes them, one run of an agent each.</summary>
public sealed class TraceFilesTests
{
    public static TheoryData<string> Names => [.. Files.Select(static file => Path.GetFileNameWithoutExtension(file))];

    private static IEnumerable<string> Files => Directory.EnumerateFiles(Path.Join(Here(), "Traces")).Order(StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_trace_becomes_these_rollouts(string name)
    {
        using var directory = new ImportDirectory().With("trace.json", File.ReadAllBytes(Path.Join(Here(), "Traces", $"{name}.json")));
        var result = directory.Run();

        Snapshot.Match(
            string.Concat(result.Diagnostics.Select(static said => $"IMPORT {said.Code} {said.Message}\n")) + string.Join('\n', result.Rollouts.Select(static rollout => RolloutStory.Of(rollout.Bundle))),
            part: name);
    }

    [Fact]
    public void All_of_them_in_any_order_and_in_any_number_of_files_give_the_same_bundles_byte_for_byte()
    {
        var entries = Files.SelectMany(File.ReadLines).SelectMany(static line => Entries(JsonNode.Parse(line)!)).Select(static entry => entry.ToJsonString()).ToArray();
        var expected = Import(entries, files: 1);
        expected.Count.ShouldBeGreaterThan(250);

        Prop.ForAll(Gen.Shuffle(entries).Zip(Gen.Choose(1, 9)).ToArbitrary(), given =>
        {
            var files = Import(given.Item1, given.Item2);
            files.Except(expected).Concat(expected.Except(files)).ShouldBeEmpty();
        }).ShouldHold(4);
    }

    // Each span and each log record as an export of its own.
    private static IEnumerable<JsonNode> Entries(JsonNode export)
    {
        foreach (var (list, scopes, entries) in ((string, string, string)[])[("resourceSpans", "scopeSpans", "spans"), ("resourceLogs", "scopeLogs", "logRecords")])
        {
            var resources = export[list]?.AsArray() ?? [];
            foreach (var (resource, scope, entry) in resources.SelectMany(r => r![scopes]!.AsArray().SelectMany(s => s![entries]!.AsArray().Select(e => (r, s, e)))))
            {
                yield return new JsonObject
                {
                    [list] = new JsonArray(new JsonObject
                    {
                        ["resource"] = resource["resource"]!.DeepClone(),
                        [scopes] = new JsonArray(new JsonObject { ["scope"] = scope["scope"]!.DeepClone(), [entries] = new JsonArray(entry!.DeepClone()) }),
                    }),
                };
            }
        }
    }

    private static List<(string Path, string Content)> Import(IReadOnlyList<string> entries, int files)
    {
        using var directory = new ImportDirectory();
        for (var i = 0; i < files; i++)
        {
            directory.With($"{i}.jsonl", entries.Where((_, at) => at % files == i));
        }

        directory.Run();
        return [.. Directory.EnumerateFiles(directory.Output, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file => (Path.GetRelativePath(directory.Output, file), File.ReadAllText(file)))];
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
