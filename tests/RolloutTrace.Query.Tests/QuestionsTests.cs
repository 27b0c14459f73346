using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using DuckDB.NET.Data;
using RolloutTrace.Analysis;
using RolloutTrace.Bundle;
using RolloutTrace.Lake;

namespace RolloutTrace.Query.Tests;

/// <summary>The questions that README asks of a lake: each is answered, with the columns that README shows.</summary>
public sealed partial class QuestionsTests : IAsyncLifetime
{
    private readonly string lake = Directory.CreateTempSubdirectory("rollout-trace-lake-").FullName;

    public static TheoryData<string, string> Questions
    {
        get
        {
            var questions = new TheoryData<string, string>();
            foreach (var (sql, answer) in Blocks().Where(static block => block.Answer.Length > 0))
            {
                questions.Add(sql, answer);
            }

            return questions;
        }
    }

    public async Task InitializeAsync()
    {
        foreach (var path in ConformanceCase.Names.Where(static name => !ConformanceCase.Named(name).IsRefused).Take(12).Select(static name => ConformanceCase.Named(name).Bundle).Append(FieldCase.Bundle("tokens-of-compaction/bundle")))
        {
            var bundle = BundleReader.Open(path);
            var name = BundleName.Of(bundle.Manifest);
            await new RolloutLake(lake).PutAsync(name, BundleName.DayOf(bundle.Manifest.StartedAtUnixMs), await RolloutTables.WriteAsync(OpenRollout.Open(bundle), name));
        }
    }

    public Task DisposeAsync()
    {
        Directory.Delete(lake, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public void There_are_ten() => Questions.Count.ShouldBe(10);

    [Theory]
    [MemberData(nameof(Questions))]
    public void It_is_answered_with_the_columns_that_are_shown(string sql, string answer)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        QueryProgram.Run([lake, sql, "--format", "csv"], output, error, width: 0).ShouldBe(0, error.ToString());

        output.ToString().Split("\r\n")[0].ShouldBe(string.Join(',', answer.Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)));
    }

    [Fact]
    public void An_engine_that_knows_nothing_of_lakes_reads_the_files()
    {
        var given = Blocks().Single(static block => block.Answer.Length == 0).Sql;
        var sql = given.Split('\n')[1].Replace("'lake/", $"'{lake}/", StringComparison.Ordinal);
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var rows = command.ExecuteReader();

        given.Split('\n')[0].ShouldContain("DuckDB");
        rows.Read().ShouldBeTrue();
        rows.FieldCount.ShouldBe(2);
    }

    // Each statement, with what is printed below it.
    private static IEnumerable<(string Sql, string Answer)> Blocks([CallerFilePath] string here = "")
    {
        var readme = File.ReadAllText(Path.Join(Path.GetDirectoryName(here), "../../README.md")).ReplaceLineEndings("\n");
        return Statements().Matches(readme).Select(static match => (match.Groups["sql"].Value.TrimEnd(), match.Groups["answer"].Value));
    }

    [GeneratedRegex(@"^```sql\n(?<sql>.*?)^```\n(\n```text\n(?<answer>.*?)^```)?", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Statements();
}
