using RolloutTrace.Analysis;
using RolloutTrace.Lake;

namespace RolloutTrace.Query.Tests;

public sealed class QueryProgramTests : IDisposable
{
    private const string Bundle = "trace-1";

    private readonly string lake = Directory.CreateTempSubdirectory("rollout-trace-lake-").FullName;

    public QueryProgramTests() => Put(turns: 2);

    public void Dispose() => Directory.Delete(lake, recursive: true);

    [Theory]
    [InlineData("SELECT count(*) AS n FROM turns", "n\r\n2\r\n")]
    [InlineData("select turn_id from turns order by 1;", "turn_id\r\nturn-1\r\nturn-2\r\n")]
    [InlineData("WITH a AS (SELECT 1 AS x) SELECT x FROM a -- no more; than this", "x\r\n1\r\n")]
    [InlineData("/* a; /* b; */ */ FROM compactions", "bundle,rollout_id,compaction_id,thread_id,turn_id,installed_at,requests,input_items,replacement_items,day\r\n")]
    [InlineData("SELECT ';' AS a, $$; drop$$ AS \"b;\"", "a,b;\r\n;,; drop\r\n")]
    [InlineData("SELECT 'a,\"b' AS x, NULL AS y", "x,y\r\n\"a,\"\"b\",\r\n")]
    [InlineData("SELECT DISTINCT day FROM rollouts", "day\r\n2026-02-02\r\n")]
    public void A_statement_that_reads_is_answered(string sql, string answer) => Ask(sql, "csv").ShouldBe((0, answer, ""));

    [Theory]
    [InlineData("started_at > TIMESTAMPTZ '2026-02-01'", 2)]
    [InlineData("started_at < TIMESTAMPTZ '2026-02-01'", 0)]
    [InlineData("started_at BETWEEN TIMESTAMPTZ '2026-02-02 02:40:00Z' AND TIMESTAMPTZ '2026-02-02 02:40:01Z'", 2)]
    [InlineData("ended_at IS NULL", 2)]
    [InlineData("day = '2026-02-02'", 2)]
    public async Task Rows_are_found_by_their_times_compacted_or_not(string where, int rows)
    {
        var sql = $"SELECT count(*) AS n FROM turns WHERE {where}";
        Ask(sql, "csv").Output.ShouldBe($"n\r\n{rows}\r\n");

        Put(turns: 1, "trace-2");
        await new RolloutLake(lake).CompactAsync();

        Ask($"{sql} AND bundle = 'trace-1'", "csv").Output.ShouldBe($"n\r\n{rows}\r\n");
    }

    [Theory]
    [InlineData("DESCRIBE turns")]
    [InlineData("SHOW TABLES")]
    [InlineData("SUMMARIZE turns")]
    [InlineData("EXPLAIN SELECT 1")]
    [InlineData("EXPLAIN ANALYZE SELECT count(*) FROM turns")]
    public void So_is_one_that_tells_of_tables(string sql) => Ask(sql, "json").Code.ShouldBe(0);

    [Theory]
    [InlineData("COPY (SELECT 1) TO '{lake}/x.csv'", "'COPY' is no statement that reads")]
    [InlineData("EXPLAIN ANALYZE COPY (SELECT 1) TO '{lake}/x.csv'", "'COPY' is no statement that reads")]
    [InlineData("EXPLAIN (ANALYZE) COPY (SELECT 1) TO '{lake}/x.csv'", "is no statement that reads")]
    [InlineData("CREATE TABLE t AS SELECT 1", "'CREATE' is no statement that reads")]
    [InlineData("DROP VIEW turns", "'DROP' is no statement that reads")]
    [InlineData("SET threads = 1", "'SET' is no statement that reads")]
    [InlineData("ATTACH '{lake}/x.db'", "'ATTACH' is no statement that reads")]
    [InlineData("INSTALL httpfs", "'INSTALL' is no statement that reads")]
    [InlineData("PRAGMA database_list", "'PRAGMA' is no statement that reads")]
    [InlineData("SELECT 1; DROP VIEW turns", "one statement is asked at a time")]
    [InlineData("SELECT 1; /* a */ SELECT 2", "one statement is asked at a time")]
    [InlineData("FROM turns; COPY turns TO '{lake}/x.csv'", "one statement is asked at a time")]
    [InlineData("", "there is no statement")]
    [InlineData("-- nothing", "there is no statement")]
    [InlineData("SELECT * FROM read_text('/etc/hostname')", "disabled by configuration")]
    [InlineData("SELECT * FROM read_csv('{lake}/../x.csv')", "disabled by configuration")]
    [InlineData("FROM '/etc/passwd'", "")]
    [InlineData("SELECT * FROM glob('/etc/*')", "disabled by configuration")]
    [InlineData("SELECT * FROM query('DROP VIEW turns')", "SELECT")]
    [InlineData("SELECT nope FROM turns", "\"nope\" not found")]
    [InlineData("SELECT 1 WHERE", "syntax error")]
    public void Anything_else_is_refused_and_changes_nothing(string sql, string reason)
    {
        var before = Files();

        var (code, output, error) = Ask(sql.Replace("{lake}", lake, StringComparison.Ordinal), "csv");

        (code, output).ShouldBe((2, ""));
        error.ShouldStartWith("error: ");
        error.ShouldContain(reason);
        Files().ShouldBe(before);
    }

