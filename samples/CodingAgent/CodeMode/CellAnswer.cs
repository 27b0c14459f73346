using System.Text.Json.Nodes;

namespace CodingAgent.CodeMode;

/// <summary>What a cell says when it yields or ends.</summary>
/// <param name="CellId">The cell.</param>
/// <param name="State">Running, completed, failed or terminated.</param>
/// <param name="Output">What the code wrote since its last answer, and its error if it failed.</param>
internal sealed record CellAnswer(string CellId, string State, string Output)
{
    public const string Running = "running";
    public const string Completed = "completed";
    public const string Failed = "failed";
    public const string Terminated = "terminated";

    /// <summary>For the model.</summary>
    public string Text => $"Script {State}{(State == Running ? $" with cell ID {CellId}" : "")}\nOutput:\n{Output}";

    /// <summary>For the trace.</summary>
    public JsonObject Response => new() { ["cell_id"] = CellId, ["state"] = State, ["output"] = Output };
}
