using System.Text.Json;
using System.Text.Json.Nodes;

namespace CodingAgent.CodeMode;

/// <summary>An agent's tools for a cell's code: a method a tool, with an object of the tool's arguments, or the text of a custom tool.</summary>
public sealed class CellTools
{
    private readonly Func<string, JsonNode?, Task<JsonNode?>> call;

    internal CellTools(Func<string, JsonNode?, Task<JsonNode?>> call) => this.call = call;

    public Task<JsonNode?> exec_command(object arguments) => CallAsync(nameof(exec_command), arguments);

    public Task<JsonNode?> write_stdin(object arguments) => CallAsync(nameof(write_stdin), arguments);

    public Task<JsonNode?> apply_patch(string patch) => CallAsync(nameof(apply_patch), patch);

    public Task<JsonNode?> spawn_agent(object arguments) => CallAsync(nameof(spawn_agent), arguments);

    public Task<JsonNode?> send_message(object arguments) => CallAsync(nameof(send_message), arguments);

    public Task<JsonNode?> followup_task(object arguments) => CallAsync(nameof(followup_task), arguments);

    public Task<JsonNode?> wait_agent(object arguments) => CallAsync(nameof(wait_agent), arguments);

    public Task<JsonNode?> close_agent(object arguments) => CallAsync(nameof(close_agent), arguments);

    private Task<JsonNode?> CallAsync(string name, object arguments) => call(name, JsonSerializer.SerializeToNode(arguments));
}
