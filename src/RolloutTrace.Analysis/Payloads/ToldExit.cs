using System.Globalization;
using System.Text.Json;
using RolloutTrace.Reducer;
using RolloutTrace.Wire;

namespace RolloutTrace.Analysis.Payloads;

/// <summary>
/// How a command ended, by the text that a model got of it: a head of lines such as <c>Process exited with code 1</c> or
/// <c>Exit code: 1</c>, and behind <c>Output:</c> what the command printed, which says nothing here whatever it says; or the older JSON with
/// <c>output</c> and <c>metadata.exit_code</c>. Both are Codex's.
/// </summary>
internal static class ToldExit
{
    // A head has some five short lines.
    private const int LongestHead = 1024;

    private static readonly string[] Words = ["Process exited with code ", "Exit code: "];

    /// <summary>The exit code that an operation saw, or was told in words; null where it saw no end.</summary>
    public static long? Of(TerminalOperation operation) => operation.Result is { } result ? result.ExitCode ?? In(result.Stdout)?.Code : null;

    /// <summary>The exit code and what was printed; null where the text does not tell that a command has ended.</summary>
    public static (long Code, string Printed)? In(string text) => text.StartsWith('{') ? InJson(text) : InHead(text);

    private static (long Code, string Printed)? InHead(string text)
    {
        const string Output = "Output:";
        var start = 0;
        long? code = null;
        while (start < Math.Min(text.Length, LongestHead))
        {
            var end = text.IndexOf('\n', start) is >= 0 and var found ? found : text.Length;
            var line = text.AsSpan(start, end - start).TrimEnd('\r');
            start = end + 1;
            if (line.SequenceEqual(Output))
            {
                return code is { } told ? (told, text[Math.Min(start, text.Length)..]) : null;
            }

            foreach (var words in Words)
            {
                if (line.StartsWith(words, StringComparison.Ordinal) && long.TryParse(line[words.Length..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
                {
                    code ??= number;
                }
            }
        }

        return null;
    }

    private static (long Code, string Printed)? InJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return JsonText.MemberOrNull(document.RootElement, "output") is { } printed
                && JsonText.Member(JsonText.Member(document.RootElement, "metadata"), "exit_code") is { ValueKind: JsonValueKind.Number } code && code.TryGetInt64(out var number)
                    ? (number, printed)
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