    [Fact]
    public void Json_is_an_array_of_one_object_a_row() =>
        Ask("SELECT 'ä\"' AS t, 1 AS n, 1.50 AS d, true AS b, NULL AS z, [1, NULL] AS l, {'a': 'x'} AS s, DATE '2026-01-02' AS day, TIMESTAMPTZ '2026-01-02 03:04:05.678+01' AS at, 'nan'::DOUBLE AS f UNION ALL SELECT NULL, 2, NULL, false, NULL, [], NULL, NULL, NULL, NULL", "json").Output.ShouldBe("""
            [
            {"t":"ä\"","n":1,"d":1.50,"b":true,"z":null,"l":[1,null],"s":{"a":"x"},"day":"2026-01-02","at":"2026-01-02T02:04:05.678Z","f":"NaN"},
            {"t":null,"n":2,"d":null,"b":false,"z":null,"l":[],"s":null,"day":null,"at":null,"f":null}
            ]

            """);

    [Fact]
    public void A_table_is_for_people_and_does_nothing_to_their_terminal()
    {
        var (code, output, _) = Ask("SELECT 'a' || chr(27) || '[31m[b]' || chr(10) || chr(9) || 'c' AS t, 1 AS n, NULL AS z", "table");

        code.ShouldBe(0);
        output.ShouldContain("a\ufffd[31m[b]  c");
        output.ShouldContain("∅");
        output.ShouldEndWith("1 row\n");
        output.ShouldNotContain('\u001b');
    }

    [Fact]
    public async Task Compacted_rows_count_unless_the_rollout_has_its_own()
    {
        Put(turns: 1, "trace-2");
        await new RolloutLake(lake).CompactAsync();
        Ask("SELECT bundle, count(*) AS n FROM turns GROUP BY 1 ORDER BY 1", "csv").Output.ShouldBe("bundle,n\r\ntrace-1,2\r\ntrace-2,1\r\n");

        Put(turns: 4);

        Ask("SELECT bundle, count(*) AS n FROM turns GROUP BY 1 ORDER BY 1", "csv").Output.ShouldBe("bundle,n\r\ntrace-1,4\r\ntrace-2,1\r\n");
        Ask("SELECT bundle FROM rollouts ORDER BY 1", "csv").Output.ShouldBe("bundle\r\ntrace-1\r\ntrace-2\r\n");
    }

    [Fact]
    public async Task What_a_killed_compaction_has_left_does_not_count_beside_what_has_its_rows()
    {
        Put(turns: 1, "trace-2");
        await new RolloutLake(lake).CompactAsync();
        var left = Directory.EnumerateFiles(lake, "compacted.*", SearchOption.AllDirectories).ToDictionary(static path => path, File.ReadAllBytes);
        Put(turns: 3, "trace-3");
        await new RolloutLake(lake).CompactAsync();
        foreach (var (path, content) in left)
        {
            File.WriteAllBytes(path, content);
        }

        Ask("SELECT bundle, count(*) AS n FROM turns GROUP BY 1 ORDER BY 1", "csv").Output.ShouldBe("bundle,n\r\ntrace-1,2\r\ntrace-2,1\r\ntrace-3,3\r\n");
        Ask("SELECT count(*) AS n FROM rollouts", "csv", "--since", "2026-02-02").Output.ShouldBe("n\r\n3\r\n");
        var copy = Path.Join(lake, "copy");
        await new RolloutLake(lake).CopyAsync(new LakePart { Tables = ["turns"] }, copy);
        Run([copy, "SELECT count(*) AS n FROM turns", "--format", "csv", "--copied", "turns"]).Output.ShouldBe("n\r\n6\r\n");

        await new RolloutLake(lake).CompactAsync();

        Ask("SELECT count(*) AS n FROM turns", "csv").Output.ShouldBe("n\r\n6\r\n");
        Directory.EnumerateFiles(Path.Join(lake, "turns"), "*.parquet", SearchOption.AllDirectories).ShouldHaveSingleItem();
    }

