using System.Text;
using System.Text.RegularExpressions;

namespace RolloutTrace.Viewer.Page;

/// <summary>
/// Makes one script of the page's modules. Each becomes a function that is called once, in the order of the list, and gives what it
/// exports. A module may import only what the list allows it, which stands before it there.
/// </summary>
/// <remarks>
/// It knows two forms, each at a line's start: <c>import { a, b } from './name.js';</c> and <c>export</c> before <c>function</c>,
/// <c>async function</c>, <c>class</c> or <c>const</c>. Anything else is refused.
/// </remarks>
internal static partial class ModuleLinker
{
    private const int MostMilliseconds = 10_000;

    /// <summary>Links modules.</summary>
    /// <param name="list">A line a module: its name, a colon, and the names of those that it imports. Lines that begin with # say something to people.</param>
    /// <param name="read">Gives the source of a module.</param>
    /// <exception cref="InvalidOperationException">A module has another form, or imports what it may not.</exception>
    public static string Link(string list, Func<string, string> read)
    {
        var script = new StringBuilder("'use strict';\n(() => {\n");
        var exports = new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal);
        foreach (var (name, allowed) in Parse(list))
        {
            if (allowed.FirstOrDefault(other => !exports.ContainsKey(other)) is { } later)
            {
                throw new InvalidOperationException($"{name}: {later} does not stand before it in the list");
            }

            var module = Module(name, read(name), allowed, exports);
            exports.Add(name, module.Exports);
            script.Append("const $").Append(name).Append(" = (() => {\n").Append(module.Body)
                .Append("return { ").AppendJoin(", ", module.Exports.Order(StringComparer.Ordinal)).Append(" };\n})();\n");
        }

        return script.Append("})();\n").ToString();
    }

    /// <summary>The modules of a list, in its order, each with those that it may import.</summary>
    public static IEnumerable<(string Name, IReadOnlyList<string> Imports)> Parse(string list)
    {
        foreach (var line in list.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (line[0] != '#')
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                yield return (line[..colon], line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries));
            }
        }
    }

    /// <summary>The modules that a source imports.</summary>
    public static IEnumerable<string> ImportsOf(string source) => Import().Matches(source).Select(static match => match.Groups["from"].Value);

    private static (string Body, IReadOnlySet<string> Exports) Module(
        string name, string source, IReadOnlyList<string> allowed, Dictionary<string, IReadOnlySet<string>> exports)
    {
        var own = new HashSet<string>(StringComparer.Ordinal);
        var body = Import().Replace(source, match =>
        {
            var from = match.Groups["from"].Value;
            var names = match.Groups["names"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (!allowed.Contains(from, StringComparer.Ordinal))
            {
                throw new InvalidOperationException($"{name}: imports {from}, which the list does not allow");
            }

            return names.FirstOrDefault(wanted => !exports[from].Contains(wanted)) is { } missing
                ? throw new InvalidOperationException($"{name}: {from} does not export {missing}")
                : $"const {{ {string.Join(", ", names)} }} = ${from};\n";
        });
        body = Export().Replace(body, match =>
        {
            own.Add(match.Groups["name"].Value);
            return match.Groups["what"].Value + match.Groups["name"].Value;
        });
        return Left().Match(body) is { Success: true } left
            ? throw new InvalidOperationException($"{name}: {left.Value.Trim()}: no form that is known")
            : (body, own);
    }

    [GeneratedRegex("""^import \{(?<names>[^}]*)\} from '\./(?<from>\w+)\.js';\r?\n""", RegexOptions.Multiline | RegexOptions.ExplicitCapture, MostMilliseconds)]
    private static partial Regex Import();

    [GeneratedRegex("""^export (?<what>(async function|function|class|const) )(?<name>\w+)""", RegexOptions.Multiline | RegexOptions.ExplicitCapture, MostMilliseconds)]
    private static partial Regex Export();

    [GeneratedRegex("""^\s*(import|export)\b.*$""", RegexOptions.Multiline | RegexOptions.ExplicitCapture, MostMilliseconds)]
    private static partial Regex Left();
}
