using System.Text.Json.Nodes;
using CodingAgent.Model;
using OpenAI.Responses;
using RolloutTrace;

namespace CodingAgent.Tools.Patching;

/// <summary>Changes files of the workspace.</summary>
internal sealed class ApplyPatchTool(Workspace workspace) : Tool
{
    public override string Name => "apply_patch";

    public override ResponseTool Definition { get; } = Wire.Tool(new JsonObject
    {
        ["type"] = "custom",
        ["name"] = "apply_patch",
        ["description"] =
            """
            Changes files. The input is a patch and nothing else:
            *** Begin Patch
            *** Update File: path
            @@ a line that stands before the change, if it helps to find it
             an unchanged line
            -a line that goes
            +a line that comes
            *** Add File: path
            +each line of the new file
            *** Delete File: path
            *** End Patch
            """,
        ["format"] = new JsonObject { ["type"] = "text" },
    });

    public override async Task<ToolOutput> RunAsync(ToolCall call, ToolArguments arguments, CancellationToken cancellation)
    {
        var changes = PatchParser.Parse(arguments.Input);
        using var patch = call.StartPatch(Describe(changes));
        try
        {
            // All files are worked out before any is written, so that a patch that does not fit changes nothing.
            var writes = new List<(string Path, string? Content)>();
            foreach (var change in changes)
            {
                writes.AddRange(await WorkOutAsync(change, cancellation));
            }

            foreach (var (path, content) in writes)
            {
                await WriteAsync(path, content);
            }

            var summary = "Success. Updated the following files:\n" + string.Concat(changes.Select(c => $"{Letter(c)} {c.Path}\n"));
            patch.Complete(stdout: summary);
            return new ToolOutput(summary);
        }
        catch (Exception e)
        {
            patch.Fail(e);
            throw;
        }
    }

    private static async Task WriteAsync(string path, string? content)
    {
        if (content is null)
        {
            File.Delete(path);
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, content, CancellationToken.None);
    }

    private static char Letter(FileChange change) => change switch
    {
        AddFile => 'A',
        DeleteFile => 'D',
        _ => 'M',
    };

    private static JsonObject Describe(IEnumerable<FileChange> changes)
    {
        var description = new JsonObject();
        foreach (var change in changes)
        {
            description[change.Path] = change switch
            {
                AddFile add => new JsonObject { ["type"] = "add", ["content"] = add.Content },
                UpdateFile update => new JsonObject
                {
                    ["type"] = "update",
                    ["unified_diff"] = string.Concat(update.Hunks.Select(h => $"@@\n{string.Join('\n', h.Lines)}\n")),
                    ["move_path"] = update.MoveTo,
                },
                _ => new JsonObject { ["type"] = "delete" },
            };
        }

        return description;
    }

    private async Task<IEnumerable<(string Path, string? Content)>> WorkOutAsync(FileChange change, CancellationToken cancellation)
    {
        var path = workspace.Resolve(change.Path);
        switch (change)
        {
            case AddFile add:
                return [(path, add.Content)];
            case DeleteFile when File.Exists(path):
                return [(path, null)];
            case UpdateFile update when File.Exists(path):
                var content = HunkApplication.Apply(change.Path, await File.ReadAllTextAsync(path, cancellation), update.Hunks);
                return update.MoveTo is { } target ? [(path, null), (workspace.Resolve(target), content)] : [(path, content)];
            default:
                throw new ToolException($"There is no file {change.Path}.");
        }
    }
}
