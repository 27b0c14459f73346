using System.Text.Json.Serialization.Metadata;
using RolloutTrace.Analysis.Answers;

namespace RolloutTrace.Cli;

/// <summary>Writes answers and reports for programs to standard output.</summary>
internal static class JsonOutput
{
    public static void Write<T>(CommandConsole console, T answer, JsonTypeInfo<T> type)
    {
        console.Out.Flush();
        AnswerJson.Write(console.Output, answer, type);
    }
}
