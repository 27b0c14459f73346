using System.Text.Json.Nodes;

namespace RolloutTrace.Cli.Tests;

public sealed class ListCommandTests : IDisposable
{
    private readonly TestDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void WhereThereIsRoom_EachRolloutHasALine_WithANameThatOtherCommandsTake()
    {
        directory.Copy("mixed-1001", "1");
        directory.Copy("cell-wait", "2");
        Say(directory.Place("1"), "Why does the build of the parser fail on macOS, and since when? Please look at it whole.");
        var surroundings = new Surroundings { Width = 140, Environment = { ["ROLLOUT_TRACE_ROOT"] = directory.Path } };

        var run = CommandLine.Run(surroundings, "list", directory.Path);

        var lines = run.Out.TrimEnd('\n').Split('\n')[..^2];
        lines.Length.ShouldBe(3);
        lines.ShouldAllBe(line => TerminalText.Columns(line) <= 140);
        lines.ShouldContain(line => line.Contains("Why does the build of the parser", StringComparison.Ordinal));
        foreach (var line in lines.Skip(1))
        {
            CommandLine.Run(surroundings, "inspect", line.Split(' ')[^1]).ExitCode.ShouldBe(ExitCodes.Success, line);
        }
    }

    [Fact]
    public void WhatAHarnessSaysInTheUsersPlace_IsNotTheUsersWords()
    {
        directory.Copy("mixed-1001", "1");
        Say(directory.Place("1"), "<environment_context>\n<cwd>/src</cwd>\n</environment_context>", "Fix\nit.");

        JsonNode.Parse(CommandLine.Run("list", directory.Path, "--format", "json").Out)!["bundles"]![0]!["first_user_message"]!.GetValue<string>().ShouldBe("Fix it.");
        CommandLine.Run("list", directory.Path).Out.ShouldContain("\n    Fix it.\n");
    }

    private static void Say(string bundle, params string[] messages)
    {
        var log = File.ReadLines(Path.Join(bundle, "trace.jsonl")).Select(line => JsonNode.Parse(line)!["payload"]!);
        var request = log.First(payload => payload["type"]!.GetValue<string>() == "inference_started")["request_payload"]!["path"]!.GetValue<string>();
        File.WriteAllText(
            Path.Join(bundle, request),
            new JsonObject
            {
                ["input"] = new JsonArray([.. messages.Select(message => new JsonObject
                {
                    ["type"] = "message",
                    ["role"] = "user",
                    ["content"] = new JsonArray(new JsonObject { ["type"] = "input_text", ["text"] = message }),
                })]),
            }.ToJsonString());
    }
}
