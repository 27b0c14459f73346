using System.Text.Json;

namespace RolloutTrace.Reducer.Tests.Scrubbing;

/// <summary>
/// Whether two states are the same graph with other texts: the same objects with the same members, the same numbers, and in members of one name,
/// each text of one where one text of the other is.
/// </summary>
internal sealed class SameShape
{
    private readonly Dictionary<string, string> there = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> back = new(StringComparer.Ordinal);
    private readonly List<string> differences = [];
    private readonly bool sameIds;

    private SameShape(bool sameIds) => this.sameIds = sameIds;

    /// <summary>What differs.</summary>
    /// <param name="expected">The state of the original.</param>
    /// <param name="actual">The state of the copy.</param>
    /// <param name="sameIds">Whether ids must be equal, and not only correspond.</param>
    public static IReadOnlyList<string> Differences(string expected, string actual, bool sameIds)
    {
        var shape = new SameShape(sameIds);
        using var a = JsonDocument.Parse(expected);
        using var b = JsonDocument.Parse(actual);
        shape.Compare("", a.RootElement, b.RootElement);
        return shape.differences;
    }

    private void Compare(string path, JsonElement a, JsonElement b)
    {
        if (a.ValueKind != b.ValueKind)
        {
            differences.Add($"{path}: {a} became {b}");
            return;
        }

        switch (a.ValueKind)
        {
            case JsonValueKind.Object:
                var members = a.EnumerateObject().ToArray();
                var others = b.EnumerateObject().ToArray();
                if (members.Length != others.Length)
                {
                    differences.Add($"{path}: has {members.Length} members and then {others.Length}");
                    return;
                }

                for (var i = 0; i < members.Length; i++)
                {
                    Text("", $"{path} as a name", members[i].Name, others[i].Name, sameIds);
                    Compare($"{path}/{members[i].Name}", members[i].Value, others[i].Value);
                }

                break;
            case JsonValueKind.Array:
                if (a.GetArrayLength() != b.GetArrayLength())
                {
                    differences.Add($"{path}: has {a.GetArrayLength()} entries and then {b.GetArrayLength()}");
                    return;
                }

                for (var i = 0; i < a.GetArrayLength(); i++)
                {
                    Compare($"{path}/{i}", a[i], b[i]);
                }

                break;
            case JsonValueKind.String:
                var member = path.Split('/').Last(static part => !int.TryParse(part, out _));
                if (member != "message" || !path.StartsWith("/diagnostics", StringComparison.Ordinal))
                {
                    var isId = member.EndsWith("_id", StringComparison.Ordinal) || member.EndsWith("_ids", StringComparison.Ordinal) || member is "type" or "status" or "role";
                    Text(member, path, a.GetString()!, b.GetString()!, sameIds && isId);
                }

                break;
            default:
                if (a.GetRawText() != b.GetRawText())
                {
                    differences.Add($"{path}: {a} became {b}");
                }

                break;
        }
    }

    // What is in one member an id can be content in another, and a summary of JSON is not that JSON: each member is a world of its own.
    private void Text(string member, string path, string a, string b, bool equal)
    {
        if (a == b)
        {
            return;
        }

        if (equal)
        {
            differences.Add($"{path}: {a} became {b}");
        }
        else if (!there.TryAdd(member + a, b) && there[member + a] != b)
        {
            differences.Add($"{path}: {a} became {b}, and elsewhere {there[member + a]}");
        }
        else if (!back.TryAdd(member + b, a) && back[member + b] != a)
        {
            differences.Add($"{path}: {a} became {b}, which {back[member + b]} became too");
        }
    }
}
