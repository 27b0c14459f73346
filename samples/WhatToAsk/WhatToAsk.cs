using System.Reflection;

namespace RolloutTrace.Samples;

/// <summary>What every sample ends with: questions about its bundle, as commands that run as printed from where the user stands.</summary>
public static class WhatToAsk
{
    /// <summary>The lines: a heading, then each question as a comment above its command.</summary>
    /// <param name="bundle">The bundle's directory.</param>
    /// <param name="questions">Each question, and its command as words; a null among them stands for the bundle.</param>
    public static IEnumerable<string> Lines(string bundle, params IReadOnlyList<(string Question, string?[] Words)> questions)
    {
        var place = Shorter(bundle);
        var command = Command();
        yield return "What to ask now:";
        foreach (var (question, words) in questions)
        {
            yield return $"  # {question}";
            yield return $"  {command} {string.Join(' ', words.Select(word => Quoted(word ?? place)))}";
        }
    }

    /// <summary>How the command line is run here: the one that was built with the sample, else the one that is installed.</summary>
    private static string Command()
    {
        var project = Metadata("CommandProject");
        return Directory.Exists(project)
            ? $"dotnet run --no-build{(Metadata("Configuration") is "Debug" ? "" : " -c " + Metadata("Configuration"))} --project {Quoted(Shorter(project))} --"
            : "rollout-trace";
    }

    private static string Shorter(string path)
    {
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        return relative.Length < path.Length ? relative : path;
    }

    private static string Quoted(string word) => word.All(c => char.IsLetterOrDigit(c) || "-_./\\:=,".Contains(c, StringComparison.Ordinal)) ? word : $"\"{word}\"";

    private static string Metadata(string key) =>
        typeof(WhatToAsk).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
