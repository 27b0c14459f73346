using System.Text;
using System.Text.Json.Nodes;
using RolloutTrace.Analysis.Answers;

namespace RolloutTrace.Analysis.Tests.Answers;

public sealed class AnswerJsonTests
{
    [Fact]
    public void An_answer_and_a_bundle_without_one_have_the_same_members()
    {
        using var output = new MemoryStream();
        var hit = new SearchHit { Id = "t1", Part = "stdout", Line = 2, Text = "done <ü>", MatchStart = 0, MatchLength = 4 };

        AnswerJson.Write(
            output,
            new BundleAnswers<GrepAnswer>
            {
                Bundles =
                [
                    new BundleAnswer<GrepAnswer> { Bundle = "a", Diagnostics = 3, Result = new GrepAnswer { Total = 1, Hits = [hit] } },
                    new BundleAnswer<GrepAnswer> { Bundle = "b", Error = "b: there is no bundle" },
                ],
            },
            AnswerJson.Grep);

        Encoding.UTF8.GetString(output.ToArray()).ReplaceLineEndings("\n").ShouldBe("""
            {
              "answer_version": 1,
              "bundles": [
                {
                  "bundle": "a",
                  "error": null,
                  "diagnostics": 3,
                  "result": {
                    "total": 1,
                    "next_offset": null,
                    "hits": [
                      {
                        "id": "t1",
                        "part": "stdout",
                        "line": 2,
                        "text": "done <ü>",
                        "match_start": 0,
                        "match_length": 4
                      }
                    ]
                  }
                },
                {
                  "bundle": "b",
                  "error": "b: there is no bundle",
                  "diagnostics": 0,
                  "result": null
                }
              ]
            }

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void TheDeepestOutline_IsWrittenWhole()
    {
        // A session, its turn, request, cell, the cell's tool call, and below that the next session.
        const int Depth = RolloutOutline.MaxNestedSessions * 5;
        var node = Node([]);
        for (var i = 1; i < Depth; i++)
        {
            node = Node([node]);
        }

        using var output = new MemoryStream();
        var answer = new InspectAnswer
        {
            RolloutId = "r",
            Status = RolloutStanding.Completed,
            StatusEvidence = null,
            Lost = null,
            StartedAtUnixMs = 0,
            DurationMs = null,
            Agents = 0,
            Turns = 0,
            Requests = 0,
            ToolCalls = 0,
            CodeCells = 0,
            Compactions = 0,
            Usage = null,
            Nodes = [node],
        };
        var answers = new BundleAnswers<InspectAnswer> { Bundles = [new BundleAnswer<InspectAnswer> { Bundle = "b", Result = answer }] };
        AnswerJson.Write(output, answers, AnswerJson.Inspect);

        output.Position = 0;
        var json = JsonNode.Parse(output, documentOptions: new() { MaxDepth = 1000 })!["bundles"]![0]!["result"]!["nodes"]!;
        var depth = 0;
        for (; json.AsArray().Count > 0; json = json[0]!["children"]!)
        {
            depth++;
        }

        depth.ShouldBe(Depth);
    }

    private static OutlineNode Node(IReadOnlyList<OutlineNode> children) => new()
    {
        Kind = OutlineKind.Turn,
        Id = "t",
        Status = "completed",
        StartedAtUnixMs = 0,
        StartedSeq = 0,
        Children = children,
    };
}
