using CodingAgent.Agents;
using CodingAgent.Narration;

namespace CodingAgent.ScriptedModel;

/// <summary>
/// The user of the fixed task: has a tiny project with a failing test, asks for it to pass, and interrupts when the agent goes
/// astray.
/// </summary>
internal static class ScriptedUser
{
    public const string FirstTask = "The test of this project fails. Make it pass, and have a helper look at it.";
    public const string SecondTask = "Keep it in sh, and change as little as you can.";

    private const string Script =
        """
        #!/bin/sh
        # Turns a title into a slug: lower case, words joined by single hyphens.
        printf '%s\n' "$1" | tr ' ' '-'

        """;

    private const string Test =
        """
        #!/bin/sh
        failed=0
        check() {
            slug=$(sh ./slug.sh "$1")
            if [ "$slug" = "$2" ]; then
                echo "ok: $1"
            else
                echo "FAILED: $1: expected $2, got $slug"
                failed=1
            fi
        }
        check 'Hello World' hello-world
        check 'Two  spaces' two-spaces
        exit $failed

        """;

    public static void CreateProject(string workspace)
    {
        File.WriteAllText(Path.Join(workspace, "slug.sh"), Script.ReplaceLineEndings("\n"));
        File.WriteAllText(Path.Join(workspace, "test.sh"), Test.ReplaceLineEndings("\n"));
    }

    /// <summary>What the user asks for, one task after the other.</summary>
    public static IEnumerable<string> Tasks => [FirstTask, SecondTask];

    /// <summary>Presses Ctrl+C when the root agent has said what the user does not want to hear.</summary>
    public static void Watch(Narrator narrator, Interruption interruption)
    {
        var heard = "";
        narrator.TextArrived += (path, text) =>
        {
            if (path != AgentPath.Root || heard.EndsWith(RootScript.Temptation, StringComparison.Ordinal))
            {
                return;
            }

            heard += text;
            if (heard.EndsWith(RootScript.Temptation, StringComparison.Ordinal))
            {
                interruption.Interrupt();
            }
        };
    }
}
