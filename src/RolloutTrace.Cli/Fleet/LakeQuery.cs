using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using RolloutTrace.Lake;

namespace RolloutTrace.Cli;

/// <summary>A statement for a lake: fetches what it needs if the lake is in a bucket, and runs the program with the engine.</summary>
internal sealed class LakeQuery(CommandConsole console)
{
    /// <summary>The program with the engine.</summary>
    public const string Program = "rollout-trace-query";

    private const string FromInput = "-";
    private const int Interrupted = 128 + 2;
    private const int Terminated = 128 + 15;

    public required string Lake { get; init; }

    public required string Sql { get; init; }

    public required string Format { get; init; }

    public required DateOnly? Since { get; init; }

    public required DateOnly? Until { get; init; }

    /// <summary>Asks, and gives the exit code.</summary>
    public int Run()
    {
        if (Find() is not { } program)
        {
            console.Tell($"error: {Program} is not there, which holds the engine. Install it with 'dotnet tool install --global RolloutTrace.Query'; in a checkout, 'dotnet build src/RolloutTrace.Query' makes it.");
            return ExitCodes.Failure;
        }

        if (Lake.Contains("://", StringComparison.Ordinal))
        {
            return RunOfBucketAsync(program).GetAwaiter().GetResult();
        }

        using var run = Start(program, Lake, copied: null, readsHere: false);
        run.WaitForExit();
        return run.ExitCode;
    }

    private async Task<int> RunOfBucketAsync(string program)
    {
        if (LakePlace.TryOpen(Lake, console) is not { } place)
        {
            return ExitCodes.Usage;
        }

        await using var closing = place.ConfigureAwait(false);
        using var stop = new CancellationTokenSource();
        var ended = ExitCodes.Success;
        void End(PosixSignalContext signal)
        {
            // What was fetched goes first.
            signal.Cancel = true;
            ended = signal.Signal == PosixSignal.SIGINT ? Interrupted : Terminated;
            stop.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, End);
        var lake = new RolloutLake(place.Files);
        try
        {
            if (!await lake.Files.IsThereAsync(stop.Token).ConfigureAwait(false))
            {
                console.Tell($"error: {lake.Place}: there is no lake: no object TABLE/day=DAY/NAME.parquet");
                return ExitCodes.Failure;
            }

            return await RunAsync(program, lake, stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ended;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            console.Tell($"error: {place.Words("cannot be fetched: ", e)}");
            return ExitCodes.Failure;
        }
    }

    private async Task<int> RunAsync(string program, RolloutLake lake, CancellationToken stop)
    {
        var sql = Sql == FromInput ? await Console.In.ReadToEndAsync(stop).ConfigureAwait(false) : Sql;
        var part = new LakePart { Tables = TablesOf(sql), Since = Since, Until = Until };
        using var fetched = await FetchedLake.FetchAsync(lake, part, stop).ConfigureAwait(false);
        console.Tell($"fetched {Wording.Of(fetched.Part.Files, "file")} ({Wording.Size(fetched.Part.Bytes)}) of {(part.Tables.Count == 0 ? "no table" : string.Join(", ", part.Tables))}, {Wording.Of(fetched.Part.Days, "day")}, from {lake.Place}");
        using var run = Start(program, fetched.Path, part.Tables, readsHere: Sql == FromInput);
        try
        {
            if (Sql == FromInput)
            {
                await run.StandardInput.WriteAsync(sql.AsMemory(), stop).ConfigureAwait(false);
                run.StandardInput.Close();
            }

            await run.WaitForExitAsync(stop).ConfigureAwait(false);
            return run.ExitCode;
        }
        catch (OperationCanceledException)
        {
            // It has nothing but what it reads.
            run.Kill();
            await run.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    // Whatever else a name stands for, its table is fetched. What is read without its name being there is refused by the engine.
    private static IReadOnlyCollection<string> TablesOf(string sql)
    {
        var words = string.Concat(sql.Select(static c => char.IsLetterOrDigit(c) || c == '_' ? c : ' ')).Split(' ').ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. RolloutTables.Names.Where(words.Contains)];
    }

    // It writes to where this one would.
    private Process Start(string program, string directory, IReadOnlyCollection<string>? copied, bool readsHere)
    {
        console.Out.Flush();
        string[] arguments =
        [
            directory,
            Sql,
            "--format", Format,
            .. Since is { } first ? ["--since", Text(first)] : Array.Empty<string>(),
            .. Until is { } end ? ["--until", Text(end)] : Array.Empty<string>(),
            .. copied is null ? Array.Empty<string>() : ["--copied", string.Join(',', copied)],
        ];
        return Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = readsHere })!;
    }

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    // Beside this program, in a checkout where it was built, and on the path.
    private string? Find()
    {
        var name = OperatingSystem.IsWindows() ? Program + ".exe" : Program;
        var own = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var built = own.Parent is { Parent.Parent.Parent: { } sources } configuration ? Path.Join(sources.FullName, "RolloutTrace.Query", "bin", configuration.Name, own.Name) : null;
        return new[] { own.FullName, built }.Concat((console.Environment("PATH") ?? "").Split(Path.PathSeparator))
            .Where(static directory => !string.IsNullOrEmpty(directory))
            .Select(directory => Path.Join(directory, name))
            .FirstOrDefault(File.Exists);
    }
}