    [Fact]
    public void Days_that_are_not_asked_for_do_not_count()
    {
        Put(turns: 1, "trace-2", "2026-02-03");

        Ask("SELECT bundle FROM rollouts", "csv", "--since", "2026-02-03").Output.ShouldBe("bundle\r\ntrace-2\r\n");
        Ask("SELECT bundle FROM rollouts", "csv", "--until=2026-02-03").Output.ShouldBe("bundle\r\ntrace-1\r\n");
        Ask("SELECT count(*) AS n FROM turns", "csv", "--since", "2026-02-02", "--until", "2026-02-04").Output.ShouldBe("n\r\n3\r\n");
    }

    [Fact]
    public async Task Of_a_copy_the_tables_in_it_answer_as_the_lake_does_and_the_others_refuse_to_be_read()
    {
        // Compacted rows of one that has got its own on another day.
        Put(turns: 1, "trace-2");
        await new RolloutLake(lake).CompactAsync();
        Put(turns: 4, day: "2026-02-05");
        var copy = Path.Join(lake, "copy");
        await new RolloutLake(lake).CopyAsync(new LakePart { Tables = ["turns"], Until = new DateOnly(2026, 2, 4) }, copy);

        (int Code, string Output, string Error) OfCopy(string sql) => Run([copy, sql, "--format", "csv", "--until", "2026-02-04", "--copied", "turns"]);
        const string Turns = "SELECT bundle, count(*) AS n FROM turns GROUP BY 1 ORDER BY 1";
        OfCopy(Turns).ShouldBe(Ask(Turns, "csv", "--until", "2026-02-04"));
        OfCopy(Turns).Output.ShouldBe("bundle,n\r\ntrace-2,1\r\n");
        OfCopy("SELECT column_name FROM (DESCRIBE requests) LIMIT 1").Output.ShouldBe("column_name\r\nbundle\r\n");
        foreach (var sql in new[] { "SELECT * FROM query_table('req' || 'uests')", "SELECT count(*) FROM requests", "SELECT count(*) FROM turns, requests WHERE turns.turn_id = requests.turn_id" })
        {
            var (code, _, error) = OfCopy(sql);
            code.ShouldBe(2, sql);
            error.ShouldContain("the table requests was not fetched");
        }
    }

    [Theory]
    [InlineData(new[] { "lake" }, "A lake and a statement are needed.")]
    [InlineData(new[] { "lake", "SELECT", "1" }, "is the statement in quotes?")]
    [InlineData(new[] { "lake", "SELECT 1", "--format", "xml" }, "'xml' is no format")]
    [InlineData(new[] { "lake", "SELECT 1", "--since", "1" }, "'1' is no day")]
    [InlineData(new[] { "lake", "SELECT 1", "--frmat" }, "Unrecognized option '--frmat'.")]
    public void Wrong_usage_is_told(string[] args, string reason)
    {
        using var error = new StringWriter();

        QueryProgram.Run(args, TextWriter.Null, error, width: 0).ShouldBe(64);

        error.ToString().ShouldContain(reason);
    }

    [Fact]
    public void What_is_no_lake_is_named()
    {
        using var error = new StringWriter();
        QueryProgram.Run([Path.Join(lake, "nowhere"), "SELECT 1"], TextWriter.Null, error, width: 0).ShouldBe(2);
        QueryProgram.Run([Path.Join(lake, "turns"), "SELECT 1"], TextWriter.Null, error, width: 0).ShouldBe(2);

        error.ToString().ShouldContain($"{Path.Join(lake, "nowhere")}: there is no such directory");
        error.ToString().ShouldContain($"{Path.Join(lake, "turns")}: is no lake");
    }

    private void Put(int turns, string name = Bundle, string day = "2026-02-02")
    {
        using var bundle = new TestBundle().WithTurn();
        for (var i = 2; i <= turns; i++)
        {
            bundle.Append(new RolloutTrace.Bundle.CodexTurnStartedEvent { CodexTurnId = $"turn-{i}", ThreadId = TestBundle.Root });
        }

        new RolloutLake(lake).PutAsync(name, day, RolloutTables.WriteAsync(OpenRollout.Open(bundle.Open()), name).GetAwaiter().GetResult()).GetAwaiter().GetResult();
    }

    private IReadOnlyList<string> Files() => [.. Directory.EnumerateFiles(lake, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private (int Code, string Output, string Error) Ask(string sql, string format, params string[] more) => Run([lake, sql, "--format", format, .. more]);

    private static (int Code, string Output, string Error) Run(string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = QueryProgram.Run(arguments, output, error, width: 0);
        return (code, output.ToString(), error.ToString());
    }
}
