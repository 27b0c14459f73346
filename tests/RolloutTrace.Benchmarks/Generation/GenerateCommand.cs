using System.Globalization;
using RolloutTrace.Benchmarks.Generation.Shapes;

namespace RolloutTrace.Benchmarks.Generation;

/// <summary><c>generate --turns N --output DIR [--seed N] [--text-scale X] [--compact-every N] [--agents N] [--indented] [--realistic] [--history NAME]</c></summary>
internal static class GenerateCommand
{
    public const string Usage = "generate --turns N --output DIR [--seed N] [--text-scale X] [--compact-every N] [--agents N] [--indented] [--realistic] [--history NAME]";

    public static int Run(string[] args)
    {
        BundleShape? shape = null;
        HistoryShape? history = null;
        string? output = null;
        try
        {
            (shape, history, output) = Parse(args);
        }
        catch (FormatException e)
        {
            Console.Error.WriteLine(e.Message);
        }

        if (shape is null || output is null)
        {
            Console.Error.WriteLine($"usage: {Usage}");
            return 2;
        }

        var bundle = history is null ? BundleGenerator.Generate(shape, output) : Reshaped(shape, history, output);
        Console.WriteLine($"{bundle.Directory}: {bundle.PayloadCount} payloads, {bundle.PayloadBytes / 1e6:F1} MB");
        return 0;
    }

    private static (BundleShape? Shape, HistoryShape? History, string? Output) Parse(string[] args)
    {
        var shape = new BundleShape { Turns = 0 };
        HistoryShape? history = null;
        string? output = null;
        for (var i = 0; i < args.Length; i++)
        {
            string Value() => ++i < args.Length ? args[i] : throw new FormatException($"{args[i - 1]} needs a value");
            int Number() => int.Parse(Value(), CultureInfo.InvariantCulture);
            switch (args[i])
            {
                case "--turns": shape = shape with { Turns = Number() }; break;
                case "--seed": shape = shape with { Seed = Number() }; break;
                case "--compact-every": shape = shape with { CompactEvery = Number() }; break;
                case "--agents": shape = shape with { Agents = Number() }; break;
                case "--text-scale": shape = shape with { TextScale = double.Parse(Value(), CultureInfo.InvariantCulture) }; break;
                case "--history": history = Named(Value()); break;
                case "--indented": shape = shape with { Indented = true }; break;
                case "--realistic": shape = shape with { Realistic = true }; break;
                case "--output": output = Value(); break;
                default: throw new FormatException($"unknown option {args[i]}");
            }
        }

        return (shape.Turns > 0 ? shape : null, history, output);
    }

    private static HistoryShape Named(string name) =>
        HistoryShape.All.FirstOrDefault(h => h.Name == name)
        ?? throw new FormatException($"unknown history {name}; there are {string.Join(", ", HistoryShape.All.Select(static h => h.Name))}");

    private static GeneratedBundle Reshaped(BundleShape shape, HistoryShape history, string output)
    {
        using var scratch = new ScratchDirectory();
        var growing = Path.Join(scratch.FullName, "growing");
        var bundle = BundleGenerator.Generate(shape, growing);
        BundleReshaper.Copy(growing, output, history);
        return bundle with { Directory = output };
    }
}
