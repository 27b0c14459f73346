using System.Text;
using System.Text.Json.Nodes;

namespace RolloutTrace.Reducer.Tests.Replay;

/// <summary>One thing that is wrong with a bundle that was sound: where it is, and what of the bundle may differ for it.</summary>
/// <param name="Name">What was done and where.</param>
/// <param name="File">The file, relative to the bundle.</param>
/// <param name="Line">The line of the log, from 1; 0 for a payload.</param>
/// <param name="Item">The index of the damaged item in its list; -1 where no single item is damaged.</param>
/// <param name="Inflict">Makes of the file's bytes the damaged ones; null deletes the file.</param>
internal sealed record SingleDamage(string Name, string File, int Line, int Item, Func<byte[], byte[]?> Inflict)
{
    /// <summary>The line that nobody can read any more; null if what it says can be read.</summary>
    public string? Lost { get; init; }

    private static readonly string[] ListNames = ["input", "output_items", "input_history", "replacement_history"];
    private static readonly JsonNode?[] OddValues = [null, JsonValue.Create(5), new JsonObject(), JsonValue.Create("of_next_month")];

    /// <summary>All damages of a kind that a bundle lends itself to.</summary>
    public static IEnumerable<SingleDamage> Of(string bundle)
    {
        var payloads = new DirectoryInfo(Path.Join(bundle, "payloads"));
        foreach (var path in payloads.Exists ? payloads.GetFiles().Select(file => file.FullName).Order(StringComparer.Ordinal).ToArray() : [])
        {
            var file = Path.GetRelativePath(bundle, path);
            yield return new($"{file} is gone", file, 0, -1, static _ => null);
            yield return new($"{file} is empty", file, 0, -1, static _ => []);
            yield return new($"{file} is cut", file, 0, -1, static bytes => bytes[..(bytes.Length / 2)]);
            foreach (var damage in OfItems(file, System.IO.File.ReadAllText(path)))
            {
                yield return damage;
            }
        }

        var lines = System.IO.File.ReadAllLines(Path.Join(bundle, "trace.jsonl"));
        for (var i = 0; i < lines.Length; i++)
        {
            foreach (var damage in OfLine(lines[i], i))
            {
                yield return damage;
            }
        }
    }

    private static IEnumerable<SingleDamage> OfItems(string file, string text)
    {
        var root = Parse(text) as JsonObject;
        foreach (var list in ListNames.Where(name => root?[name] is JsonArray))
        {
            for (var i = 0; i < root![list]!.AsArray().Count; i++)
            {
                var (name, index) = (list, i);
                if (root[list]![i] is not JsonObject item)
                {
                    continue;
                }

                foreach (var member in item.Select(static member => member.Key).ToArray())
                {
                    yield return Edit($"{file} {list}[{i}] without {member}", item => item.Remove(member));
                    foreach (var odd in OddValues)
                    {
                        yield return Edit($"{file} {list}[{i}].{member} is {odd?.ToJsonString() ?? "null"}", item => item[member] = odd?.DeepClone());
                    }
                }

                SingleDamage Edit(string what, Action<JsonObject> edit) => new(what, file, 0, index, bytes =>
                {
                    var document = JsonNode.Parse(bytes)!;
                    edit(document[name]![index]!.AsObject());
                    return Encoding.UTF8.GetBytes(document.ToJsonString());
                });
            }
        }
    }

    private static IEnumerable<SingleDamage> OfLine(string line, int index)
    {
        yield return At("behind NULs", line => new string('\0', 40) + line);
        yield return At("behind a torn one", line => line[..(line.Length / 3)] + line);
        yield return At("torn", line => line[..(2 * line.Length / 3)]) with { Lost = line };
        yield return At("with a quote too much", line => line.Replace("\"payload\"", "\"pay\"load\"", StringComparison.Ordinal)) with { Lost = line };
        yield return At("with a carriage return", line => line + "\r");
        if (Parse(line) is not JsonObject root || root["payload"] is not JsonObject payload)
        {
            yield break;
        }

        yield return Edit("of a later version", static e => e["schema_version"] = 7);
        yield return Edit("with a foreign otel", static e => e["otel"] = 1);
        foreach (var member in new[] { "status", "kind", "summary", "requester" }.Where(payload.ContainsKey))
        {
            yield return Edit($"with an unknown {member}", e => e["payload"]![member] = member == "status" ? "of_next_month" : new JsonObject { ["type"] = "of_next_month" });
        }

        foreach (var member in payload.Where(static member => member.Value is JsonObject reference && reference.ContainsKey("raw_payload_id")).Select(static member => member.Key))
        {
            yield return Edit($"with an unknown kind of {member}", e => e["payload"]![member]!["kind"]!["type"] = "of_next_month");
            yield return Edit($"with back slashes in {member}", e => e["payload"]![member]!["path"] = e["payload"]![member]!["path"]!.GetValue<string>().Replace('/', '\\'));
        }

        SingleDamage Edit(string what, Action<JsonObject> edit) => At(what, line =>
        {
            var document = JsonNode.Parse(line)!.AsObject();
            edit(document);
            return document.ToJsonString();
        });

        SingleDamage At(string what, Func<string, string> edit) => new($"line {index + 1} {what}", "trace.jsonl", index + 1, -1, bytes =>
        {
            var lines = Encoding.UTF8.GetString(bytes).Split('\n');
            lines[index] = edit(lines[index]);
            return Encoding.UTF8.GetBytes(string.Join('\n', lines));
        });
    }

    private static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or ArgumentException)
        {
            return null;
        }
    }
}
