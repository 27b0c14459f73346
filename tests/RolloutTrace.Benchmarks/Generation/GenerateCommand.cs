using System.Globalization;

namespace RolloutTrace.Benchmarks.Generation;

/// <summary><c>generate --turns N --output DIR [--seed N] [--text-scale X] [--compact-every N] [--indented]</c></summary>
internal static class GenerateCommand
{
    public const string Usage = "generate --turns N --output DIR [--seed N] [--text-scale X] [--compact-every N] [--indented]";

    public static int Run(string[] args)
    {
        BundleShape? shape = null;
        string? output = null;
        try
        {
            (shape, output) = Parse(args);
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

        var bundle = BundleGenerator.Generate(shape, output);
        Console.WriteLine($"{bundle.Directory}: {bundle.PayloadCount} payloads, {bundle.PayloadBytes / 1e6:F1} MB");
        return 0;
    }

    private static (BundleShape? Shape, string? Output) Parse(string[] args)
    {
        var shape = new BundleShape { Turns = 0 };
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
                case "--text-scale": shape = shape with { TextScale = double.Parse(Value(), CultureInfo.InvariantCulture) }; break;
                case "--indented": shape = shape with { Indented = true }; break;
                case "--output": output = Value(); break;
                default: throw new FormatException($"unknown option {args[i]}");
            }
        }

        return (shape.Turns > 0 ? shape : null, output);
    }
}
